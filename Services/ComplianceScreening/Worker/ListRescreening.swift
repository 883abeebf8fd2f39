import ComplianceScreeningEngine
import Contracts
import Crypto
import Domain
import JSON
import Observability
import PartyLists
import Postgres
import Store
import WorkerRuntime

/// Looks parties up again when a list has changed. What waits for a person is shown the lists in force; what was decided by
/// itself or by a person, and names somebody listed since, is taken back; a shipment that was documented is held. Cases before
/// this stage meet the new lists anyway, and shipments when their documents are drawn.
struct ListRescreening: Sendable {
  let pool: PostgresPool
  let controls: Controls
  let log: Log
  let alerts: Counter

  private static let interval = Duration.seconds(5)
  static let pageMax = 100
  /// For so long goods that were released may be on their way, or be asked about.
  private static let shipmentAge = Duration.seconds(90 * 86_400)
  private static let actor = Actor.system("compliance-screening")

  init(pool: PostgresPool, controls: Controls, log: Log, metrics: Metrics) {
    self.pool = pool
    self.controls = controls
    self.log = log
    alerts = metrics.counter(
      "pabean_listed_after_decision_total", "Cases and shipments taken back because a list names a party since.",
      labels: ["subject"])
  }

  func run() async {
    await Round("screening for changed lists", log).run(every: ListRescreening.interval) { _ = try await rescreenAll() }
  }

