import Domain
import Postgres

/// Parties that a person found not to be the listed ones whose names they resemble.
public enum ClearedParties {
  public struct Clearance: Hashable, Sendable {
    public var list: String
    public var entry: String
    /// Of the entry as it stood when the person looked.
    public var entryHash: [UInt8]
    public var nameKey: String
    public var name: String
    public var reason: String
    public var expiresAt: Instant

    public init(
      list: String, entry: String, entryHash: [UInt8], nameKey: String, name: String, reason: String, expiresAt: Instant
    ) {
      self.list = list
      self.entry = entry
      self.entryHash = entryHash
      self.nameKey = nameKey
      self.name = name
      self.reason = reason
      self.expiresAt = expiresAt
    }
  }

  public static func add(_ clearance: Clearance, by actor: Actor, at now: Instant, _ tx: borrowing Transaction) throws {
    try tx.execute(
      """
      INSERT INTO cleared_party (list, entry, entry_sha256, name_key, name, reason, cleared_by, cleared_at, expires_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      """, clearance.list, clearance.entry, clearance.entryHash, clearance.nameKey, clearance.name, clearance.reason,
      actor, now, clearance.expiresAt)
  }

  /// Changes whenever one is added.
  public static func generation(_ tx: borrowing Transaction) throws -> Int64 {
    try tx.query("SELECT coalesce(max(id), 0) FROM cleared_party").decode(row: 0, as: Int64.self)
  }

  /// Those that have not expired, the newest of each name and entry.
  public static func inForce(at now: Instant, _ tx: borrowing Transaction) throws -> [Clearance] {
    let rows = try tx.query(
      """
      SELECT list, entry, entry_sha256, name_key, name, reason, expires_at FROM
        (SELECT DISTINCT ON (list, entry, name_key) * FROM cleared_party ORDER BY list, entry, name_key, id DESC) c
      WHERE expires_at > $1 ORDER BY list, entry, name_key
      """, now)
    return try rows.map(
      String.self, String.self, [UInt8].self, String.self, String.self, String.self, Instant.self
    ) {
      Clearance(list: $0, entry: $1, entryHash: $2, nameKey: $3, name: $4, reason: $5, expiresAt: $6)
    }
  }
}
