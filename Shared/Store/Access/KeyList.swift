import Domain
import Postgres

/// The keys of a tenant, without what would let anyone use them.
public enum KeyList {
  public struct Listed: Sendable {
    public var account: String
    public var isPerson: Bool
    public var roles: [String]
    public var isRevoked: Bool
  }

  public static func list(_ tx: borrowing Transaction) throws -> [Listed] {
    let rows = try tx.query(
      "SELECT account, is_person, roles, revoked_at IS NOT NULL FROM api_key ORDER BY account, created_at")
    return try rows.map(String.self, Bool.self, [String].self, Bool.self) {
      Listed(account: $0, isPerson: $1, roles: $2, isRevoked: $3)
    }
  }
}
