import Domain
import Postgres

/// Deliveries that had ended badly, sent on their way again by a person.
public enum Redelivery {
  /// Of all tenants, while none is entered.
  public static func dead(_ tx: borrowing Transaction) throws -> [(TenantID, UniqueID)] {
    try tx.query("SELECT tenant::text, id FROM delivery WHERE state = 'dead' ORDER BY created_at LIMIT 10000")
      .map(TenantID.self, UniqueID.self) { ($0, $1) }
  }

  public static func owners(of ids: [UniqueID], _ tx: borrowing Transaction) throws -> [(TenantID, UniqueID)] {
    try tx.query("SELECT tenant::text, id FROM delivery WHERE id = ANY ($1)", ids)
      .map(TenantID.self, UniqueID.self) { ($0, $1) }
  }

  public struct Revived: Sendable {
    public var cases: Set<CaseID> = []
    public var shipments: Set<ShipmentID> = []
    public var count = 0
  }

  /// Those that ended badly are pending again, as if never tried.
  public static func revive(_ ids: [UniqueID], at now: Instant, _ tx: borrowing Transaction) throws -> Revived {
    let rows = try tx.query(
      """
      UPDATE delivery SET state = 'pending', attempts = 0, next_attempt_at = $2, last_status = NULL, last_error = NULL
      WHERE id = ANY ($1) AND state IN ('dead', 'conflict') RETURNING subject_kind, subject_id
      """, ids, now)
    var revived = Revived()
    for (kind, subject) in try rows.map(String.self, UniqueID.self, transform: { ($0, $1) }) {
      revived.count += 1
      if kind == "case" { revived.cases.insert(CaseID(subject)) } else { revived.shipments.insert(ShipmentID(subject)) }
    }
    return revived
  }
}
