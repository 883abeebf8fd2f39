import Domain
import JSON
import Postgres

public struct StoredShipment: Sendable {
  public var id: ShipmentID
  public var shipment: Shipment
  public var state: ShipmentState
  public var contentHash: [UInt8]
  public var receivedAt: Instant

  public init(id: ShipmentID, shipment: Shipment, state: ShipmentState, contentHash: [UInt8], receivedAt: Instant) {
    self.id = id
    self.shipment = shipment
    self.state = state
    self.contentHash = contentHash
    self.receivedAt = receivedAt
  }
}

public enum LineStatus: String, Sendable, CaseIterable, TextColumn {
  case waiting, cleared, rejected
}

public struct StoredLine: Sendable {
  public var shipmentID: ShipmentID
  public var number: Int
  public var sku: String
  public var market: Market
  public var caseID: CaseID?
  public var status: LineStatus

  public init(shipmentID: ShipmentID, number: Int, sku: String, market: Market, caseID: CaseID?, status: LineStatus) {
    self.shipmentID = shipmentID
    self.number = number
    self.sku = sku
    self.market = market
    self.caseID = caseID
    self.status = status
  }
}

public enum ShipmentStore {
  /// - Returns: false when the reference is taken; the shipment that has it stays as it is.
  public static func insert(_ stored: StoredShipment, lines: [StoredLine], _ tx: borrowing Transaction) throws -> Bool {
    let shipment = stored.shipment
    let inserted = try tx.execute(
      """
      INSERT INTO shipment (id, reference, market, content_hash, content, state, received_at, updated_at)
      VALUES ($1, $2, $3, $4, $5::text::json, $6, $7, $7) ON CONFLICT DO NOTHING
      """, stored.id, shipment.reference, shipment.market, stored.contentHash, StoredJSON.encode(shipment.json),
      stored.state, stored.receivedAt)
    guard inserted == 1 else { return false }
    try tx.execute(
      """
      INSERT INTO shipment_line (shipment_id, number, sku, market, case_id, status)
      SELECT $1, number, sku, market, case_id, status
      FROM unnest($2::int8[], $3::text[], $4::text[], $5::uuid[], $6::text[]) AS l (number, sku, market, case_id, status)
      """, stored.id, lines.map(\.number), lines.map(\.sku), lines.map(\.market), lines.map(\.caseID),
      lines.map(\.status))
    return true
  }

  public static func load(_ ids: [ShipmentID], _ tx: borrowing Transaction) throws -> [ShipmentID: StoredShipment] {
    let rows = try tx.query(
      "SELECT id, content, state, content_hash, received_at FROM shipment WHERE id = ANY ($1)", ids)
    let stored = try rows.map(ShipmentID.self, JSONText.self, ShipmentState.self, [UInt8].self, Instant.self) {
      StoredShipment(
        id: $0, shipment: try StoredJSON.decode(Shipment.self, $1), state: $2, contentHash: $3, receivedAt: $4)
    }
    return Dictionary(uniqueKeysWithValues: stored.map { ($0.id, $0) })
  }

  public static func find(reference: String, _ tx: borrowing Transaction) throws -> ShipmentID? {
    try tx.query("SELECT id FROM shipment WHERE reference = $1", reference).first(ShipmentID.self)
  }

  public static func list(limit: Int, _ tx: borrowing Transaction) throws -> [StoredShipment] {
    let ids = try tx.query("SELECT id FROM shipment ORDER BY received_at DESC, id LIMIT $1", limit)
      .map(ShipmentID.self) { $0 }
    let loaded = try load(ids, tx)
    return ids.compactMap { loaded[$0] }
  }

  public static func lines(of ids: [ShipmentID], _ tx: borrowing Transaction) throws -> [StoredLine] {
    let rows = try tx.query(
      """
      SELECT shipment_id, number, sku, market::text, case_id, status FROM shipment_line WHERE shipment_id = ANY ($1)
      ORDER BY shipment_id, number
      """, ids)
    return try rows.map(ShipmentID.self, Int32.self, String.self, Market.self, CaseID?.self, LineStatus.self) {
      StoredLine(shipmentID: $0, number: Int($1), sku: $2, market: $3, caseID: $4, status: $5)
    }
  }

