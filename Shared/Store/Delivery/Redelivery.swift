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
    public var deliveries: [Delivery] = []
  }

  public struct Delivery: Sendable {
    public var id: UniqueID
    public var destination: String
    public var subject: UniqueID
  }

  /// Those that ended badly are pending again, as if never tried. One that a newer decision has overtaken stays where
  /// it is: the receiver would go back to what no longer holds.
  public static func revive(_ ids: [UniqueID], at now: Instant, _ tx: borrowing Transaction) throws -> Revived {
    let rows = try tx.query(
      """
      UPDATE delivery SET state = 'pending', attempts = 0, next_attempt_at = $2, last_status = NULL, last_error = NULL
      WHERE id = ANY ($1) AND state IN ('dead', 'conflict') AND NOT EXISTS (
        SELECT FROM delivery newer WHERE newer.tenant = delivery.tenant AND newer.environment = delivery.environment
          AND newer.stream = delivery.stream AND newer.destination = delivery.destination
          AND newer.sequence > delivery.sequence)
      RETURNING subject_kind, subject_id, id, destination
      """, ids, now)
    var revived = Revived()
    let found = try rows.map(String.self, UniqueID.self, UniqueID.self, String.self) {
      ($0, Delivery(id: $2, destination: $3, subject: $1))
    }
    for (kind, delivery) in found {
      revived.deliveries.append(delivery)
      let subject = delivery.subject
      if kind == "case" { revived.cases.insert(CaseID(subject)) }
      if kind == "shipment" { revived.shipments.insert(ShipmentID(subject)) }
    }
    return revived
  }
}
