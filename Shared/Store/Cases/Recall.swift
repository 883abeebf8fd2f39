import Domain
import Postgres

/// Takes back what was decided: the case waits for a person again, what was not delivered yet is not, and the shipments that
/// have no documents yet wait with it. The decision stays in the record until another supersedes it.
public enum Recall {
  /// - Returns: the cases that were taken back; another's step came first for the rest.
  public static func apply(
    _ cases: [(StoredCase, ScreeningStore.Result)], because reason: String, at now: Instant,
    _ tx: borrowing Transaction
  ) throws -> Set<CaseID> {
    let transitions = cases.compactMap { stored, result -> CaseTransition? in
      guard let state = stored.state.after(.recalled) else { return nil }
      return CaseTransition(stored, to: state, lane: result.routing.lane == .auto ? .exception : result.routing.lane)
    }
    let moved = try CaseStore.apply(transitions, at: now, tx)
    let applied = cases.filter { moved.contains($0.0.id) }
    try ScreeningStore.insert(applied.map { ($0.0.id, version: $0.0.version + 1, $0.1) }, at: now, tx)
    try ReviewTasks.open(
      applied.map { stored, result in
        ReviewTasks.Task(
          caseID: stored.id, market: stored.market, sku: stored.product.sku, title: stored.product.title,
          lane: result.routing.lane == .auto ? .exception : result.routing.lane,
          roles: result.routing.roles.isEmpty ? [.broker] : result.routing.roles,
          riskScore: result.screening.riskScore, reason: reason, openedAt: now)
      }, tx)
    try DeliveryStore.withdraw(applied.map(\.0.id.value), tx)
    try ShipmentStore.awaitAgain(applied.map(\.0.id), at: now, tx)
    return moved
  }
}