  /// The newest revision's case of each SKU in the market, and what was decided about it. The rows stay locked against
  /// change until the transaction ends: a decision made meanwhile waits, and then finds the lines that wait for it.
  public static func casesForLines(_ skus: [String], _ market: Market, _ tx: borrowing Transaction) throws
    -> [String: (id: CaseID, status: LineStatus)]
  {
    let rows = try tx.query(
      """
      SELECT c.sku, c.id, c.state
      FROM product p JOIN product_revision r USING (tenant, environment, sku)
      JOIN customs_case c ON c.product_revision_id = r.id
      WHERE p.sku = ANY ($1) AND r.revision = p.latest_revision AND c.market = $2 FOR SHARE OF c
      """, skus, market)
    let locked = try rows.map(String.self, CaseID.self, CaseState.self) { (sku: $0, id: $1, state: $2) }
    // Asked only now: a statement that waited for the lock would still see the decisions from before its wait.
    let decisions = try DecisionStore.latest(locked.map(\.id), tx)
    return Dictionary(
      uniqueKeysWithValues: locked.map { ($0.sku, (id: $0.id, status: status($0.state, decisions[$0.id]?.kind))) })
  }

  private static func status(_ state: CaseState, _ kind: Decision.Kind?) -> LineStatus {
    switch state {
    case .opened, .classified, .awaitingDecision, .awaitingInformation, .superseded: .waiting
    case .decided, .documented, .writtenBack, .undeliverable, .conflicted: kind == .rejected ? .rejected : .cleared
    }
  }

  /// SKU and market of lines that wait, so that a product's arrival opens the cases that shipments need.
  public static func waitingLines(_ skus: [String], _ tx: borrowing Transaction) throws -> [(
    sku: String, market: Market
  )] {
    let rows = try tx.query(
      "SELECT DISTINCT sku, market::text FROM shipment_line WHERE sku = ANY ($1) AND status = 'waiting'", skus)
    return try rows.map(String.self, Market.self) { ($0, $1) }
  }

  /// Waiting lines now wait for the newest revision's cases.
  public static func attach(_ cases: [ProductStore.NewCase], _ tx: borrowing Transaction) throws {
    try tx.executeLater(
      """
      UPDATE shipment_line l SET case_id = n.id FROM unnest($1::uuid[], $2::text[], $3::text[]) AS n (id, sku, market)
      WHERE l.sku = ANY ($2) AND l.sku = n.sku AND l.market = n.market AND l.status = 'waiting'
      """, cases.map(\.id), cases.map(\.sku), cases.map(\.market))
  }

  /// Gives the lines of decided cases their status and moves the shipments on whose lines are all decided.
  /// - Returns: the shipments that changed and what became of them.
  public static func settle(_ decided: [(CaseID, LineStatus)], at now: Instant, _ tx: borrowing Transaction) throws
    -> [(id: ShipmentID, market: Market, state: ShipmentState)]
  {
    let touched = try tx.query(
      """
      SELECT DISTINCT shipment_id FROM shipment_line l JOIN unnest($1::uuid[], $2::text[]) AS n (id, status)
        ON l.case_id = n.id WHERE l.case_id = ANY ($1) AND l.status <> n.status
      """, decided.map(\.0), decided.map(\.1))
    let ids = try touched.map(ShipmentID.self) { $0 }
    guard !ids.isEmpty else { return [] }
    // The shipment's row is the lock under which its lines are counted; taken in order of id.
    let open = try tx.query(
      "SELECT id FROM shipment WHERE id = ANY ($1) AND state IN ('waiting', 'held') ORDER BY id FOR UPDATE", ids
    ).map(ShipmentID.self) { $0 }
    try tx.execute(
      """
      UPDATE shipment_line l SET status = n.status FROM unnest($1::uuid[], $2::text[]) AS n (id, status)
      WHERE l.case_id = ANY ($1) AND l.case_id = n.id AND l.shipment_id = ANY ($3)
      """, decided.map(\.0), decided.map(\.1), open)
    let moved = try tx.query(
      """
      UPDATE shipment s SET state = n.state, updated_at = $1
      FROM (SELECT shipment_id, CASE WHEN bool_or(status = 'rejected') THEN 'held'
              WHEN bool_or(status = 'waiting') THEN 'waiting' ELSE 'ready' END AS state
            FROM shipment_line WHERE shipment_id = ANY ($2) GROUP BY shipment_id) n
      WHERE s.id = n.shipment_id AND s.state <> n.state RETURNING s.id, s.market::text, s.state
      """, now, open)
    return try moved.map(ShipmentID.self, Market.self, ShipmentState.self) { ($0, $1, $2) }
  }

  public static func move(
    _ ids: [ShipmentID], from: ShipmentState, to: ShipmentState, at now: Instant, _ tx: borrowing Transaction
  )
    throws -> Set<ShipmentID>
  {
    guard !ids.isEmpty else { return [] }
    let rows = try tx.query(
      "UPDATE shipment SET state = $3, updated_at = $4 WHERE id = ANY ($1) AND state = $2 RETURNING id", ids, from, to,
      now)
    return Set(try rows.map(ShipmentID.self) { $0 })
  }
}
