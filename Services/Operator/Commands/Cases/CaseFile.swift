import Domain
import Postgres
import Store

/// All that is known about one case.
struct CaseFile: Sendable {
  var tenant: TenantID
  var stored: StoredCase
  var classification: Classification?
  var result: ScreeningStore.Result?
  var decision: Decision?
  var requests: [InformationRequests.Request]
  var documents: [StoredDocument]
  var deliveries: [StoredDelivery]
  var history: [(seq: Int64, content: String)]

  /// After `enter`.
  static func read(_ id: CaseID, of tenant: TenantID, _ tx: borrowing Transaction) throws -> CaseFile? {
    guard let stored = try CaseStore.load([id], tx)[id] else { return nil }
    return CaseFile(
      tenant: tenant, stored: stored, classification: try ClassificationStore.latest([id], tx)[id],
      result: try ScreeningStore.latest([id], tx)[id], decision: try DecisionStore.latest([id], tx)[id],
      requests: try InformationRequests.list(id, tx),
      documents: try DocumentStore.list(of: [id.value], tx)[id.value] ?? [],
      deliveries: try DeliveryStore.of(id.value, tx), history: try AuditLog.history(of: id.value, tx))
  }

  /// Why it waits, gravest first: what a rule says tells more than a number does.
  var reasons: [RoutingReason] { (result?.routing.reasons ?? []).gravestFirst }
}

extension [RoutingReason] {
  var gravestFirst: [RoutingReason] {
    let order: [RoutingReason.Kind] = [
      .finding, .trigger, .screeningIncomplete, .tooVague, .missingField, .noCandidate, .lowConfidence, .belowAutoClear,
    ]
    func rank(_ reason: RoutingReason) -> Int { order.firstIndex(of: reason.kind) ?? order.count }
    return enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }.map(\.element)
  }
}
