import Domain
import JSON
import Postgres

/// Products, their immutable revisions, and the cases that each revision opens.
public enum ProductStore {
  public struct Latest: Sendable {
    public var revision: Int64
    public var contentHash: [UInt8]?
    /// When the newest submission was made, whether or not it changed anything.
    public var submittedAt: Instant?

    public init(revision: Int64, contentHash: [UInt8]?, submittedAt: Instant?) {
      self.revision = revision
      self.contentHash = contentHash
      self.submittedAt = submittedAt
    }
  }

  /// Locks the SKUs until the transaction ends, creating rows for those not known. Sorted, so that two batches with the
  /// same SKUs wait for each other instead of deadlocking.
  public static func lock(_ skus: [String], _ tx: borrowing Transaction) throws -> [String: Latest] {
    let sorted = Set(skus).sorted()
    guard !sorted.isEmpty else { return [:] }
    try tx.execute("INSERT INTO product (sku) SELECT * FROM unnest($1::text[]) ON CONFLICT DO NOTHING", sorted)
    let rows = try tx.query(
      "SELECT sku, latest_revision, submitted_at FROM product WHERE sku = ANY ($1) ORDER BY sku FOR UPDATE", sorted)
    let pairs = try rows.map(String.self, Int64.self, Instant?.self) {
      ($0, Latest(revision: $1, contentHash: nil, submittedAt: $2))
    }
    var latest = Dictionary(uniqueKeysWithValues: pairs)
    // Asked only now: a statement that waited for a lock sees the row as it is, but other tables as before its wait.
    let known = latest.filter { $0.value.revision > 0 }
    for (sku, hash) in try contentHashes(known.map { (sku: $0.key, revision: $0.value.revision) }, tx) {
      latest[sku]?.contentHash = hash
    }
    return latest
  }

  private static func contentHashes(_ revisions: [(sku: String, revision: Int64)], _ tx: borrowing Transaction) throws
    -> [(String, [UInt8])]
  {
    guard !revisions.isEmpty else { return [] }
    let rows = try tx.query(
      """
      SELECT r.sku, r.content_hash FROM product_revision r
      JOIN unnest($1::text[], $2::int8[]) AS n (sku, revision) ON r.sku = n.sku AND r.revision = n.revision
      WHERE r.sku = ANY ($1) AND r.revision = ANY ($2)
      """, revisions.map(\.sku), revisions.map(\.revision))
    return try rows.map(String.self, [UInt8].self) { ($0, $1) }
  }

  /// Remembers when submissions that changed nothing were made.
  public static func markSubmitted(_ times: [String: Instant], _ tx: borrowing Transaction) throws {
    guard !times.isEmpty else { return }
    let sorted = times.sorted { $0.key < $1.key }
    try tx.executeLater(
      """
      UPDATE product p SET submitted_at = n.at FROM unnest($1::text[], $2::timestamptz[]) AS n (sku, at)
      WHERE p.sku = ANY ($1) AND p.sku = n.sku AND (p.submitted_at IS NULL OR p.submitted_at < n.at)
      """, sorted.map(\.key), sorted.map(\.value))
  }

  public struct Revision: Sendable {
    public var id: ProductRevisionID
    public var number: Int64
    public var product: Product
    public var contentHash: [UInt8]
    public var submittedAt: Instant?

    public init(
      id: ProductRevisionID, number: Int64, product: Product, contentHash: [UInt8], submittedAt: Instant? = nil
    ) {
      self.id = id
      self.number = number
      self.product = product
      self.contentHash = contentHash
      self.submittedAt = submittedAt
    }
  }

  public static func insert(_ revisions: [Revision], at now: Instant, _ tx: borrowing Transaction) throws {
    guard !revisions.isEmpty else { return }
    let skus = revisions.map(\.product.sku)
    try tx.executeLater(
      """
      INSERT INTO product_revision (id, sku, revision, content_hash, content, received_at)
      SELECT id, sku, revision, hash, content::json, $1
      FROM unnest($2::uuid[], $3::text[], $4::int8[], $5::bytea[], $6::text[]) AS n (id, sku, revision, hash, content)
      """, now, revisions.map(\.id), skus, revisions.map(\.number), revisions.map(\.contentHash),
      revisions.map { StoredJSON.encode($0.product.json) })
    try tx.executeLater(
      """
      INSERT INTO product AS p (sku, latest_revision, submitted_at)
      SELECT sku, max(revision), max(at)
      FROM unnest($1::text[], $2::int8[], $3::timestamptz[]) AS r (sku, revision, at) GROUP BY sku
      ON CONFLICT (sku, tenant, environment) DO UPDATE
      SET latest_revision = excluded.latest_revision, submitted_at = greatest(p.submitted_at, excluded.submitted_at)
      WHERE p.latest_revision < excluded.latest_revision
      """, skus, revisions.map(\.number), revisions.map(\.submittedAt))
  }

  public struct NewCase: Sendable {
    public var id: CaseID
    public var revisionID: ProductRevisionID
    public var sku: String
    public var market: Market

    public init(id: CaseID, revisionID: ProductRevisionID, sku: String, market: Market) {
      self.id = id
      self.revisionID = revisionID
      self.sku = sku
      self.market = market
    }
  }

  public static func open(_ cases: [NewCase], at now: Instant, _ tx: borrowing Transaction) throws {
    guard !cases.isEmpty else { return }
    try tx.executeLater(
      """
      INSERT INTO customs_case (id, product_revision_id, sku, market, state, opened_at, updated_at)
      SELECT id, revision_id, sku, market, 'opened', $1, $1
      FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[]) AS n (id, revision_id, sku, market)
      """, now, cases.map(\.id), cases.map(\.revisionID), cases.map(\.sku), cases.map(\.market))
  }

  /// Cases of older revisions that no decision has closed give way to the new revision's.
  /// - Returns: the cases superseded.
  public static func supersede(olderThan revisions: [Revision], at now: Instant, _ tx: borrowing Transaction) throws
    -> [CaseID]
  {
    let later = revisions.filter { $0.number > 1 }
    guard !later.isEmpty else { return [] }
    let rows = try tx.query(
      """
      UPDATE customs_case c SET state = 'superseded', version = c.version + 1, updated_at = $1
      FROM unnest($2::text[], $3::uuid[]) AS n (sku, revision_id)
      WHERE c.sku = ANY ($2) AND c.sku = n.sku AND c.product_revision_id <> n.revision_id
        AND c.state IN ('opened', 'classified', 'awaiting-decision', 'awaiting-information')
      RETURNING c.id
      """, now, later.map(\.product.sku), later.map(\.id))
    return try rows.map(CaseID.self) { $0 }
  }
}
