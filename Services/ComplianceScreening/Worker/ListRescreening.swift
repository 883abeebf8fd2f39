import ComplianceScreeningEngine
import Domain
import JSON
import Observability
import PartyLists
import Postgres
import Store
import WorkerRuntime

/// Screens what waits for a person again when a list has changed, so that the person decides by the lists in force. Cases
/// before this stage meet the new lists anyway, and shipments when their documents are drawn.
struct ListRescreening: Sendable {
  let pool: PostgresPool
  let controls: Controls
  let log: Log

  private static let interval = Duration.seconds(5)
  static let pageMax = 100

  func run() async {
    while !Task.isCancelled {
      do {
        try await rescreenAll()
      } catch {
        log.warning("open cases cannot be screened again now", ["error": .string("\(error)")])
      }
      try? await Task.sleep(for: ListRescreening.interval)
    }
  }

  /// - Returns: how many cases have another screening now. Any number of workers may do this at once: a case's step applies
  ///   only to the version that was read.
  @discardableResult
  func rescreenAll() async throws -> Int {
    let tenants = try await pool.transaction(readOnly: true) { tx in
      try controls.refresh(tx)
      return try AccessStore.tenants(tx).keys.sorted()
    }
    var count = 0
    for tenant in tenants where !Task.isCancelled { count += try await rescreen(tenant) }
    return count
  }

  private func rescreen(_ tenant: TenantID) async throws -> Int {
    let (done, current) = try await pool.transaction(as: tenant, readOnly: true) { tx in
      let parties = try controls.lists.parties(of: tenant, tx)
      let current = RescreeningProgress(
        published: controls.lists.generation, own: parties.listGeneration, cleared: parties.clearanceGeneration)
      return (try RescreeningProgress.load(tx), current)
    }
    guard done != current else { return 0 }
    var last: CaseID?
    var count = 0
    repeat {
      let (next, changed) = try await pool.transaction(as: tenant) { [last] tx in
        let ids = try ReviewTasks.cases(after: last, limit: ListRescreening.pageMax, tx)
        return (ids.count < ListRescreening.pageMax ? nil : ids.last, try rescreen(ids, of: tenant, tx))
      }
      last = next
      count += changed
    } while last != nil && !Task.isCancelled
    if !Task.isCancelled {
      try await pool.transaction(as: tenant) { tx in try current.save(at: SystemClock.now(), tx) }
    }
    return count
  }

  private func rescreen(_ ids: [CaseID], of tenant: TenantID, _ tx: borrowing Transaction) throws -> Int {
    guard let policy = try controls.policy(of: tenant, tx) else { return 0 }
    let now = SystemClock.now()
    let parties = try controls.lists.parties(of: tenant, tx)
    let cases = try CaseStore.load(ids, tx)
    let screenings = try ScreeningStore.latest(ids, tx)
    let classifications = try ClassificationStore.latest(ids, tx)
    let familiarity = try FirstCases.familiarity(of: cases, tx)
    let riskModel = try controls.riskModel(of: tenant, tx)
    let screener = controls.screener
    let again = ids.compactMap { id -> (StoredCase, ScreeningStore.Result)? in
      guard let stored = cases[id], let earlier = screenings[id], let classification = classifications[id],
        let screening = screener.screenPartiesAgain(
          earlier.screening, stored.product, classification, on: now.date, ownLists: parties.lists,
          cleared: parties.cleared, riskModel: riskModel)
      else { return nil }
      let routing = LaneRouter(policy: policy.policy, policyVersion: policy.version)
        .route(
          stored.product, in: stored.market, classification, screening, familiarity: familiarity[id] ?? .unknown)
      return (stored, ScreeningStore.Result(screening: screening, routing: routing))
    }
    return try store(again, of: tenant, at: now, tx)
  }

  private func store(
    _ again: [(StoredCase, ScreeningStore.Result)], of tenant: TenantID, at now: Instant, _ tx: borrowing Transaction
  ) throws -> Int {
    let moved = try CaseStore.apply(again.map { CaseTransition($0.0, to: $0.0.state) }, at: now, tx)
    let applied = again.filter { moved.contains($0.0.id) }
    try ScreeningStore.insert(applied.map { ($0.0.id, version: $0.0.version + 1, $0.1) }, at: now, tx)
    try ReviewTasks.amend(
      applied.map { stored, result in
        ReviewTasks.Task(
          caseID: stored.id, market: stored.market, sku: stored.product.sku, title: stored.product.title,
          // A person was asked for; a list that lets go of a party does not take that back.
          lane: stored.lane ?? result.routing.lane,
          roles: result.routing.roles.isEmpty ? [.broker] : result.routing.roles,
          riskScore: result.screening.riskScore, reason: result.routing.reasons.first?.text ?? "", openedAt: now,
          kinds: result.routing.reasons.map(\.kind))
      }, tx)
    let entries = applied.map { stored, result in
      AuditLog.Entry(
        subject: stored.id.value, kind: "case.screened-again", actor: .system("compliance-screening"), at: now,
        data: [
          "listVersions": .strings(result.screening.listVersions),
          "parties": .integer(Int64(result.screening.findings.filter { $0.ruleID == "engine/denied-party" }.count)),
        ])
    }
    if !entries.isEmpty { try AuditLog.append(entries, of: tenant, tx) }
    return applied.count
  }
}
