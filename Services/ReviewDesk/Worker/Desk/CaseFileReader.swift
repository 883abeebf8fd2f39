import Crypto
import Domain
import JSON
import Postgres
import ReviewDeskEngine
import Store

/// Gathers a case's file within the tenant that the transaction has entered. Another tenant's case is not there.
enum CaseFileReader {
  static func read(_ id: CaseID, _ tx: borrowing Transaction) throws -> (stored: StoredCase, file: CaseFile)? {
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
    file.suggestAt = try PolicyStore.active(tx)?.policy.settings(for: stored.market).suggestAt
    if let version = file.routing?.policyVersion {
      file.triggers = try PolicyStore.load(version: version, tx)?.triggers ?? []
    }
    return (stored, file)
  }

  /// With what was made of the case, which no decision rests on.
  static func readWhole(_ id: CaseID, _ tx: borrowing Transaction) throws -> CaseFile? {
    guard var file = try read(id, tx)?.file else { return nil }
    file.documents = try DocumentStore.list(of: [id.value], tx)[id.value, default: []].map { CaseDocument($0) }
    file.deliveries = try DeliveryStore.of(id.value, tx).map { CaseDelivery($0) }
    file.history = try AuditLog.history(of: id.value, tx).map { seq, content in
      try HistoryEntry(sequence: seq, content: content)
    }
    return file
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

extension QueueEntry {
  init(_ task: ReviewTasks.Task) {
    self.init(
      caseID: task.caseID, market: task.market, sku: task.sku, title: task.title, lane: task.lane, roles: task.roles,
      riskScore: task.riskScore, reason: task.reason, openedAt: task.openedAt)
  }
}

extension Reviewer {
  init(_ principal: Principal) {
    self.init(actor: principal.actor, isPerson: principal.isPerson, roles: principal.roles)
  }
}