  /// - Returns: how many cases and shipments have changed. Any number of workers may do this at once: a case's step applies
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
    let waiting = try await eachPage(of: tenant, { try ReviewTasks.cases(after: $0, limit: $1, $2) }) { ids, tx in
      try rescreenWaiting(ids, of: tenant, tx)
    }
    let cleared = try await eachPage(of: tenant, { try CaseStore.cleared(after: $0, limit: $1, $2) }) { ids, tx in
      try recallListed(ids, of: tenant, tx)
    }
    let held = try await holdShipments(of: tenant)
    tell(of: tenant, "case", cleared)
    tell(of: tenant, "shipment", held)
    if !Task.isCancelled {
      try await pool.transaction(as: tenant) { tx in try finish(done, current, of: tenant, tx) }
    }
    return waiting + cleared + held
  }

  private func tell(of tenant: TenantID, _ subject: String, _ count: Int) {
    guard count > 0 else { return }
    alerts.increment(subject, by: Double(count))
    log.warning(
      "taken back, for a list names a party since",
      ["tenant": .string(tenant.slug), "subject": .string(subject), "count": .integer(count)])
  }

  private func eachPage(
    of tenant: TenantID, _ page: @Sendable (CaseID?, Int, borrowing Transaction) throws -> [CaseID],
    _ work: @Sendable ([CaseID], borrowing Transaction) throws -> Int
  ) async throws -> Int {
    var last: CaseID?
    var count = 0
    repeat {
      let (next, changed) = try await pool.transaction(as: tenant) { [last] tx in
        let ids = try page(last, ListRescreening.pageMax, tx)
        return (ids.count < ListRescreening.pageMax ? nil : ids.last, try work(ids, tx))
      }
      last = next
      count += changed
    } while last != nil && !Task.isCancelled
    return count
  }

  /// The tenant's record tells which lists changed, once, and the shipments that waited for a list go on.
  private func finish(
    _ done: RescreeningProgress?, _ current: RescreeningProgress, of tenant: TenantID, _ tx: borrowing Transaction
  ) throws {
    let now = SystemClock.now()
    guard try RescreeningProgress.load(tx) == done else { return }
    try current.save(at: now, tx)
    let changes = try PartyListStore.changes(after: done?.published ?? 0, upTo: current.published, tx)
    let released = try HeldShipments(controls.lists).releaseWaitingForLists(of: tenant, at: now, tx)
    _ = try Outbox.append(released.messages, at: now, tx)
    try AuditLog.append(
      changes.map { $0.auditEntry(of: tenant) }
        + released.shipments.map {
          AuditLog.Entry(subject: $0.value, kind: "shipment.ready", actor: ListRescreening.actor, at: now)
        }, of: tenant, tx)
  }

  // MARK: Cases

  private typealias Rescreened = (StoredCase, ScreeningStore.Result)

  private func screenings(
    _ ids: [CaseID], of tenant: TenantID, _ tx: borrowing Transaction,
    _ screen: (Screening, StoredCase, Classification, TenantParties, Policy, RiskModel?) -> Screening?
  ) throws -> [Rescreened] {
    guard !ids.isEmpty, let policy = try controls.policy(of: tenant, tx) else { return [] }
    let parties = try controls.lists.parties(of: tenant, tx)
    let cases = try CaseStore.load(ids, tx)
    let screenings = try ScreeningStore.latest(ids, tx)
    let classifications = try ClassificationStore.latest(ids, tx)
    let familiarity = try FirstCases.familiarity(of: cases, tx)
    let riskModel = try controls.riskModel(of: tenant, tx)
    let router = LaneRouter(policy: policy.policy, policyVersion: policy.version)
    return ids.compactMap { id in
      guard let stored = cases[id], let earlier = screenings[id], let classification = classifications[id],
        let screening = screen(earlier.screening, stored, classification, parties, policy.policy, riskModel)
      else { return nil }
      let routing = router.route(
        stored.product, in: stored.market, classification, screening, familiarity: familiarity[id] ?? .unknown)
      return (stored, ScreeningStore.Result(screening: screening, routing: routing))
    }
  }

  private func rescreenWaiting(_ ids: [CaseID], of tenant: TenantID, _ tx: borrowing Transaction) throws -> Int {
    let now = SystemClock.now()
    let screener = controls.screener
    let again = try screenings(ids, of: tenant, tx) { earlier, stored, classification, parties, policy, model in
      screener.screenPartiesAgain(
        earlier, stored.product, classification, on: now.date, ownLists: parties.lists, cleared: parties.cleared,
        requiredLists: policy.requiredLists, riskModel: model)
    }
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
    try AuditLog.append(
      applied.map { ListRescreening.entry("case.screened-again", $0, at: now) }, of: tenant, tx)
    return applied.count
  }

  private func recallListed(_ ids: [CaseID], of tenant: TenantID, _ tx: borrowing Transaction) throws -> Int {
    let now = SystemClock.now()
    let screener = controls.screener
    let listed = try screenings(ids, of: tenant, tx) { earlier, stored, classification, parties, policy, model in
      screener.screenForNewlyListed(
        earlier, stored.product, classification, on: now.date, ownLists: parties.lists, cleared: parties.cleared,
        requiredLists: policy.requiredLists, riskModel: model)
    }
    guard !listed.isEmpty else { return 0 }
    let recalled = try Recall.apply(
      listed, because: "A list names a party of this product since it was cleared.", at: now, tx)
    let applied = listed.filter { recalled.contains($0.0.id) }
    try AuditLog.append(
      applied.map { ListRescreening.entry("case.recalled", $0, at: now) }, of: tenant, tx)
    return applied.count
  }

  private static func entry(_ kind: String, _ rescreened: Rescreened, at now: Instant) -> AuditLog.Entry {
    let screening = rescreened.1.screening
    return AuditLog.Entry(
      subject: rescreened.0.id.value, kind: kind, actor: actor, at: now,
      data: [
        "was": .string(rescreened.0.state.rawValue), "listVersions": .strings(screening.listVersions),
        "parties": .strings(screening.findings.filter { $0.ruleID == "engine/denied-party" }.map(\.summary)),
      ])
  }

  // MARK: Shipments

  private func holdShipments(of tenant: TenantID) async throws -> Int {
    var last: ShipmentID?
    var count = 0
    repeat {
      let (next, held) = try await pool.transaction(as: tenant) { [last] tx in
        let now = SystemClock.now()
        let page = try ShipmentStore.documented(
          after: last, releasedSince: now.adding(.zero - ListRescreening.shipmentAge), limit: ListRescreening.pageMax,
          tx)
        return (page.count < ListRescreening.pageMax ? nil : page.last?.id, try hold(page, of: tenant, at: now, tx))
      }
      last = next
      count += held
    } while last != nil && !Task.isCancelled
    return count
  }

  /// The ERP is told, and with it whoever can still stop the goods.
  private func hold(
    _ shipments: [StoredShipment], of tenant: TenantID, at now: Instant, _ tx: borrowing Transaction
  ) throws -> Int {
    let parties = try controls.lists.parties(of: tenant, tx)
    var entries: [AuditLog.Entry] = []
    var messages: [Outbox.Message] = []
    for stored in shipments {
      let findings = controls.lists.listedParties(stored.shipment, parties, on: now.date)
      guard let worst = findings.first(where: \.blocksClearance) else { continue }
      let reason = "\(worst.observed.first?.field ?? "/"): \(worst.summary)"
      let moved = try ShipmentStore.move([stored.id], from: stored.state, to: .held, because: reason, at: now, tx)
      guard !moved.isEmpty else { continue }
      messages.append(stored.heldMessage(of: tenant, at: now))
      entries.append(
        AuditLog.Entry(
          subject: stored.id.value, kind: "shipment.listed-after-documents", actor: ListRescreening.actor, at: now,
          data: ["was": .string(stored.state.rawValue), "reason": .string(reason)]))
    }
    guard !entries.isEmpty else { return 0 }
    try DeliveryStore.withdraw(entries.map(\.subject), tx)
    _ = try Outbox.append(messages, at: now, tx)
    try AuditLog.append(entries, of: tenant, tx)
    return entries.count
  }
}

extension PartyListStore.Change {
  fileprivate func auditEntry(of tenant: TenantID) -> AuditLog.Entry {
    var data = JSONObject([("list", .string(list)), ("version", version.map { .string($0) } ?? .null)])
    data.set("reason", reason.map { .string($0) })
    data.set("difference", difference)
    return AuditLog.Entry(
      subject: UniqueID(digest: SHA256.hash("\(tenant) list \(list)").bytes),
      kind: version == nil ? "list.retired" : "list.activated", actor: activatedBy, at: activatedAt,
      data: .object(data))
  }
}

extension StoredShipment {
  fileprivate func heldMessage(of tenant: TenantID, at now: Instant) -> Outbox.Message {
    let event = CloudEvent(
      id: DerivedID.message(.shipmentHeld, id.description, ordinal: now.microseconds),
      source: "/pabean/compliance-screening", type: .shipmentHeld, subject: id.description, time: now, tenant: tenant,
      market: shipment.market, traceparent: nil, causationID: nil, data: ShipmentReference(shipmentID: id).json)
    return Outbox.Message(event, for: .writeback, in: shipment.market)
  }
}
