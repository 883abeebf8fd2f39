import ClassifierEngine
import Contracts
import Crypto
import Domain
import JSON
import Observability
import Postgres
import ReviewDeskEngine
import Store
import WorkerRuntime

/// One step of one case that the rules allowed. Everything it writes belongs to one transaction, and it writes nothing
/// when the case is no longer at the version that was judged.
struct CaseStep {
  let stored: StoredCase
  let file: CaseFile
  let call: Act

  func carryOut(_ ruling: Ruling, _ tx: borrowing Transaction) throws -> StepOutcome? {
    switch ruling {
    case .decide(let kind, let code, let reason): try decide(kind, code, reason, tx)
    case .opine(let kind, let code, let reason): try opine(kind, code, reason, tx)
    case .differ(let kind, let code, let reason): try differ(kind, code, reason, tx)
    case .ask(let question): try ask(question, tx)
    }
  }

  // MARK: Deciding

  private func decide(_ kind: Decision.Kind, _ code: HSCode?, _ reason: String?, _ tx: borrowing Transaction) throws
    -> StepOutcome?
  {
    let sequence = (file.decision?.sequence ?? 0) + 1
    let decision = Decision(
      id: DerivedID.decision(stored.id, sequence: sequence), caseID: stored.id, sequence: sequence, kind: kind,
      code: code, reason: reason, decidedBy: call.reviewer.actor, decidedAt: call.now, supersedes: file.decision?.id)
    guard var outcome = try move(.decidedByPerson, decision.id, tx) else { return nil }
    try DecisionStore.insert([decision], tx)
    try ReviewTasks.close([stored.id], tx)
    try CaseClaims.release(stored.id, tx)
    try CaseArrangements.forget(stored.id, tx)
    let opinions = try opinionsWith(kind, code, reason, tx)
    if let earlier = file.decision { try Precedents.withdraw(earlier.id, at: call.now, tx) }
    if let precedent = precedent(decision) { try Precedents.insert(precedent, tx) }
    outcome.decision = decision
    outcome.effects.audit = [entry("case.decided", auditData(decision, opinions))]
    outcome.effects.messages = [Outbox.Message(event(decision), for: .documentGeneration, in: stored.market)]
    return outcome
  }

  /// A rejection says that the product cannot be cleared, not that a code is wrong; unless it takes back the code that the
  /// case was cleared with.
  private func precedent(_ decision: Decision) -> StoredPrecedent? {
    guard let code = decision.code ?? file.decision?.code else { return nil }
    let outcome: StoredPrecedent.Outcome =
      switch decision.kind {
      case .rejected: .rejected
      case .overridden: .corrected
      case .approved, .autoCleared: .approved
      }
    return StoredPrecedent(
      id: decision.id, fingerprint: ProductFingerprint.of(stored.product).bytes, market: stored.market,
      title: stored.product.title, code: code, outcome: outcome, decidedAt: decision.decidedAt)
  }

  private func event(_ decision: Decision) -> CloudEvent {
    let subject = stored.id.description
    return CloudEvent(
      id: DerivedID.message(.caseDecided, subject, ordinal: decision.sequence), source: "/pabean/review-desk",
      type: .caseDecided, subject: subject, time: call.now, tenant: call.tenant, market: stored.market,
      traceparent: call.trace.traceparent, causationID: nil, data: CaseReference(caseID: stored.id).json)
  }

  /// What the person saw when deciding is part of the record.
  private func auditData(_ decision: Decision, _ opinions: [CaseOpinions.Opinion]) -> JSONValue {
    var data = JSONObject([
      ("decision", decision.id.json), ("sequence", .integer(decision.sequence)),
      ("decisionKind", .string(decision.kind.rawValue)), ("code", decision.code?.json ?? .null),
      ("caseVersion", .integer(stored.version)),
    ])
    data.set("reason", decision.reason.map { .string($0) })
    data.set("bulk", call.bulk.map { .string($0.description) })
    data.set("supersedes", decision.supersedes?.json)
    data.set("proposed", file.classification?.best?.code.json)
    data.set("model", file.classification.map { .string($0.modelVersion) })
    data.set("packVersion", file.screening.map { .string($0.packVersion) })
    if let code = decision.code { data.set("codeScreened", .bool(file.isScreened(code))) }
    data.set("codePackVersion", file.codeScreening.map { .string($0.packVersion) })
    data.set("codeFindings", file.codeScreening.map { .strings($0.findings.map(\.summary)) })
    data.set("policyVersion", file.routing.map { .integer($0.policyVersion) })
    if !opinions.isEmpty { data["opinions"] = .array(opinions.map(\.json)) }
    return .object(data)
  }

  // MARK: Second thoughts

