import Crypto
import Domain
import Merkle
import Postgres

/// Turns entries into leaves of their tenant's log and keeps the signed checkpoints. Entries get their place in the order
/// of their transactions, and only once every older transaction has ended: so nothing comes in before a sealed leaf.
public enum AuditSeals {
  /// A checkpoint as it is stored, which is not to say that it is right.
  public struct Seal: Sendable {
    public var size: UInt64
    public var root: [UInt8]
    public var subtrees: [UInt8]
    public var note: String
    public var publicKey: [UInt8]
    public var sealedAt: Instant

    public init(frontier: MerkleFrontier, note: SignedNote, publicKey: Ed25519PublicKey, sealedAt: Instant) {
      self.init(
        size: frontier.size, root: frontier.root.bytes, subtrees: frontier.roots.flatMap(\.bytes),
        note: note.description, publicKey: publicKey.rawBytes, sealedAt: sealedAt)
    }

    init(size: UInt64, root: [UInt8], subtrees: [UInt8], note: String, publicKey: [UInt8], sealedAt: Instant) {
      self.size = size
      self.root = root
      self.subtrees = subtrees
      self.note = note
      self.publicKey = publicKey
      self.sealedAt = sealedAt
    }

    /// The tree to go on from; nil when what is stored is not one.
    public var frontier: MerkleFrontier? {
      let starts = stride(from: 0, to: subtrees.count, by: SHA256Digest.byteCount)
      let roots = starts.compactMap { SHA256Digest(bytes: Array(subtrees[$0...].prefix(SHA256Digest.byteCount))) }
      return MerkleFrontier(size: size, roots: roots)
    }
  }

  public struct Pending: Sendable {
    public var tenant: TenantID
    /// The server's transaction numbers lie below those of sealed leaves: a copy of the rows was loaded into another
    /// server, where no entry would ever come after the last leaf.
    public var transactionsWentBack: Bool
  }

  /// The tenants with entries to seal. Cheap when there are none.
  public static func pending(_ tx: borrowing Transaction) throws -> [Pending] {
    let ends = try logEnds(tx)
    let rows = try tx.query(
      """
      SELECT p.tenant, p.xid >= pg_snapshot_xmax(pg_current_snapshot())
      FROM unnest($1::text[], $2::text[]::xid8[], $3::bigint[]) AS p (tenant, xid, seq)
      LEFT JOIN LATERAL (
        (SELECT true AS found FROM audit_entry
        WHERE tenant = p.tenant AND environment = current_setting('app.environment') AND xid = p.xid AND seq > p.seq
        ORDER BY xid, seq LIMIT 1)
        UNION ALL
        (SELECT true FROM audit_entry
        WHERE tenant = p.tenant AND environment = current_setting('app.environment')
          AND xid > p.xid AND xid < pg_snapshot_xmin(pg_current_snapshot())
        ORDER BY xid, seq LIMIT 1)
        LIMIT 1) e ON true
      WHERE e.found OR p.xid >= pg_snapshot_xmax(pg_current_snapshot()) ORDER BY p.tenant
      """, ends.map(\.tenant), ends.map(\.xid), ends.map(\.seq))
    return try rows.map(TenantID.self, Bool.self) { Pending(tenant: $0, transactionsWentBack: $1) }
  }

  /// Where each tenant's log ends now. The statements that go on from there get the numbers as parameters: row level
  /// security lets the planner use an index only for conditions as plain as that, and ORDER BY makes it.
  private static func logEnds(_ tx: borrowing Transaction) throws -> [(tenant: String, xid: String, seq: Int64)] {
    let rows = try tx.query(
      """
      SELECT t.tenant::text, coalesce(last.xid, '0')::text, coalesce(last.seq, 0)
      FROM tenant t LEFT JOIN LATERAL (
        SELECT l.xid, l.seq FROM audit_leaf l
        WHERE l.tenant = t.tenant AND l.environment = current_setting('app.environment')
        ORDER BY l.leaf_index DESC LIMIT 1) last ON true
      """)
    return try rows.map(String.self, String.self, Int64.self) { (tenant: $0, xid: $1, seq: $2) }
  }

  /// Whether this transaction may seal the tenant's log. Two at once would give one place to two entries.
  public static func hold(_ tenant: TenantID, _ tx: borrowing Transaction) throws -> Bool {
    try tx.query(
      """
      SELECT pg_try_advisory_xact_lock(hashtextextended(current_setting('app.environment') || ' ' || $1, 7221902))
      """, tenant.slug
    ).decode(row: 0, as: Bool.self)
  }

  public static func last(_ tenant: TenantID, _ tx: borrowing Transaction) throws -> Seal? {
    let rows = try tx.query(
      """
      SELECT tree_size, root_hash, subtrees, note, public_key, sealed_at FROM audit_checkpoint
      WHERE tenant = $1 AND environment = current_setting('app.environment') ORDER BY tree_size DESC LIMIT 1
      """, tenant.slug)
    return try decode(rows).first
  }

