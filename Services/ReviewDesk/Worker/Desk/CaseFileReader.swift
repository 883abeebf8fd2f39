import Crypto
import Domain
import JSON
import Postgres
import ReviewDeskEngine
import Store

/// Gathers a case's file within the tenant that the transaction has entered. Another tenant's case is not there.
enum CaseFileReader {
  static func read(_ id: CaseID, at now: Instant, _ tx: borrowing Transaction) throws -> (
    stored: StoredCase, file: CaseFile
  )? {
    guard let stored = try CaseStore.load([id], tx)[id] else { return nil }
    var file = CaseFile(
      id: id, revision: stored.revision, product: stored.product, market: stored.market, state: stored.state,
      version: stored.version, openedAt: stored.openedAt)
    file.classification = try ClassificationStore.latest([id], tx)[id]
    let result = try ScreeningStore.latest([id], tx)[id]
    file.screening = result?.screening
    file.routing = result?.routing
    file.decisions = try DecisionStore.history(id, tx)
    file.questions = try InformationRequests.list(id, tx).map { SupplierQuestion($0) }
    if let policy = try PolicyStore.active(tx)?.policy {
      file.suggestAt = policy.settings(for: stored.market).suggestAt
      file.undoTime = .seconds(policy.review.undoSeconds)
    }
    file.clock = try ReviewTasks.clock(of: id, tx).map { ReviewClock(dueAt: $0.dueAt, pausedAt: $0.pausedAt) }
    file.pending = try PendingDecisions.find([id], tx)[id].map { try PendingDecision($0) }
    if let version = file.routing?.policyVersion {
      file.triggers = try PolicyStore.load(version: version, tx)?.triggers ?? []
    }
    file.handling = CaseHandling(
      try CaseClaims.open([id], at: now, tx)[id], try CaseArrangements.load([id], tx)[id])
    file.opinions = try CaseOpinions.list(id, version: stored.version, tx).map { Opinion($0) }
    return (stored, file)
  }

  /// With what was made of the case, which no decision rests on.
  static func readWhole(_ id: CaseID, at now: Instant, _ tx: borrowing Transaction) throws -> CaseFile? {
    guard var file = try read(id, at: now, tx)?.file else { return nil }
    file.documents = try DocumentStore.list(of: [id.value], tx)[id.value, default: []].map { CaseDocument($0) }
    if file.product.markets.count > 1, let matrix = try MarketMatrixStore.load(sku: file.product.sku, tx),
      matrix.revision == file.revision, matrix.rows.count > 1
    {
      file.markets = matrix
    }
    file.awaitedBy = try Trail.uses(of: file.product.sku, tx)
      .filter { $0.caseID == id && $0.status == .waiting }.map { ProductFile.Use($0) }
    file.deliveries = try DeliveryStore.of(id.value, tx).map { CaseDelivery($0) }
    file.history = try AuditLog.history(of: id.value, tx).map { seq, content in
      try HistoryEntry(sequence: seq, content: content)
    }
    return file
  }
}

extension ProductFile.Use {
  init(_ use: Trail.Use) {
    self.init(
      shipmentID: use.shipmentID, reference: use.reference, market: use.market, state: use.state, line: use.line,
      status: use.status.rawValue)
  }
}

extension SupplierQuestion {
  init(_ request: InformationRequests.Request) {
    self.init(
      question: request.question, askedBy: request.askedBy, askedAt: request.askedAt, answer: request.answer,
      answeredAt: request.answeredAt)
  }
}

extension CaseDocument {
  init(_ document: StoredDocument) {
    self.init(
      id: document.id, kind: document.kind, name: document.name, mediaType: document.mediaType,
      sha256: Hex.encode(document.sha256))
  }
}

extension CaseDelivery {
  init(_ delivery: StoredDelivery) {
    self.init(
      id: delivery.id, destination: delivery.destination, state: delivery.state.rawValue, attempts: delivery.attempts,
      lastStatus: delivery.lastStatus, lastError: delivery.lastError, createdAt: delivery.createdAt,
      deliveredAt: delivery.deliveredAt)
  }
}

extension CaseHandling {
  init(_ claim: CaseClaims.Claim?, _ arrangement: CaseArrangements.Arrangement?) {
    self.init(hold: claim.map { Hold(holder: $0.holder, name: $0.name, until: $0.until) })
    guard let arrangement else { return }
    assignment = arrangement.assignedTo.map { Assignment(person: $0, name: arrangement.assignedName ?? $0.name) }
    snoozedUntil = arrangement.snoozedUntil
    if let by = arrangement.escalatedBy, let at = arrangement.escalatedAt, let reason = arrangement.escalationReason {
      escalation = Escalation(by: by, at: at, reason: reason)
    }
  }
}

extension Opinion {
  init(_ opinion: CaseOpinions.Opinion) {
    self.init(
      person: opinion.person, kind: opinion.kind, code: opinion.code, reason: opinion.reason, givenAt: opinion.givenAt)
  }
}

extension PendingDecision {
  init(_ pending: PendingDecisions.Pending) throws(Refusal) {
    self.init(
      person: pending.person, name: pending.name, request: try DecisionRequest(pending.request),
      takesEffectAt: pending.takesEffectAt)
  }
}

extension QueueEntry {
  init(_ task: ReviewTasks.Task) {
    self.init(
      caseID: task.caseID, market: task.market, sku: task.sku, title: task.title, state: CaseState(task.state),
      lane: task.lane, roles: task.roles, riskScore: task.riskScore, reason: task.reason, code: task.code,
      openedAt: task.openedAt,
      clock: ReviewClock(dueAt: task.dueAt ?? task.openedAt, pausedAt: task.pausedAt))
  }
}

extension CaseState {
  init(_ state: ReviewTasks.Task.State) {
    switch state {
    case .awaitingDecision: self = .awaitingDecision
    case .awaitingInformation: self = .awaitingInformation
    case .undeliverable: self = .undeliverable
    case .conflicted: self = .conflicted
    }
  }
}

extension Reviewer {
  init(_ principal: Principal) {
    self.init(actor: principal.actor, isPerson: principal.isPerson, roles: principal.roles)
  }
}
