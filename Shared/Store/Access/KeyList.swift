import Domain
import Postgres

/// The keys of a tenant, without what would let anyone use them.
public enum KeyList {
  public struct Listed: Sendable {
    public var account: String
    public var isPerson: Bool
    /// A person's key has theirs.
    public var roles: [String]
    public var isRevoked: Bool
  }

  public static func list(_ tx: borrowing Transaction) throws -> [Listed] {
    let rows = try tx.query(
      """
      SELECT k.account, k.is_person, coalesce(p.roles, k.roles), k.revoked_at IS NOT NULL
      FROM api_key k LEFT JOIN person p ON p.id = k.person_id ORDER BY k.account, k.created_at
      """)
    return try rows.map(String.self, Bool.self, [String].self, Bool.self) {
      Listed(account: $0, isPerson: $1, roles: $2, isRevoked: $3)
    }
  }
}
