import ComplianceScreeningEngine
import Domain
import JSON
import Observability
import PartyLists
import Postgres
import Store
import WorkerRuntime

/// Takes back the cases whose code a new tariff dropped, or gives another duty, and no others: a person decides them again.
struct TariffRescreening: Sendable {
  let pool: PostgresPool
  let controls: Controls
  let log: Log

  private static let interval = Duration.seconds(5)

  func run() async {
    await Round("screening for changed tariffs", log).run(every: TariffRescreening.interval) { try await rescreenAll() }
  }

  private func rescreenAll() async throws {
    let tenants = try await pool.transaction(readOnly: true) { tx in
      try controls.refresh(tx)
      return try AccessStore.tenants(tx).keys.sorted()
    }
    for tenant in tenants where !Task.isCancelled { try await rescreen(tenant) }
  }

  /// One market's change, and which codes it means something for.
  private struct Affected: Sendable {
    var market: Market
    var edition: String
    /// In words, by code.
    var effects: [HSCode: String]
  }

  private func rescreen(_ tenant: TenantID) async throws {
    let (generation, affected) = try await pool.transaction(as: tenant, readOnly: true) { tx in
      let done = try TariffStore.rescreened(tx) ?? 0
      let generation = try TariffStore.generation(tx)
      return (generation, done == generation ? nil : try changes(from: done, to: generation, tx))
    }
    guard let affected else { return }
    for change in affected {
      let count = try await recallAll(change, of: tenant)
      guard count > 0 else { continue }
      log.notice(
        "taken back, for the tariff changed",
        ["tenant": .string(tenant.slug), "market": .string(change.market.code), "count": .integer(count)])
    }
    guard !Task.isCancelled else { return }
    try await pool.transaction(as: tenant) { tx in
      try TariffStore.setRescreened(generation, at: SystemClock.now(), tx)
    }
  }

  private func changes(from done: Int64, to generation: Int64, _ tx: borrowing Transaction) throws -> [Affected] {
    let (before, after) = (try TariffStore.versions(upTo: done, tx), try TariffStore.versions(upTo: generation, tx))
    let markets = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }.sorted()
    let packs = markets.isEmpty ? [] : try MarketPackStore.inForce(tx)
    return try markets.map { market in
      let new = try controls.tariffs.schedule(market, version: after[market], tx)
      let difference = TariffDifference(
        from: try controls.tariffs.schedule(market, version: before[market], tx), to: new, of: market,
        beside: packs.first { $0.market == market }?.taxation.tariff ?? Tariff(), on: SystemClock.now().date)
      let codes = try TariffStore.clearedCodes(market, tx).keys
      let effects = codes.compactMap { code in difference.effect(on: code).map { (code, $0) } }
      return Affected(
        market: market, edition: new?.edition ?? "", effects: Dictionary(uniqueKeysWithValues: effects))
    }
  }

  private func recallAll(_ change: Affected, of tenant: TenantID) async throws -> Int {
    guard !change.effects.isEmpty else { return 0 }
    let codes = change.effects.keys.sorted()
    var last: CaseID?
    var count = 0
    repeat {
      let (next, recalled) = try await pool.transaction(as: tenant) { [last] tx in
        let page = try TariffStore.cleared(
          change.market, with: codes, after: last, limit: ListRescreening.pageMax, tx)
        return (page.count < ListRescreening.pageMax ? nil : page.last, try recall(page, change, of: tenant, tx))
      }
      last = next
      count += recalled
    } while last != nil && !Task.isCancelled
    return count
  }

  private func recall(
    _ ids: [CaseID], _ change: Affected, of tenant: TenantID, _ tx: borrowing Transaction
  ) throws -> Int {
    guard !ids.isEmpty, let policy = try controls.policy(of: tenant, tx) else { return 0 }
    let now = SystemClock.now()
    let cases = try CaseStore.load(ids, tx)
    let earlier = try ScreeningStore.latest(ids, tx)
    let classifications = try ClassificationStore.latest(ids, tx)
    let decisions = try DecisionStore.latest(ids, tx)
    let screening = try Screening(controls, policy, tenant, now, tx)
    let name = "tariff-\(change.market)@\(change.edition)"
    let again = ids.compactMap { id -> (StoredCase, ScreeningStore.Result)? in
      guard let stored = cases[id], let classification = classifications[id],
        let effect = decisions[id]?.code.flatMap({ change.effects[$0] }),
        // Decided by the new one already.
        earlier[id]?.screening.listVersions.contains(name) == false
      else { return nil }
      return (stored, screening.result(stored, classification, effect))
    }
    let recalled = try Recall.apply(again, because: "The tariff changed since the case was cleared.", at: now, tx)
    try AuditLog.append(
      again.filter { recalled.contains($0.0.id) }.map { stored, _ in
        AuditLog.Entry(
          subject: stored.id.value, kind: "case.recalled", actor: .system("compliance-screening"), at: now,
          data: [
            "was": .string(stored.state.rawValue), "tariff": .string(name),
            "effect": decisions[stored.id]?.code.flatMap { change.effects[$0] }.map { .string($0) } ?? .null,
          ])
      }, of: tenant, tx)
    return recalled.count
  }

  /// All that a case is screened with, as it stands now.
  private struct Screening {
    let screener: Screener
    let policy: PolicyStore.Active
    let parties: TenantParties
    let ownRules: OwnRuleBook?
    let riskModel: RiskModel?
    let now: Instant

    init(
      _ controls: Controls, _ policy: PolicyStore.Active, _ tenant: TenantID, _ now: Instant,
      _ tx: borrowing Transaction
    ) throws {
      screener = controls.screener
      self.policy = policy
      self.now = now
      parties = try controls.lists.parties(of: tenant, tx)
      ownRules = try controls.ownRules.rules(of: tenant, tx)
      riskModel = try controls.riskModel(of: tenant, tx)
    }

    func result(_ stored: StoredCase, _ classification: Classification, _ effect: String) -> ScreeningStore.Result {
      var screening = screener.screen(
        stored.product, market: stored.market, classification: classification, on: now.date,
        ownLists: parties.lists, cleared: parties.cleared, duty: policy.policy.duty, ownRules: ownRules,
        riskModel: riskModel, requiredLists: policy.policy.requiredLists)
      screening.findings.insert(Screener.tariffChanged(effect), at: 0)
      let routing = LaneRouter(policy: policy.policy, policyVersion: policy.version)
        .route(stored.product, in: stored.market, classification, screening, familiarity: .known)
      return ScreeningStore.Result(screening: screening, routing: routing)
    }
  }
}