  /// Nothing happens yet: the decision is kept until it cannot be undone any more.
  func postpone(_ request: DecisionRequest, _ tx: borrowing Transaction) throws -> StepOutcome? {
    let effectAt = call.now.adding(file.undoTime)
    let pending = PendingDecisions.Pending(
      caseID: stored.id, by: call.principal, request: request.json, traceparent: call.trace.traceparent,
      givenAt: call.now, takesEffectAt: effectAt)
    let until = call.now.adding(HandlingRules.lease)
    guard try PendingDecisions.insert(pending, tx),
      try CaseClaims.take(
        stored.id, by: call.reviewer.actor, name: call.principal.name, at: call.now, until: until, tx) != nil
    else { return nil }
    var data = JSONObject([("takesEffectAt", effectAt.json), ("caseVersion", .integer(stored.version))])
    data.set("bulk", call.bulk.map { .string($0.description) })
    var outcome = try standing(tx)
    outcome.undoUntil = effectAt
    outcome.effects.audit = [entry("case.decision-given", .object(data))]
    return outcome
  }

  /// The audit log says what was undone, unless a second person is not to know what the first thought.
  func undo(_ pending: PendingDecision, _ tx: borrowing Transaction) throws -> StepOutcome? {
    guard try PendingDecisions.remove(stored.id, tx) else { return nil }
    var data = JSONObject()
    if !file.requiresTwoPeople {
      data["action"] = .string(pending.request.action.rawValue)
      data.set("code", pending.request.code?.json)
      data.set("reason", pending.request.reason.map { .string($0) })
    }
    var outcome = try standing(tx)
    outcome.effects.audit = [entry("case.decision-undone", .object(data))]
    return outcome
  }

  // MARK: Two people

  /// The audit log shows that there is an opinion and, by its digest, that it is not changed later; not what it says.
  private func opine(_ kind: Decision.Kind, _ code: HSCode?, _ reason: String?, _ tx: borrowing Transaction) throws
    -> StepOutcome?
  {
    let opinion = opinion(kind, code, reason)
    guard try CaseOpinions.insert(opinion, sequence: 1, about: stored.id, version: stored.version, tx) else {
      return nil
    }
    try CaseClaims.release(stored.id, tx)
    var outcome = unmoved
    outcome.awaits = .secondPerson
    outcome.effects.audit = [
      entry("case.first-opinion", ["caseVersion": .integer(stored.version), "digest": .string(opinion.digest)])
    ]
    return outcome
  }

  private func differ(_ kind: Decision.Kind, _ code: HSCode?, _ reason: String?, _ tx: borrowing Transaction) throws
    -> StepOutcome?
  {
    let second = opinion(kind, code, reason)
    guard try CaseOpinions.insert(second, sequence: 2, about: stored.id, version: stored.version, tx) else {
      return nil
    }
    try CaseClaims.release(stored.id, tx)
    let words = "Two people decided this case differently."
    try CaseArrangements.escalate(stored.id, by: .system("review-desk"), reason: words, at: call.now, tx)
    var outcome = unmoved
    outcome.awaits = .complianceLead
    let opinions = try CaseOpinions.list(stored.id, version: stored.version, tx)
    outcome.effects.audit = [entry("case.opinions-differ", ["opinions": .array(opinions.map(\.json))])]
    return outcome
  }

  /// What was decided before this decision, and by whom, with the second of two opinions among them.
  private func opinionsWith(
    _ kind: Decision.Kind, _ code: HSCode?, _ reason: String?, _ tx: borrowing Transaction
  ) throws -> [CaseOpinions.Opinion] {
    let before = try CaseOpinions.list(stored.id, version: stored.version, tx)
    guard before.count == 1 else { return before }
    let second = opinion(kind, code, reason)
    guard try CaseOpinions.insert(second, sequence: 2, about: stored.id, version: stored.version, tx) else {
      throw CaseDesk.moved
    }
    return before + [second]
  }

  private func opinion(_ kind: Decision.Kind, _ code: HSCode?, _ reason: String?) -> CaseOpinions.Opinion {
    CaseOpinions.Opinion(
      person: call.reviewer.actor, kind: kind, code: code, reason: reason, salt: SecureRandom.bytes(16),
      givenAt: call.now)
  }

  // MARK: Handing on

