import ClassifierEngine
import ComplianceScreeningEngine
import Domain
import IOThread
import PartyLists
import Postgres
import ReviewDeskEngine
import Store
import WorkerRuntime

/// Decides cases once more by what is in force today, on a thread of its own: the model is built when the first one is asked
/// for, and no other request waits for it.
actor Replayer {
  private nonisolated let executor = ThreadExecutor()
  nonisolated let pool: PostgresPool
  nonisolated let controls: ControlsInForce
  private let data: DataFolder

  /// The newest that stand; a replay is one person's wish, and the workers hold more.
  private static let precedentsMax: Int64 = 20_000
  private var knowledge: Knowledge?
  private var model: ClassificationModel?
  /// The tenant's own model that was asked for last.
  private var own: (content: [UInt8], model: ClassificationModel)?
  private var catalogued: CodeCatalogue?

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(pool: PostgresPool, controls: ControlsInForce, data: DataFolder) {
    self.pool = pool
    self.controls = controls
    self.data = data
  }

  deinit { executor.stop() }

  // MARK: Replay

  /// - Returns: nil when this person has no such case.
  nonisolated func replay(_ id: CaseID, for principal: Principal, at now: Instant) async throws -> (CaseFile, Replay)? {
    let seen = try await pool.transaction(as: principal, isolation: .repeatableRead, readOnly: true) { tx in
      try Seen(id, at: now, tx)
    }
    guard let seen else { return nil }
    let classification = try await classify(seen, by: try await training(of: principal.tenant))
    let today = try await pool.transaction(as: principal.tenant, readOnly: true) { [controls] tx in
      guard let inForce = try controls.controls(of: principal.tenant, tx) else {
        throw Refusal(.conflict, "No policy is in force, so that nothing can be decided.")
      }
      return try Circumstances(seen, classification, inForce, tx)
    }
    let replayed = await decide(seen, classification, today, on: now.date)
    return (seen.file, Replay(then: seen.then, today: replayed))
  }

  /// The case as it was decided, and what the classifier would be given.
  private struct Seen: Sendable {
    var stored: StoredCase
    var file: CaseFile
    var then: Replay.Outcome
    var precedents: [Precedent]

    init?(_ id: CaseID, at now: Instant, _ tx: borrowing Transaction) throws {
      guard let (stored, file) = try CaseFileReader.read(id, at: now, tx) else { return nil }
      guard let classification = file.classification, let screening = file.screening, let routing = file.routing else {
        throw Refusal(.conflict, "The case has not been screened yet, so that there is nothing to compare with.")
      }
      (self.stored, self.file) = (stored, file)
      then = Replay.Outcome(classification: classification, screening: screening, routing: routing)
      let own = Set(file.decisions.map(\.id.value))
      precedents = try Precedents.list(source: nil, code: "", limit: Replayer.precedentsMax, tx)
        .filter { !own.contains($0.id) }
    }
  }

  /// What the tenant's own model has learnt, where one is in force.
  private nonisolated func training(of tenant: TenantID) async throws -> TenantTraining? {
    try await pool.transaction(as: tenant, readOnly: true) { tx in
      guard let number = try ClassifierModels.inForce(tx)[.champion],
        let recipe = try ClassifierModels.recipe(number, tx)
      else { return nil }
      let training = TenantTraining(lessons: try Precedents.load(recipe.precedents, tx))
      guard training.contentHash == recipe.contentHash else {
        throw Refusal(.conflict, "The model in force cannot be built from what it was recorded with.")
      }
      return training
    }
  }

  /// What the screening would be given.
  private struct Circumstances: Sendable {
    var inForce: ControlsInForce.Controls
    var history: DutyHistory?
    var elsewhere: [ChosenCode]
    var familiarity: Familiarity

    init(
      _ seen: Seen, _ classification: Classification, _ inForce: ControlsInForce.Controls, _ tx: borrowing Transaction
    ) throws {
      self.inForce = inForce
      let goods = classification.best.map { DutyShares.Goods(market: seen.stored.market, heading: $0.code.heading) }
      history = try goods.flatMap { try DutyShares.latest([$0], tx)[$0] }.map { DutyHistory(partsPerMillion: $0) }
      elsewhere = try MarketMatrixStore.elsewhere([seen.stored], tx)[seen.stored.id] ?? []
      familiarity = try FirstCases.familiarity(of: [seen.stored.id: seen.stored], tx)[seen.stored.id] ?? .unknown
    }
  }

  private func classify(_ seen: Seen, by training: TenantTraining?) throws -> Classification {
    let model = try model(with: training)
    var index = PrecedentIndex(model)
    for precedent in seen.precedents { index.add(precedent) }
    return model.classify(seen.stored.product, market: seen.stored.market, precedents: index)
  }

  private func decide(
    _ seen: Seen, _ classification: Classification, _ today: Circumstances, on date: CalendarDate
  ) -> Replay.Outcome {
    let (product, market, inForce) = (seen.stored.product, seen.stored.market, today.inForce)
    let screening = inForce.screener.screen(
      product, market: market, classification: classification, on: date, ownLists: inForce.parties.lists,
      cleared: inForce.parties.cleared, duty: inForce.policy.policy.duty, history: today.history,
      ownRules: inForce.ownRules, elsewhere: today.elsewhere, familiarity: today.familiarity,
      riskModel: inForce.riskModel, requiredLists: inForce.policy.policy.requiredLists)
    let routing = LaneRouter(policy: inForce.policy.policy, policyVersion: inForce.policy.version)
      .route(product, in: market, classification, screening, familiarity: today.familiarity)
    return Replay.Outcome(classification: classification, screening: screening, routing: routing)
  }

  // MARK: Knowledge

  func catalogue() throws -> CodeCatalogue {
    if let catalogued { return catalogued }
    let catalogue = CodeCatalogue(try loadedKnowledge())
    catalogued = catalogue
    return catalogue
  }

  private func loadedKnowledge() throws -> Knowledge {
    if let knowledge { return knowledge }
    let loaded = try Knowledge.load(directory: data.knowledge, nomenclature: data.nomenclature)
    knowledge = loaded
    return loaded
  }

  /// As the classifier would answer today: by the tenant's own model where one is in force.
  private func model(with training: TenantTraining?) throws -> ClassificationModel {
    let base = try builtModel()
    guard let training else { return base }
    let content = training.contentHash
    if let own, own.content == content { return own.model }
    let built = training.model(on: base)
    own = (content, built)
    return built
  }

  private func builtModel() throws -> ClassificationModel {
    if let model { return model }
    let built = ClassificationModel(knowledge: try loadedKnowledge())
    model = built
    return built
  }
}
