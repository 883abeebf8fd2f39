import Domain
import JSON
import Postgres

/// A case as it stands, with the revision of the product it is about.
public struct StoredCase: Sendable {
  public var id: CaseID
  public var revisionID: ProductRevisionID
  public var revision: Int64
  public var product: Product
  public var contentHash: [UInt8]
  public var market: Market
  public var state: CaseState
  public var version: Int64
  public var lane: Lane?
  public var decisionID: DecisionID?
  public var openedAt: Instant
}

/// One step of one case. It applies only if the case still has the version that was read.
public struct CaseTransition: Sendable {
  public var caseID: CaseID
  public var fromVersion: Int64
  public var to: CaseState
  public var lane: Lane?
  public var decisionID: DecisionID?

  public init(_ stored: StoredCase, to state: CaseState, lane: Lane? = nil, decisionID: DecisionID? = nil) {
    caseID = stored.id
    fromVersion = stored.version
    to = state
    self.lane = lane
    self.decisionID = decisionID
  }
}

public enum CaseStore {
  public static func load(_ ids: [CaseID], _ tx: borrowing Transaction) throws -> [CaseID: StoredCase] {
    let rows = try tx.query(
      """
      SELECT c.id, c.product_revision_id, r.revision, r.content, r.content_hash, c.market::text, c.state, c.version, c.lane,
        c.decision_id, c.opened_at
      FROM customs_case c JOIN product_revision r ON r.id = c.product_revision_id WHERE c.id = ANY ($1)
      """, ids)
    let cases = try rows.map(
      CaseID.self, ProductRevisionID.self, Int64.self, JSONText.self, [UInt8].self, Market.self, CaseState.self,
      Int64.self, Lane?.self, DecisionID?.self, Instant.self
    ) { id, revisionID, revision, content, hash, market, state, version, lane, decisionID, openedAt in
      StoredCase(
        id: id, revisionID: revisionID, revision: revision, product: try StoredJSON.decode(Product.self, content),
        contentHash: hash, market: market, state: state, version: version, lane: lane, decisionID: decisionID,
        openedAt: openedAt)
    }
    return Dictionary(uniqueKeysWithValues: cases.map { ($0.id, $0) })
  }

  /// Sorted by id, so that two batches lock the same cases in the same order.
  /// - Returns: the cases that moved; another's step came first for the rest.
  public static func apply(_ transitions: [CaseTransition], at now: Instant, _ tx: borrowing Transaction) throws
    -> Set<CaseID>
  {
    guard !transitions.isEmpty else { return [] }
    let sorted = transitions.sorted { $0.caseID < $1.caseID }
    // Of a database it knows nothing of yet, the planner expects one case and would compare each with the whole batch.
    try tx.executeLater("SET LOCAL enable_nestloop = off")
    let rows = try tx.query(
      """
      UPDATE customs_case c SET state = n.state, version = c.version + 1, lane = coalesce(n.lane, c.lane),
        decision_id = coalesce(n.decision_id, c.decision_id), updated_at = $1
      FROM unnest($2::uuid[], $3::int8[], $4::text[], $5::text[], $6::uuid[]) AS n (id, version, state, lane, decision_id)
      WHERE c.id = ANY ($2) AND c.id = n.id AND c.version = n.version RETURNING c.id
      """, now, sorted.map(\.caseID), sorted.map(\.fromVersion), sorted.map(\.to), sorted.map(\.lane),
      sorted.map(\.decisionID))
    try tx.executeLater("SET LOCAL enable_nestloop = on")
    return Set(try rows.map(CaseID.self) { $0 })
  }

  /// Those that were cleared and not superseded, in order of their ids, a page at a time.
  public static func cleared(after last: CaseID?, limit: Int, _ tx: borrowing Transaction) throws -> [CaseID] {
    let first = last ?? CaseID(UniqueID(high: 0, low: 0))
    return try tx.query(
      """
      SELECT c.id FROM customs_case c WHERE c.id > $1
        AND c.state IN ('decided', 'documented', 'written-back', 'undeliverable', 'conflicted')
        AND (SELECT kind FROM decision WHERE case_id = c.id ORDER BY sequence DESC LIMIT 1) <> 'rejected'
      ORDER BY c.id LIMIT $2
      """, first, limit
    ).map(CaseID.self) { $0 }
  }

  /// The newest first.
  public static func recent(_ count: Int, in market: Market?, _ tx: borrowing Transaction) throws -> [CaseID] {
    try tx.query(
      """
      SELECT id FROM customs_case WHERE state NOT IN ('opened', 'superseded') AND ($2::text IS NULL OR market = $2)
      ORDER BY opened_at DESC, id LIMIT $1
      """, count, market
    ).map(CaseID.self) { $0 }
  }

  public static func find(sku: String, _ tx: borrowing Transaction) throws -> [CaseID] {
    try tx.query("SELECT id FROM customs_case WHERE sku = $1 ORDER BY opened_at DESC, market LIMIT 200", sku)
      .map(CaseID.self) { $0 }
  }

  public static func tenant(of id: CaseID, _ tx: borrowing Transaction) throws -> TenantID? {
    try tx.query("SELECT tenant::text FROM customs_case WHERE id = $1", id).first(TenantID.self)
  }
}