  /// - Parameter colleague: who is named, where somebody is.
  func handOn(_ handOver: HandOver, to colleague: People.Person?, _ tx: borrowing Transaction) throws -> StepOutcome {
    var data = JSONObject()
    switch handOver {
    case .skip(let reason):
      try CaseArrangements.skip(
        stored.id, by: call.reviewer.actor, until: call.now.adding(HandlingRules.skipTime), tx)
      data["reason"] = .string(reason)
    case .snooze(let until, let reason):
      try CaseArrangements.snooze(stored.id, until: until, tx)
      data["until"] = until.json
      data.set("reason", reason.map { .string($0) })
    case .assign(_, let reason):
      guard let colleague else { throw CaseDesk.moved }
      try CaseArrangements.assign(stored.id, to: colleague.actor, name: colleague.name, tx)
      data["to"] = colleague.actor.json
      data.set("reason", reason.map { .string($0) })
    case .escalate(let reason):
      try CaseArrangements.escalate(stored.id, by: call.reviewer.actor, reason: reason, at: call.now, tx)
      data["reason"] = .string(reason)
    }
    try CaseClaims.release(stored.id, tx)
    var outcome = try standing(tx)
    outcome.effects.audit = [entry("case.\(handOver.kind.pastTense)", .object(data))]
    return outcome
  }

  func take(_ tx: borrowing Transaction) throws -> StepOutcome? {
    let until = call.now.adding(HandlingRules.lease)
    let (holder, name) = (call.reviewer.actor, call.principal.name)
    guard let claim = try CaseClaims.take(stored.id, by: holder, name: name, at: call.now, until: until, tx) else {
      return nil
    }
    var outcome = try standing(tx)
    if claim.since == call.now { outcome.effects.audit = [entry("case.claimed", ["until": claim.until.json])] }
    return outcome
  }

  func release(_ tx: borrowing Transaction) throws -> StepOutcome {
    guard let hold = file.handling.hold else { return try standing(tx) }
    try CaseClaims.release(stored.id, tx)
    var outcome = try standing(tx)
    outcome.effects.audit = [entry("case.released", ["heldBy": hold.holder.json])]
    return outcome
  }

  private func standing(_ tx: borrowing Transaction) throws -> StepOutcome {
    var outcome = unmoved
    outcome.handling = CaseHandling(
      try CaseClaims.open([stored.id], at: call.now, tx)[stored.id],
      try CaseArrangements.load([stored.id], tx)[stored.id])
    return outcome
  }

  private var unmoved: StepOutcome { StepOutcome(caseID: stored.id, state: stored.state, version: stored.version) }

  // MARK: Asking and answering

  private func ask(_ question: String, _ tx: borrowing Transaction) throws -> StepOutcome? {
    guard var outcome = try move(.informationRequested, nil, tx) else { return nil }
    try InformationRequests.ask(question, about: stored.id, by: call.reviewer.actor, at: call.now, tx)
    try CaseClaims.release(stored.id, tx)
    let reason = String("Waits for the supplier's answer: \(question)".prefix(300))
    try ReviewTasks.pause(stored.id, reason: reason, at: call.now, tx)
    outcome.effects.audit = [entry("case.information-requested", ["question": .string(question)])]
    return outcome
  }

  func takeAnswer(_ answer: String, _ tx: borrowing Transaction) throws -> StepOutcome? {
    guard var outcome = try move(.informationReceived, nil, tx) else { return nil }
    _ = try InformationRequests.answer(answer, about: stored.id, by: call.reviewer.actor, at: call.now, tx)
    let reason = String("The supplier answered: \(answer)".prefix(300))
    try ReviewTasks.resume(stored.id, reason: reason, at: call.now, tx)
    outcome.effects.audit = [entry("case.information-received", ["answer": .string(answer)])]
    return outcome
  }

  // MARK: Moving

  private func move(_ event: CaseEvent, _ decision: DecisionID?, _ tx: borrowing Transaction) throws -> StepOutcome? {
    guard let state = stored.state.after(event) else { return nil }
    let transition = CaseTransition(stored, to: state, decisionID: decision)
    guard try !CaseStore.apply([transition], at: call.now, tx).isEmpty else { return nil }
    return StepOutcome(caseID: stored.id, state: state, version: stored.version + 1)
  }

  private func entry(_ kind: String, _ data: JSONValue) -> AuditLog.Entry {
    AuditLog.Entry(subject: stored.id.value, kind: kind, actor: call.reviewer.actor, at: call.now, data: data)
  }
}

extension HandOver.Kind {
  var pastTense: String {
    switch self {
    case .skip: "skipped"
    case .snooze: "snoozed"
    case .assign: "assigned"
    case .escalate: "escalated"
    }
  }
}

extension CaseOpinions.Opinion {
  /// With the salt, without which the digest of so little could be guessed.
  var json: JSONValue {
    var object = Opinion(self).json.objectValue ?? JSONObject()
    object["salt"] = .string(Hex.encode(salt))
    return .object(object)
  }

  var digest: String { Hex.encode(SHA256.hash(json.canonicalBytes).bytes) }
}
