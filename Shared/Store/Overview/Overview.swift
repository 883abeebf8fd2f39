import Domain
import Postgres

/// Counts for people who look at the whole: of one tenant after `enter`, of all tenants for the operator without it.
public enum Overview {
  public struct CaseCount: Sendable {
    public var market: Market
    public var state: CaseState
    public var lane: Lane?
    public var count: Int64
  }

  public static func cases(_ tx: borrowing Transaction) throws -> [CaseCount] {
    let rows = try tx.query(
      "SELECT market::text, state, lane, count(*) FROM customs_case GROUP BY 1, 2, 3 ORDER BY 1, 2, 3")
    return try rows.map(Market.self, CaseState.self, Lane?.self, Int64.self) {
      CaseCount(market: $0, state: $1, lane: $2, count: $3)
    }
  }

  /// Cases and shipments that a worker, and no person, owes a step.
  public static func inFlight(_ tx: borrowing Transaction) throws -> Int64 {
    try tx.query(
      """
      SELECT (SELECT count(*) FROM customs_case WHERE state IN ('opened', 'classified', 'decided', 'documented'))
        + (SELECT count(*) FROM shipment WHERE state IN ('ready', 'documented'))
      """
    ).decode(row: 0, as: Int64.self)
  }

  /// When the case that has waited longest for a person began to wait.
  public static func oldestWait(_ tx: borrowing Transaction) throws -> Instant? {
    try tx.query("SELECT min(opened_at) FROM review_task").decode(row: 0, as: Instant?.self)
  }

  public static func documents(_ tx: borrowing Transaction) throws -> [(kind: String, count: Int64)] {
    try tx.query("SELECT kind, count(*) FROM document GROUP BY kind ORDER BY kind").map(String.self, Int64.self) {
      ($0, $1)
    }
  }

  public static func deliveries(_ tx: borrowing Transaction) throws -> [(
    destination: String, state: DeliveryState, count: Int64
  )] {
    let rows = try tx.query("SELECT destination, state, count(*) FROM delivery GROUP BY 1, 2 ORDER BY 1, 2")
    return try rows.map(String.self, DeliveryState.self, Int64.self) { ($0, $1, $2) }
  }

  public struct ShipmentLines: Sendable {
    public var id: ShipmentID
    public var reference: String
    public var market: Market
    public var state: ShipmentState
    public var lineCount: Int64
    /// The SKUs whose lines are not cleared.
    public var open: [String]
  }

  public static func shipments(limit: Int, _ tx: borrowing Transaction) throws -> [ShipmentLines] {
    let rows = try tx.query(
      """
      SELECT s.id, s.reference, s.market::text, s.state, count(l.*),
        coalesce(array_agg(l.sku ORDER BY l.number) FILTER (WHERE l.status <> 'cleared'), '{}')
      FROM shipment s LEFT JOIN shipment_line l ON l.shipment_id = s.id
      GROUP BY s.id ORDER BY s.received_at, s.reference LIMIT $1
      """, limit)
    return try rows.map(ShipmentID.self, String.self, Market.self, ShipmentState.self, Int64.self, [String].self) {
      ShipmentLines(id: $0, reference: $1, market: $2, state: $3, lineCount: $4, open: $5)
    }
  }

  /// Messages put aside, by the stage that could not handle them.
  public static func parked(_ tx: borrowing Transaction) throws -> [(stage: String, count: Int64)] {
    let rows = try tx.query(
      "SELECT stage, count(*) FROM parked_message WHERE replayed_at IS NULL GROUP BY stage ORDER BY stage")
    return try rows.map(String.self, Int64.self) { ($0, $1) }
  }

  public static func schemaVersion(_ tx: borrowing Transaction) throws -> Int64 {
    try tx.query("SELECT coalesce(max(version), 0) FROM schema_migration").decode(row: 0, as: Int64.self)
  }

  public struct ListedCase: Sendable {
    public var id: CaseID
    public var tenant: TenantID
    public var sku: String
    public var market: Market
    public var state: CaseState
    public var lane: Lane?
    public var openedAt: Instant
  }

  /// Newest first.
  public static func list(
    market: Market?, state: CaseState?, sku: String?, limit: Int, _ tx: borrowing Transaction
  ) throws -> [ListedCase] {
    let rows = try tx.query(
      """
      SELECT id, tenant::text, sku, market::text, state, lane, opened_at FROM customs_case
      WHERE ($1::text IS NULL OR market = $1) AND ($2::text IS NULL OR state = $2) AND ($3::text IS NULL OR sku = $3)
      ORDER BY opened_at DESC, sku, market LIMIT $4
      """, market?.code, state?.rawValue, sku, limit)
    return try rows.map(
      CaseID.self, TenantID.self, String.self, Market.self, CaseState.self, Lane?.self, Instant.self
    ) {
      ListedCase(id: $0, tenant: $1, sku: $2, market: $3, state: $4, lane: $5, openedAt: $6)
    }
  }
}
