import Crypto
import Domain
import Postgres

/// Reads a tenant's log page by page, to check it or to prove it. The tenant is named in each statement, so that a
/// superuser, whom row level security does not bind, reads the same. A page costs the same however long the log is: each
/// LIMIT stands in the text, where the planner sees it, and the joined queries have one too.
public enum AuditReading {
  public static let pageRows = 5000

  /// A sealed leaf and the entry that stands where the leaf says, if one does.
  public struct Leaf: Sendable {
    public var index: UInt64
    public var position: AuditPosition
    public var hash: [UInt8]
    public var entry: Entry?

    public init(index: UInt64, position: AuditPosition, hash: [UInt8], entry: Entry?) {
      self.index = index
      self.position = position
      self.hash = hash
      self.entry = entry
    }
  }

  public struct Entry: Sendable {
    public var subject: UniqueID
    public var content: String
    public var hash: [UInt8]

    public init(subject: UniqueID, content: String, hash: [UInt8]) {
      self.subject = subject
      self.content = content
      self.hash = hash
    }
  }

  public static func leaves(_ tenant: TenantID, from index: UInt64, _ tx: borrowing Transaction) throws -> [Leaf] {
    let rows = try tx.query(
      """
      SELECT l.leaf_index, l.xid, l.seq, l.leaf_hash, e.subject_id, e.content, e.leaf_hash
      FROM (
        SELECT leaf_index, xid, seq, leaf_hash FROM audit_leaf
        WHERE tenant = $1 AND environment = current_setting('app.environment') AND leaf_index >= $2
        ORDER BY leaf_index LIMIT 5000) l
      LEFT JOIN LATERAL (
        SELECT subject_id, content, leaf_hash FROM audit_entry
        WHERE tenant = $1 AND environment = current_setting('app.environment') AND xid = l.xid AND seq = l.seq
        LIMIT 1) e ON true
      ORDER BY l.leaf_index
      """, tenant.slug, Int64(clamping: index))
    return try rows.map(
      Int64.self, Int64.self, Int64.self, [UInt8].self, UniqueID?.self, String?.self, [UInt8]?.self
    ) { index, xid, seq, hash, subject, content, entryHash in
      var entry: Entry?
      if let subject, let content, let entryHash { entry = Entry(subject: subject, content: content, hash: entryHash) }
      return Leaf(
        index: UInt64(clamping: index), position: AuditPosition(xid: xid, seq: seq), hash: hash, entry: entry)
    }
  }

  public static func leafHashes(_ tenant: TenantID, from index: UInt64, _ tx: borrowing Transaction) throws
    -> [SHA256Digest]
  {
    let rows = try tx.query(
      """
      SELECT leaf_hash FROM audit_leaf
      WHERE tenant = $1 AND environment = current_setting('app.environment') AND leaf_index >= $2
      ORDER BY leaf_index LIMIT 20000
      """, tenant.slug, Int64(clamping: index))
    return try rows.map([UInt8].self) { SHA256Digest(bytes: $0) }.compactMap { $0 }
  }

  /// A page of entries in their order, with the text of those that no leaf stands for: not sealed yet, or put in between.
  public static func entries(
    _ tenant: TenantID, after position: AuditPosition, _ tx: borrowing Transaction
  ) throws -> [(position: AuditPosition, contentWithoutLeaf: String?)] {
    let rows = try tx.query(
      """
      SELECT e.xid, e.seq, CASE WHEN l.seq IS NULL THEN e.content END
      FROM (
        (SELECT xid, seq, content FROM audit_entry
        WHERE tenant = $1 AND environment = current_setting('app.environment') AND xid = $2::text::xid8 AND seq > $3
        ORDER BY xid, seq LIMIT 5000)
        UNION ALL
        (SELECT xid, seq, content FROM audit_entry
        WHERE tenant = $1 AND environment = current_setting('app.environment') AND xid > $2::text::xid8
        ORDER BY xid, seq LIMIT 5000)
        ORDER BY xid, seq LIMIT 5000) e
      LEFT JOIN LATERAL (
        SELECT seq FROM audit_leaf
        WHERE tenant = $1 AND environment = current_setting('app.environment') AND seq = e.seq AND xid = e.xid
        LIMIT 1) l ON true
      ORDER BY e.xid, e.seq
      """, tenant.slug, position.xid, position.seq)
    return try rows.map(Int64.self, Int64.self, String?.self) { (AuditPosition(xid: $0, seq: $1), $2) }
  }

  /// Which tenant has the entries that ought to be another's. For a transaction that has entered no tenant.
  public static func owners(of positions: [AuditPosition], _ tx: borrowing Transaction) throws -> [AuditPosition:
    TenantID]
  {
    let rows = try tx.query(
      """
      SELECT e.xid, e.seq, e.tenant::text
      FROM unnest($1::bigint[], $2::bigint[]) AS p (xid, seq) CROSS JOIN tenant t
      CROSS JOIN LATERAL (
        SELECT xid, seq, tenant FROM audit_entry
        WHERE tenant = t.tenant AND environment = current_setting('app.environment')
          AND xid = p.xid::text::xid8 AND seq = p.seq
        LIMIT 1) e
      """, positions.map(\.xid), positions.map(\.seq))
    let pairs = try rows.map(Int64.self, Int64.self, TenantID.self) { (AuditPosition(xid: $0, seq: $1), $2) }
    return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }

  /// The leaves of a subject's entries, oldest first, and how many of its entries are not sealed yet.
  public static func leaves(
    _ tenant: TenantID, of subject: UniqueID, before size: UInt64, _ tx: borrowing Transaction
  ) throws -> (sealed: [(index: UInt64, content: String)], unsealed: Int) {
    let rows = try tx.query(
      """
      SELECT l.leaf_index, e.content FROM audit_entry e
      LEFT JOIN LATERAL (
        SELECT leaf_index FROM audit_leaf
        WHERE tenant = $1 AND environment = current_setting('app.environment') AND seq = e.seq AND xid = e.xid
          AND leaf_index < $3
        LIMIT 1) l ON true
      WHERE e.subject_id = $2 AND e.tenant = $1 AND e.environment = current_setting('app.environment')
      ORDER BY e.xid, e.seq
      """, tenant.slug, subject, Int64(clamping: size))
    let found = try rows.map(Int64?.self, String.self) { ($0, $1) }
    let sealed = found.compactMap { index, content in index.map { (UInt64(clamping: $0), content) } }
    return (sealed, found.count - sealed.count)
  }
}