  /// A page, in the order of their sizes.
  public static func list(_ tenant: TenantID, after size: UInt64, _ tx: borrowing Transaction) throws
    -> [Seal]
  {
    let rows = try tx.query(
      """
      SELECT tree_size, root_hash, subtrees, note, public_key, sealed_at FROM audit_checkpoint
      WHERE tenant = $1 AND environment = current_setting('app.environment') AND tree_size > $2
      ORDER BY tree_size LIMIT 500
      """, tenant.slug, Int64(clamping: size))
    return try decode(rows)
  }

  private static func decode(_ rows: borrowing Rows) throws -> [Seal] {
    try rows.map(Int64.self, [UInt8].self, [UInt8].self, String.self, [UInt8].self, Instant.self) {
      Seal(size: UInt64(clamping: $0), root: $1, subtrees: $2, note: $3, publicKey: $4, sealedAt: $5)
    }
  }

  public static func lastLeaf(_ tenant: TenantID, _ tx: borrowing Transaction) throws -> (
    index: UInt64, position: AuditPosition
  )? {
    let rows = try tx.query(
      """
      SELECT leaf_index, xid, seq FROM audit_leaf
      WHERE tenant = $1 AND environment = current_setting('app.environment') ORDER BY leaf_index DESC LIMIT 1
      """, tenant.slug)
    return try rows.first(Int64.self, Int64.self, Int64.self).map {
      (UInt64(clamping: $0.0), AuditPosition(xid: $0.1, seq: $0.2))
    }
  }

  /// Leaves in one transaction, and so under one checkpoint, at most.
  public static let batchMax = 20_000

  /// Gives the next entries of the entered tenant their places, a batch at most.
  /// - Returns: the hashes of the new leaves, in their order.
  public static func appendLeaves(
    after position: AuditPosition, from index: UInt64, _ tx: borrowing Transaction
  ) throws -> [SHA256Digest] {
    let rows = try tx.query(
      """
      INSERT INTO audit_leaf (leaf_index, seq, xid, leaf_hash)
      SELECT $3 + row_number() OVER (ORDER BY xid, seq) - 1, seq, xid, leaf_hash FROM (
        (SELECT seq, xid, leaf_hash FROM audit_entry
        WHERE tenant = current_setting('app.tenant') AND environment = current_setting('app.environment')
          AND xid = $1::text::xid8 AND seq > $2
        ORDER BY xid, seq LIMIT 20000)
        UNION ALL
        (SELECT seq, xid, leaf_hash FROM audit_entry
        WHERE tenant = current_setting('app.tenant') AND environment = current_setting('app.environment')
          AND xid > $1::text::xid8 AND xid < pg_snapshot_xmin(pg_current_snapshot())
        ORDER BY xid, seq LIMIT 20000)
        ORDER BY xid, seq LIMIT 20000) next
      ORDER BY xid, seq RETURNING leaf_index, leaf_hash
      """, position.xid, position.seq, Int64(index))
    let leaves = try rows.map(Int64.self, [UInt8].self) { ($0, SHA256Digest(bytes: $1)) }
    return leaves.sorted { $0.0 < $1.0 }.compactMap(\.1)
  }

  public static func append(_ seal: Seal, _ tx: borrowing Transaction) throws {
    try tx.execute(
      """
      INSERT INTO audit_checkpoint (tree_size, root_hash, subtrees, note, public_key, sealed_at)
      VALUES ($1, $2, $3, $4, $5, $6)
      """, Int64(seal.size), seal.root, seal.subtrees, seal.note, seal.publicKey, seal.sealedAt)
  }

  /// Entries of all tenants that are in no log yet: how many, and between which rows.
  public static func unsealed(_ tx: borrowing Transaction) throws -> (count: Int64, rows: ClosedRange<Int64>?) {
    let ends = try logEnds(tx)
    let (count, first, last) = try tx.query(
      """
      SELECT coalesce(sum(e.count), 0)::bigint, min(e.first), max(e.last)
      FROM unnest($1::text[], $2::text[]::xid8[], $3::bigint[]) AS p (tenant, xid, seq)
      CROSS JOIN LATERAL (
        SELECT count(*), min(seq) AS first, max(seq) AS last FROM audit_entry
        WHERE tenant = p.tenant AND environment = current_setting('app.environment') AND xid = p.xid AND seq > p.seq
        UNION ALL
        SELECT count(*), min(seq), max(seq) FROM audit_entry
        WHERE tenant = p.tenant AND environment = current_setting('app.environment') AND xid > p.xid) e
      """, ends.map(\.tenant), ends.map(\.xid), ends.map(\.seq)
    ).decode(row: 0, as: Int64.self, Int64?.self, Int64?.self)
    if let first, let last { return (count, first...last) }
    return (count, nil)
  }
}
