import Domain
import Postgres

/// The way of a product and of a shipment, from the message that brought it to the write-back.
public enum Trail {
  public struct Revision: Hashable, Sendable {
    public var number: Int64
    public var receivedAt: Instant
  }

  /// The newest first.
  public static func revisions(of sku: String, _ tx: borrowing Transaction) throws -> [Revision] {
    try tx.query(
      "SELECT revision, received_at FROM product_revision WHERE sku = $1 ORDER BY revision DESC LIMIT 50", sku
    ).map(Int64.self, Instant.self) { Revision(number: $0, receivedAt: $1) }
  }

  /// The cases that were classified last, the newest first. How far back to look is known from the figures of each day.
  public static func latestCases(_ count: Int64, _ tx: borrowing Transaction) throws -> [CaseID] {
    let days = try tx.query(
      """
      SELECT day::timestamp AT TIME ZONE 'UTC', sum(count)::bigint FROM desk_figure
      WHERE tenant = current_setting('app.tenant') AND environment = current_setting('app.environment')
        AND measure = 'lane' GROUP BY day ORDER BY day DESC LIMIT 100
      """
    ).map(Instant.self, Int64.self) { (start: $0, cases: $1) }
    var later: Int64 = 0
    let enough = days.first { day in
      later += day.cases
      return later >= count
    }
    return try tx.query(
      """
      SELECT l.case_id FROM case_classification l JOIN customs_case c ON c.id = l.case_id
      WHERE l.at >= $1 AND c.state <> 'superseded' ORDER BY l.at DESC, l.case_id LIMIT $2
      """, enough?.start ?? Instant(microseconds: 0), count
    ).map(CaseID.self) { $0 }
  }

  /// What the audit log says about all of these, the newest first.
  public static func entries(of subjects: [UniqueID], limit: Int64, _ tx: borrowing Transaction) throws -> [(
    subject: UniqueID, seq: Int64, content: String
  )] {
    let rows = try tx.query(
      """
      SELECT subject_id, seq, content FROM audit_entry WHERE subject_id = ANY ($1) ORDER BY xid DESC, seq DESC LIMIT $2
      """, subjects, limit)
    return try rows.map(UniqueID.self, Int64.self, String.self) { ($0, $1, $2) }
  }

  /// A line of a shipment that has the product.
  public struct Use: Sendable {
    public var shipmentID: ShipmentID
    public var reference: String
    public var market: Market
    public var state: ShipmentState
    public var line: Int
    public var status: LineStatus
    public var caseID: CaseID?
  }

  /// Of the newest shipments first.
  public static func uses(of sku: String, _ tx: borrowing Transaction) throws -> [Use] {
    let rows = try tx.query(
      """
      SELECT s.id, s.reference, s.market::text, s.state, l.number, l.status, l.case_id
      FROM shipment_line l JOIN shipment s ON s.id = l.shipment_id WHERE l.sku = $1
      ORDER BY s.received_at DESC, s.id, l.number LIMIT 50
      """, sku)
    return try rows.map(
      ShipmentID.self, String.self, Market.self, ShipmentState.self, Int32.self, LineStatus.self, CaseID?.self
    ) {
      Use(shipmentID: $0, reference: $1, market: $2, state: $3, line: Int($4), status: $5, caseID: $6)
    }
  }

  public struct ShipmentSummary: Hashable, Sendable {
    public var id: ShipmentID
    public var reference: String
    public var market: Market
    public var state: ShipmentState
    public var receivedAt: Instant
    public var lines: Int64
    public var cleared: Int64
    public var rejected: Int64
  }

  /// The newest first.
  /// - Parameter reference: begins with this; all when empty.
  public static func shipments(
    reference: String, limit: Int64, _ tx: borrowing Transaction
  ) throws -> [ShipmentSummary] {
    let rows = try tx.query(
      """
      SELECT s.id, s.reference, s.market::text, s.state, s.received_at, l.* FROM shipment s CROSS JOIN LATERAL
        (SELECT count(*), count(*) FILTER (WHERE status = 'cleared'), count(*) FILTER (WHERE status = 'rejected')
        FROM shipment_line WHERE shipment_id = s.id) l
      WHERE s.tenant = current_setting('app.tenant') AND s.environment = current_setting('app.environment')
        AND starts_with(s.reference, $1)
      ORDER BY s.received_at DESC, s.id LIMIT $2
      """, reference, limit)
    return try rows.map(
      ShipmentID.self, String.self, Market.self, ShipmentState.self, Instant.self, Int64.self, Int64.self, Int64.self
    ) {
      ShipmentSummary(
        id: $0, reference: $1, market: $2, state: $3, receivedAt: $4, lines: $5, cleared: $6, rejected: $7)
    }
  }
}
