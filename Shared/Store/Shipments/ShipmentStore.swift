import Domain
import JSON
import Postgres

public struct StoredShipment: Sendable {
  public var id: ShipmentID
  public var shipment: Shipment
  public var state: ShipmentState
  public var contentHash: [UInt8]
  public var receivedAt: Instant
  public var updatedAt: Instant
  public var outcomeSequence: Int64
  public var holdReason: String?

  /// As it arrives. Held at once, it has an outcome from the first moment.
  public init(id: ShipmentID, shipment: Shipment, state: ShipmentState, contentHash: [UInt8], receivedAt: Instant) {
    self.init(
      id: id, shipment: shipment, state: state, contentHash: contentHash, receivedAt: receivedAt,
      updatedAt: receivedAt, outcomeSequence: state == .held ? 1 : 0, holdReason: nil)
  }

  init(
    id: ShipmentID, shipment: Shipment, state: ShipmentState, contentHash: [UInt8], receivedAt: Instant,
    updatedAt: Instant, outcomeSequence: Int64, holdReason: String?
  ) {
    self.id = id
    self.shipment = shipment
    self.state = state
    self.contentHash = contentHash
    self.receivedAt = receivedAt
    self.updatedAt = updatedAt
    self.outcomeSequence = outcomeSequence
    self.holdReason = holdReason
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
      INSERT INTO shipment (id, reference, market, content_hash, content, state, received_at, updated_at, outcome_sequence)
      VALUES ($1, $2, $3, $4, $5::text::json, $6, $7, $7, $8) ON CONFLICT DO NOTHING
      """, stored.id, shipment.reference, shipment.market, stored.contentHash, StoredJSON.encode(shipment.json),
      stored.state, stored.receivedAt, stored.outcomeSequence)
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
      """
      SELECT id, content, state, content_hash, received_at, updated_at, outcome_sequence, hold_reason
      FROM shipment WHERE id = ANY ($1)
      """, ids)
    let stored = try rows.map(
      ShipmentID.self, JSONText.self, ShipmentState.self, [UInt8].self, Instant.self, Instant.self, Int64.self,
      String?.self
    ) {
      StoredShipment(
        id: $0, shipment: try StoredJSON.decode(Shipment.self, $1), state: $2, contentHash: $3, receivedAt: $4,
        updatedAt: $5, outcomeSequence: $6, holdReason: $7)
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

  /// Held for another reason than what was decided about a line; the oldest first.
  public static func heldWithoutRejectedLine(limit: Int64, _ tx: borrowing Transaction) throws -> [StoredShipment] {
    let ids = try tx.query(
      """
      SELECT s.id FROM shipment s WHERE s.state = 'held' AND NOT EXISTS
        (SELECT FROM shipment_line l WHERE l.shipment_id = s.id AND l.status <> 'cleared')
      ORDER BY s.received_at, s.id LIMIT $1
      """, limit
    ).map(ShipmentID.self) { $0 }
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
      WHERE p.sku = ANY ($1) AND c.sku = ANY ($1) AND r.revision = p.latest_revision AND c.market = $2
      FOR SHARE OF c
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

  /// SKU and market of lines that a new revision may help, so that its arrival opens the cases that shipments need: any
  /// line of a held shipment, for it may be the cleared one that the documents cannot be drawn for, and of a waiting one
  /// those that are not cleared.
  public static func openLines(_ skus: [String], _ tx: borrowing Transaction) throws -> [(
    sku: String, market: Market
  )] {
    let rows = try tx.query(
      """
      SELECT DISTINCT l.sku, l.market::text FROM shipment_line l JOIN shipment s ON s.id = l.shipment_id
      WHERE l.sku = ANY ($1) AND (s.state = 'held' OR (s.state = 'waiting' AND l.status <> 'cleared'))
      """, skus)
    return try rows.map(String.self, Market.self) { ($0, $1) }
  }

  /// A line that waits for another case than before.
  public struct Rebinding: Sendable {
    public var shipmentID: ShipmentID
    public var line: Int
    public var sku: String
    public var previous: CaseID?
    public var caseID: CaseID
  }

  /// These lines now wait for the newest revision's cases, and with them the shipments that were held.
  /// - Returns: the lines, and the shipments that are held no longer.
  public static func attach(_ cases: [ProductStore.NewCase], at now: Instant, _ tx: borrowing Transaction) throws
    -> (lines: [Rebinding], resumed: [ShipmentID])
  {
    guard !cases.isEmpty else { return ([], []) }
    let skus = cases.map(\.sku)
    // The shipment's row is the lock under which its lines change; taken in order of id.
    let shipments = try tx.query(
      """
      SELECT id FROM shipment WHERE id = ANY (ARRAY(SELECT shipment_id FROM shipment_line WHERE sku = ANY ($1)))
        AND state IN ('waiting', 'held') ORDER BY id FOR UPDATE
      """, skus
    ).map(ShipmentID.self) { $0 }
    guard !shipments.isEmpty else { return ([], []) }
    let lines = try rebind(cases, of: shipments, tx)
    let resumed = try tx.query(
      """
      UPDATE shipment s SET state = 'waiting', updated_at = $2 WHERE s.id = ANY ($1) AND s.state = 'held'
        AND NOT EXISTS (SELECT FROM shipment_line l WHERE l.shipment_id = s.id AND l.status = 'rejected')
      RETURNING s.id
      """, Array(Set(lines.map(\.shipmentID))), now
    ).map(ShipmentID.self) { $0 }
    return (lines, resumed)
  }

  private static func rebind(_ cases: [ProductStore.NewCase], of shipments: [ShipmentID], _ tx: borrowing Transaction)
    throws -> [Rebinding]
  {
    let rows = try tx.query(
      """
      UPDATE shipment_line l SET case_id = o.id, status = 'waiting'
      FROM (SELECT l.shipment_id, l.number, l.case_id AS previous, n.id
            FROM shipment_line l JOIN shipment s ON s.id = l.shipment_id
            JOIN unnest($2::uuid[], $3::text[], $4::text[]) AS n (id, sku, market)
              ON l.sku = n.sku AND l.market = n.market
            WHERE l.shipment_id = ANY ($1) AND l.sku = ANY ($3) AND (s.state = 'held' OR (s.state = 'waiting' AND l.status <> 'cleared'))) o
      WHERE l.shipment_id = ANY ($1) AND l.shipment_id = o.shipment_id AND l.number = o.number
      RETURNING l.shipment_id, l.number, l.sku, o.previous, o.id
      """, shipments, cases.map(\.id), cases.map(\.sku), cases.map(\.market))
    return try rows.map(ShipmentID.self, Int32.self, String.self, CaseID?.self, CaseID.self) {
      Rebinding(shipmentID: $0, line: Int($1), sku: $2, previous: $3, caseID: $4)
    }
  }

  /// Gives the lines of decided cases their status and moves the shipments on whose lines are all decided. A held one
  /// goes on also where no line's status changes: its documents may be drawn with what was decided now.
  /// - Returns: the shipments that changed and what became of them.
  public static func settle(_ decided: [(CaseID, LineStatus)], at now: Instant, _ tx: borrowing Transaction) throws
    -> [(id: ShipmentID, market: Market, state: ShipmentState)]
  {
    let touched = try tx.query(
      """
      SELECT DISTINCT l.shipment_id FROM shipment_line l JOIN unnest($1::uuid[], $2::text[]) AS n (id, status)
        ON l.case_id = n.id JOIN shipment s ON s.id = l.shipment_id
      WHERE l.case_id = ANY ($1) AND (s.state = 'held' OR l.status <> n.status)
      """, decided.map(\.0), decided.map(\.1))
    let ids = try touched.map(ShipmentID.self) { $0 }
    guard !ids.isEmpty else { return [] }
    // The shipment's row is the lock under which its lines are counted; taken in order of id.
    let open = try tx.query(
      "SELECT id FROM shipment WHERE id = ANY ($1) AND state IN ('waiting', 'ready', 'held') ORDER BY id FOR UPDATE",
      ids
    ).map(ShipmentID.self) { $0 }
    try tx.execute(
      """
      UPDATE shipment_line l SET status = n.status FROM unnest($1::uuid[], $2::text[]) AS n (id, status)
      WHERE l.case_id = ANY ($1) AND l.case_id = n.id AND l.shipment_id = ANY ($3)
      """, decided.map(\.0), decided.map(\.1), open)
    let moved = try tx.query(
      """
      UPDATE shipment s SET state = n.state, updated_at = $1, hold_reason = NULL,
        outcome_sequence = outcome_sequence + CASE n.state WHEN 'held' THEN 1 ELSE 0 END
      FROM (SELECT shipment_id, CASE WHEN bool_or(status = 'rejected') THEN 'held'
              WHEN bool_or(status = 'waiting') THEN 'waiting' ELSE 'ready' END AS state
            FROM shipment_line WHERE shipment_id = ANY ($2) GROUP BY shipment_id) n
      WHERE s.id = n.shipment_id AND s.state <> n.state RETURNING s.id, s.market::text, s.state
      """, now, open)
    return try moved.map(ShipmentID.self, Market.self, ShipmentState.self) { ($0, $1, $2) }
  }

  /// The lines of cases that were taken back wait again, and with them the shipments that have no documents yet.
  public static func awaitAgain(_ cases: [CaseID], at now: Instant, _ tx: borrowing Transaction) throws {
    guard !cases.isEmpty else { return }
    let open = try tx.query(
      """
      SELECT id FROM shipment WHERE id = ANY (ARRAY(SELECT shipment_id FROM shipment_line WHERE case_id = ANY ($1)))
        AND state IN ('waiting', 'ready') ORDER BY id FOR UPDATE
      """, cases
    ).map(ShipmentID.self) { $0 }
    try tx.execute(
      "UPDATE shipment_line SET status = 'waiting' WHERE case_id = ANY ($1) AND shipment_id = ANY ($2)", cases, open)
    try tx.execute(
      "UPDATE shipment SET state = 'waiting', updated_at = $2 WHERE id = ANY ($1) AND state = 'ready'", open, now)
  }

  /// Those that documents were drawn for, in order of their ids, a page at a time; released ones while they may be on their way.
  public static func documented(
    after last: ShipmentID?, releasedSince since: Instant, limit: Int, _ tx: borrowing Transaction
  ) throws -> [StoredShipment] {
    let first = last ?? ShipmentID(UniqueID(high: 0, low: 0))
    let ids = try tx.query(
      """
      SELECT id FROM shipment WHERE id > $1 AND (state IN ('documented', 'undeliverable')
        OR (state = 'written-back' AND updated_at > $2)) ORDER BY id LIMIT $3
      """, first, since, limit
    ).map(ShipmentID.self) { $0 }
    let loaded = try load(ids, tx)
    return ids.compactMap { loaded[$0] }
  }

  /// One that was ready is documented or held for the first time, or one that was documented is held: the ERP has something
  /// new to be told.
  public static func move(
    _ ids: [ShipmentID], from: ShipmentState, to: ShipmentState, because reason: String? = nil, at now: Instant,
    _ tx: borrowing Transaction
  )
    throws -> Set<ShipmentID>
  {
    guard !ids.isEmpty else { return [] }
    let rows = try tx.query(
      """
      UPDATE shipment SET state = $3, updated_at = $4, hold_reason = $5,
        outcome_sequence = outcome_sequence + CASE WHEN state = 'ready' OR $3 = 'held' THEN 1 ELSE 0 END
      WHERE id = ANY ($1) AND state = $2 RETURNING id
      """, ids, from, to, now, reason)
    return Set(try rows.map(ShipmentID.self) { $0 })
  }
}
