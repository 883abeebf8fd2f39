import Domain
import Postgres

/// How full everything is, across tenants.
public struct PipelineCounts: Sendable {
  public var outboxPending: Int64
  public var outboxOldest: Instant?
  public var parked: Int64
  public var cases: [CaseState: Int64]
  public var unsealedEntries: Int64
  public var unsealedRows: ClosedRange<Int64>?
  public var deadDeliveries: Int64

  /// For a transaction that has entered no tenant.
  public static func read(_ tx: borrowing Transaction) throws -> PipelineCounts {
    let (pending, oldest) = try Outbox.depth(tx)
    let cases = try tx.query(
      "SELECT state, count(*) FROM customs_case WHERE environment = current_setting('app.environment') GROUP BY state")
    let unsealed = try AuditSeals.unsealed(tx)
    return PipelineCounts(
      outboxPending: pending, outboxOldest: oldest,
      parked: try tx.query("SELECT count(*) FROM parked_message WHERE replayed_at IS NULL").decode(
        row: 0, as: Int64.self),
      cases: Dictionary(uniqueKeysWithValues: try cases.map(CaseState.self, Int64.self) { ($0, $1) }),
      unsealedEntries: unsealed.count, unsealedRows: unsealed.rows,
      deadDeliveries: try tx.query("SELECT count(*) FROM delivery WHERE state = 'dead'").decode(row: 0, as: Int64.self))
  }
}
