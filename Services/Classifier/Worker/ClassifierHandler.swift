import AMQP
import ClassifierEngine
import Contracts
import Domain
import JSON
import Postgres
import Store
import WorkerRuntime

/// Gives each opened case its candidates.
struct ClassifierHandler: StageHandler {
  let stage = Stage.classifier
  let model: ClassificationModel
  /// nil unless an endpoint is configured.
  let opinions: SecondOpinions?
  private let decoder = EventDecoder(accepting: [.caseOpened])

  init(model: ClassificationModel, opinions: SecondOpinions? = nil) {
    self.model = model
    self.opinions = opinions
  }

  var decidesOnce: Bool { opinions != nil }

  struct Loaded: Sendable {
    var stored: StoredCase?
    var precedents: [Precedent]
    /// Of the tenant's opinions for today.
    var opinionsLeft = 0
  }

  struct Effect: Sendable {
    var stored: StoredCase
    var classification: Classification
    var opinionCalls = 0
    var opinionTokens: Int64 = 0
  }

  func decode(_ delivery: Delivery) throws(Poison) -> StageMessage { try decoder.decode(delivery) }

  func load(_ messages: [StageMessage], _ tx: borrowing Transaction) throws -> [Loaded] {
    let cases = try CaseStore.load(messages.compactMap(\.caseID), tx)
    let fingerprints = cases.mapValues { ProductFingerprint.of($0.product) }
    let precedents = try Precedents.matching(Set(fingerprints.values).map(\.bytes), tx)
    let opinionsLeft = try opinionsLeft(tx)
    return messages.map { message in
      guard let stored = message.caseID.flatMap({ cases[$0] }), let fingerprint = fingerprints[stored.id] else {
        return Loaded(stored: nil, precedents: [])
      }
      return Loaded(
        stored: stored, precedents: (precedents[fingerprint.bytes] ?? []).map { Precedent($0, fingerprint) },
        opinionsLeft: opinionsLeft)
    }
  }

  private func opinionsLeft(_ tx: borrowing Transaction) throws -> Int {
    guard let opinions else { return 0 }
    return opinions.settings.callsPerDay - Int(try SecondOpinionUse.calls(on: SystemClock.now().date, tx))
  }

  func decide(_ batch: [(StageMessage, Loaded)], now: Instant) async -> [Verdict<Effect>] {
    let verdicts = classify(batch)
    guard let opinions, let callsLeft = batch.first?.1.opinionsLeft else { return verdicts }
    let effects = verdicts.compactMap(\.effect)
    let heard = await opinions.heard(effects.map { ($0.stored.product, $0.classification) }, callsLeft: callsLeft)
    var answers = heard[...]
    return verdicts.map { verdict in
      guard let effect = verdict.effect, let answer = answers.popFirst() else { return verdict }
      return .done(
        Effect(
          stored: effect.stored, classification: answer.classification, opinionCalls: answer.calls,
          opinionTokens: answer.tokens))
    }
  }

  private func classify(_ batch: [(StageMessage, Loaded)]) -> [Verdict<Effect>] {
    batch.map { _, loaded in
      guard let stored = loaded.stored else { return .park(.caseNotFound) }
      guard stored.state.after(.classified) != nil else { return .ignore("the case is \(stored.state.rawValue)") }
      let answer = model.classify(stored.product, market: stored.market, precedents: loaded.precedents)
      return .done(Effect(stored: stored, classification: answer))
    }
  }

  func store(_ effects: [(StageMessage, Effect)], now: Instant, _ tx: borrowing Transaction) throws -> StoredEffects {
    let moved = try CaseStore.apply(effects.map { CaseTransition($0.1.stored, to: .classified) }, at: now, tx)
    let applied = effects.filter { moved.contains($0.1.stored.id) }
    try SecondOpinionUse.add(
      calls: Int64(effects.map(\.1.opinionCalls).reduce(0, +)), tokens: effects.map(\.1.opinionTokens).reduce(0, +),
      on: now.date, tx)
    try ClassificationStore.insert(
      applied.map { ($0.1.stored.id, version: $0.1.stored.version + 1, $0.1.classification) }, at: now, tx)
    var stored = StoredEffects()
    for (message, effect) in applied {
      let id = effect.stored.id
      let event = message.event(
        .caseClassified, subject: id.description, market: effect.stored.market, source: "/pabean/classifier", at: now,
        trace: message.trace(), data: CaseReference(caseID: id).json)
      stored.messages.append(Outbox.Message(event, for: .complianceScreening, in: effect.stored.market))
      stored.audit.append(
        AuditLog.Entry(
          subject: id.value, kind: "case.classified", actor: .system("classifier"), at: now,
          data: effect.classification.auditData))
    }
    return stored
  }
}

extension Precedent {
  init(_ stored: StoredPrecedent, _ fingerprint: ProductFingerprint) {
    let outcome: Outcome =
      switch stored.outcome {
      case .approved: .approved
      case .corrected: .corrected
      case .rejected: .rejected
      }
    self.init(
      id: stored.id.description, fingerprint: fingerprint, title: stored.title, code: stored.code,
      decidedAt: stored.decidedAt, outcome: outcome, market: stored.market)
  }
}

extension Classification {
  /// Enough to see what was answered; the whole is kept with the case.
  fileprivate var auditData: JSONValue {
    [
      "model": .string(modelVersion), "code": best?.code.json ?? .null, "confidence": best?.confidence.json ?? .null,
      "tooVague": .bool(isTooVague),
    ]
  }
}
