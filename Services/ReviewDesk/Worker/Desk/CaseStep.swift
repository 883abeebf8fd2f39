import ClassifierEngine
import Contracts
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
    if let earlier = file.decision { try Precedents.withdraw(earlier.id, at: call.now, tx) }
    if let precedent = precedent(decision) { try Precedents.insert(precedent, tx) }
    outcome.decision = decision
    outcome.effects.audit = [entry("case.decided", auditData(decision))]
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
      decisionID: decision.id, fingerprint: ProductFingerprint.of(stored.product).bytes, market: stored.market,
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
  private func auditData(_ decision: Decision) -> JSONValue {
    var data = JSONObject([
      ("decision", decision.id.json), ("sequence", .integer(decision.sequence)),
      ("decisionKind", .string(decision.kind.rawValue)), ("code", decision.code?.json ?? .null),
      ("caseVersion", .integer(stored.version)),
    ])
    data.set("reason", decision.reason.map { .string($0) })
    data.set("supersedes", decision.supersedes?.json)
    data.set("proposed", file.classification?.best?.code.json)
    data.set("model", file.classification.map { .string($0.modelVersion) })
    data.set("packVersion", file.screening.map { .string($0.packVersion) })
    if let code = decision.code { data.set("codeScreened", .bool(file.isScreened(code))) }
    data.set("codePackVersion", file.codeScreening.map { .string($0.packVersion) })
    data.set("codeFindings", file.codeScreening.map { .strings($0.findings.map(\.summary)) })
    data.set("policyVersion", file.routing.map { .integer($0.policyVersion) })
    return .object(data)
  }

  // MARK: Asking and answering

  private func ask(_ question: String, _ tx: borrowing Transaction) throws -> StepOutcome? {
    guard var outcome = try move(.informationRequested, nil, tx) else { return nil }
    try InformationRequests.ask(question, about: stored.id, by: call.reviewer.actor, at: call.now, tx)
    try requeue(because: "Waits for the supplier's answer: \(question)", tx)
    outcome.effects.audit = [entry("case.information-requested", ["question": .string(question)])]
    return outcome
  }

  func takeAnswer(_ answer: String, _ tx: borrowing Transaction) throws -> StepOutcome? {
    guard var outcome = try move(.informationReceived, nil, tx) else { return nil }
    _ = try InformationRequests.answer(answer, about: stored.id, by: call.reviewer.actor, at: call.now, tx)
    try requeue(because: "The supplier answered: \(answer)", tx)
    outcome.effects.audit = [entry("case.information-received", ["answer": .string(answer)])]
    return outcome
  }

  /// The case stays in the queue, with the age it had and a new word about why.
  private func requeue(because reason: String, _ tx: borrowing Transaction) throws {
    try ReviewTasks.close([stored.id], tx)
    let task = ReviewTasks.Task(
      caseID: stored.id, market: stored.market, sku: stored.product.sku, title: stored.product.title,
      lane: stored.lane ?? .manual, roles: file.roles, riskScore: file.screening?.riskScore ?? 0,
      reason: String(reason.prefix(300)), openedAt: stored.openedAt)
    try ReviewTasks.open([task], tx)
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
