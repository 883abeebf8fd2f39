import AMQP
import ComplianceScreeningEngine
import Contracts
import Domain
import JSON
import PartyLists
import Postgres
import Store
import WorkerRuntime

/// Screens each classified case and routes it: clear by itself, or wait for a person.
struct ScreeningHandler: StageHandler {
  let stage = Stage.complianceScreening
  let controls: Controls
  private let decoder = EventDecoder(accepting: [.caseClassified])

  init(controls: Controls) { self.controls = controls }

  struct Loaded: Sendable {
    var stored: StoredCase?
    var classification: Classification?
    var policy: PolicyStore.Active?
    var parties = TenantParties()
    var history: DutyHistory?
    var ownRules: OwnRuleBook?
    var riskModel: RiskModel?
    /// What the same product has in other markets.
    var elsewhere: [ChosenCode] = []
    var familiarity = Familiarity.unknown
    /// What the tenant has not cleared yet, of which this case is to be counted as one of the first.
    var firstOf: [FirstCases.Subject] = []
  }

  struct Effect: Sendable {
    var stored: StoredCase
    var classification: Classification
    var result: ScreeningStore.Result
    var decision: Decision?
    var firstOf: [FirstCases.Subject] = []
  }

  func decode(_ delivery: Delivery) throws(Poison) -> StageMessage { try decoder.decode(delivery) }

  func refresh(_ tx: borrowing Transaction) throws { try controls.refresh(tx) }

  func load(_ messages: [StageMessage], _ tx: borrowing Transaction) throws -> [Loaded] {
    let ids = messages.compactMap(\.caseID)
    let cases = try CaseStore.load(ids, tx)
    let classifications = try ClassificationStore.latest(ids, tx)
    let policy = try controls.policy(of: messages.first?.tenant, tx)
    let parties = try controls.lists.parties(of: messages.first?.tenant, tx)
    let ownRules = try controls.ownRules.rules(of: messages.first?.tenant, tx)
    let riskModel = try controls.riskModel(of: messages.first?.tenant, tx)
    let goods = cases.mapValues { stored in
      classifications[stored.id]?.best.map { DutyShares.Goods(market: stored.market, heading: $0.code.heading) }
    }
    let shares = try DutyShares.latest(Set(goods.values.compactMap(\.self)), tx)
    let elsewhere = try MarketMatrixStore.elsewhere(Array(cases.values), tx)
    let standings = try FirstCases.standing(Set(cases.values.flatMap(\.subjects)), tx)
    return messages.map { message in
      let id = message.caseID
      let history = id.flatMap { goods[$0] }.flatMap(\.self).flatMap { shares[$0] }
      var loaded = Loaded(
        stored: id.flatMap { cases[$0] }, classification: id.flatMap { classifications[$0] }, policy: policy,
        parties: parties, history: history.map { DutyHistory(partsPerMillion: $0) })
      loaded.ownRules = ownRules
      loaded.riskModel = riskModel
      if let stored = loaded.stored {
        loaded.elsewhere = elsewhere[stored.id] ?? []
        loaded.familiarity = stored.familiarity(standings)
        loaded.firstOf = stored.subjects.filter { standings[$0] == .new }
      }
      return loaded
    }
  }

  func decide(_ batch: [(StageMessage, Loaded)], now: Instant) async -> [Verdict<Effect>] {
    let screener = controls.screener
    return batch.map { message, loaded in
      guard let stored = loaded.stored else { return .park(.caseNotFound) }
      guard stored.state == .classified else { return .ignore("the case is \(stored.state.rawValue)") }
      guard let classification = loaded.classification else {
        return .retry("the case has no classification yet")
      }
      guard let policy = loaded.policy else { return .retry("the tenant has no policy in force") }
      return .done(
        ScreeningHandler.effect(stored, classification, policy, loaded, screener, now: now))
    }
  }

  private static func effect(
    _ stored: StoredCase, _ classification: Classification, _ policy: PolicyStore.Active, _ loaded: Loaded,
    _ screener: Screener, now: Instant
  ) -> Effect {
    let screening = screener.screen(
      stored.product, market: stored.market, classification: classification, on: now.date,
      ownLists: loaded.parties.lists, cleared: loaded.parties.cleared, duty: policy.policy.duty,
      history: loaded.history, ownRules: loaded.ownRules, elsewhere: loaded.elsewhere,
      familiarity: loaded.familiarity, riskModel: loaded.riskModel, requiredLists: policy.policy.requiredLists)
    let routing = LaneRouter(policy: policy.policy, policyVersion: policy.version)
      .route(stored.product, in: stored.market, classification, screening, familiarity: loaded.familiarity)
    let result = ScreeningStore.Result(screening: screening, routing: routing)
    guard routing.lane == .auto, let best = classification.best else {
      return Effect(
        stored: stored, classification: classification, result: result, decision: nil, firstOf: loaded.firstOf)
    }
    let decision = Decision(
      id: DerivedID.decision(stored.id, sequence: 1), caseID: stored.id, sequence: 1, kind: .autoCleared,
      code: best.code,
      reason: nil, decidedBy: .system("router"), decidedAt: now)
    return Effect(
      stored: stored, classification: classification, result: result, decision: decision, firstOf: loaded.firstOf)
  }

