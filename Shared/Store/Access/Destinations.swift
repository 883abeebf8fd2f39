import Domain
import JSON
import Postgres

/// Destinations as the operator sees them: everything but their secrets.
public enum Destinations {
  public struct Listed: Sendable {
    public var tenant: TenantID
    public var name: String
    public var kind: Destination.Kind
    public var config: JSONValue
    public var isDryRun: Bool
    public var carries: Destination.Content
    public var disabledReason: String?
    public var isDisabled: Bool
  }

  public static func list(_ tx: borrowing Transaction) throws -> [Listed] {
    let rows = try tx.query(
      """
      SELECT tenant::text, name, kind, config, dry_run, disabled_reason, disabled_at IS NOT NULL, carries
      FROM destination
      ORDER BY tenant, name
      """)
    return try rows.map(
      TenantID.self, String.self, Destination.Kind.self, JSONText.self, Bool.self, String?.self, Bool.self,
      Destination.Content.self
    ) {
      Listed(
        tenant: $0, name: $1, kind: $2, config: try StoredJSON.value($3), isDryRun: $4, carries: $7,
        disabledReason: $5, isDisabled: $6)
    }
  }

  /// - Returns: false when the tenant has a destination of that name.
  public static func add(_ destination: Destination, _ tx: borrowing Transaction) throws -> Bool {
    try tx.execute(
      """
      INSERT INTO destination (name, kind, config, secrets, dry_run, carries)
      VALUES ($1, $2, $3::text::json, $4, $5, $6)
      ON CONFLICT DO NOTHING
      """, destination.name, destination.kind, StoredJSON.encode(destination.config), destination.secrets,
      destination.isDryRun, destination.carries) == 1
  }

  /// - Returns: false when there is none of that name.
  public static func enable(_ name: String, _ tx: borrowing Transaction) throws -> Bool {
    try tx.execute("UPDATE destination SET disabled_at = NULL, disabled_reason = NULL WHERE name = $1", name) == 1
  }
}