  func store(_ effects: [(StageMessage, Effect)], now: Instant, _ tx: borrowing Transaction) throws -> StoredEffects {
    let transitions = effects.map { _, effect in
      CaseTransition(
        effect.stored, to: effect.decision == nil ? .awaitingDecision : .decided, lane: effect.result.routing.lane,
        decisionID: effect.decision?.id)
    }
    let moved = try CaseStore.apply(transitions, at: now, tx)
    let applied = effects.filter { moved.contains($0.1.stored.id) }
    try ScreeningStore.insert(
      applied.map { ($0.1.stored.id, version: $0.1.stored.version + 1, $0.1.result) }, at: now, tx)
    try DecisionStore.insert(applied.compactMap(\.1.decision), tx)
    try FirstCases.insert(applied.flatMap { _, effect in effect.firstOf.map { ($0, effect.stored.id) } }, tx)
    try DutyShares.remember(applied.compactMap(\.1.dutyShare), tx)
    try ReviewTasks.open(applied.filter { $0.1.decision == nil }.map { $0.1.reviewTask(at: now) }, tx)
    var stored = StoredEffects()
    for (message, effect) in applied {
      stored.audit.append(effect.auditEntry(at: now))
      guard effect.decision != nil else { continue }
      let id = effect.stored.id
      let event = message.event(
        .caseDecided, subject: id.description, market: effect.stored.market, source: "/pabean/compliance-screening",
        at: now, trace: message.trace(), data: CaseReference(caseID: id).json)
      stored.messages.append(Outbox.Message(event, for: .documentGeneration, in: effect.stored.market))
    }
    return stored
  }
}

extension StoredCase {
  /// What a tenant may never have cleared before.
  fileprivate var subjects: [FirstCases.Subject] {
    [FirstCases.Subject(product.supplier), .market(market)].compactMap(\.self)
  }

  fileprivate func familiarity(_ standings: [FirstCases.Subject: FirstCases.Standing]) -> Familiarity {
    Familiarity(
      isSupplierKnown: FirstCases.Subject(product.supplier).map { standings[$0] == .known } ?? false,
      isMarketKnown: standings[.market(market)] == .known)
  }
}

extension ScreeningHandler.Effect {
  /// Of a case that was cleared at a duty that is known: what is not decided says nothing about what is usual.
  fileprivate var dutyShare: DutyShares.Share? {
    guard let code = decision?.code, let estimate = result.screening.duties.first(where: { $0.code == code }),
      let share = DutyHistory.partsPerMillion(estimate)
    else { return nil }
    return DutyShares.Share(
      goods: DutyShares.Goods(market: stored.market, heading: code.heading), partsPerMillion: share)
  }

  fileprivate func reviewTask(at now: Instant) -> ReviewTasks.Task {
    ReviewTasks.Task(
      caseID: stored.id, market: stored.market, sku: stored.product.sku, title: stored.product.title,
      lane: result.routing.lane, roles: result.routing.roles, riskScore: result.screening.riskScore,
      reason: result.routing.reasons.first?.text ?? "", openedAt: now, kinds: result.routing.reasons.map(\.kind),
      code: classification.best?.code, words: ReviewTasks.Task.words(of: stored.product))
  }

  fileprivate func auditEntry(at now: Instant) -> AuditLog.Entry {
    let cleared = decision != nil
    return AuditLog.Entry(
      subject: stored.id.value, kind: cleared ? "case.cleared-automatically" : "case.held-for-decision",
      actor: .system("router"), at: now,
      data: [
        "lane": .string(result.routing.lane.rawValue), "reasons": .list(result.routing.reasons),
        "requiresTwoPeople": .bool(result.routing.requiresTwoPeople),
        "policyVersion": .integer(result.routing.policyVersion), "packVersion": .string(result.screening.packVersion),
        "listVersions": .strings(result.screening.listVersions), "model": .string(classification.modelVersion),
        "code": decision?.code?.json ?? .null,
      ])
  }
}
