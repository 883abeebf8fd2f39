import Domain
import JSON
import Postgres

/// A tenant's own rules: versions that never change, and activations, of which the newest is in force.
public enum OwnRulesStore {
  public struct Active: Sendable {
    public var version: Int64
    public var rules: OwnRules
  }

  public struct Activation: Sendable {
    /// nil where they were taken out of use.
    public var version: Int64?
    public var reason: String
    public var activatedBy: Actor
    public var activatedAt: Instant
  }

  public static func activeVersion(_ tx: borrowing Transaction) throws -> Int64? {
    try tx.query(
      "SELECT coalesce((SELECT coalesce(version, 0) FROM own_rules_activation ORDER BY id DESC LIMIT 1), 0)"
    ).first(Int64.self).flatMap { $0 == 0 ? nil : $0 }
  }

  public static func load(version: Int64, _ tx: borrowing Transaction) throws -> OwnRules? {
    let rows = try tx.query("SELECT content FROM own_rules_version WHERE version = $1", version)
    return try rows.first(JSONText.self).map { try StoredJSON.decode(OwnRules.self, $0) }
  }

  public static func active(_ tx: borrowing Transaction) throws -> Active? {
    guard let version = try activeVersion(tx), let rules = try load(version: version, tx) else { return nil }
    return Active(version: version, rules: rules)
  }

  public static func add(_ rules: OwnRules, by actor: Actor, at now: Instant, _ tx: borrowing Transaction) throws
    -> Int64
  {
    // The lock keeps two editors from taking the same number.
    _ = try tx.query("SELECT pg_advisory_xact_lock(hashtext('own rules ' || current_setting('app.tenant')))")
    return try tx.query(
      """
      INSERT INTO own_rules_version (version, content, created_by, created_at)
      SELECT coalesce(max(version), 0) + 1, $1::text::json, $2, $3 FROM own_rules_version
      WHERE tenant = current_setting('app.tenant') AND environment = current_setting('app.environment') RETURNING version
      """, StoredJSON.encode(rules.json), actor, now
    ).decode(row: 0, as: Int64.self)
  }

  /// - Parameter version: nil takes them out of use.
  public static func activate(
    version: Int64?, reason: String, by actor: Actor, at now: Instant, _ tx: borrowing Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO own_rules_activation (version, reason, activated_by, activated_at) VALUES (nullif($1, 0), $2, $3, $4)
      """, version ?? 0, reason, actor, now)
  }

  /// Newest first.
  public static func versions(_ tx: borrowing Transaction) throws -> [PolicyStore.Version] {
    let rows = try tx.query(
      """
      SELECT v.version, v.created_by, v.created_at,
        EXISTS (SELECT FROM own_rules_activation a WHERE a.tenant = v.tenant AND a.environment = v.environment
          AND a.version = v.version)
      FROM own_rules_version v WHERE v.tenant = current_setting('app.tenant') ORDER BY v.version DESC LIMIT 100
      """)
    return try rows.map(Int64.self, Actor.self, Instant.self, Bool.self) {
      PolicyStore.Version(number: $0, createdBy: $1, createdAt: $2, wasInForce: $3)
    }
  }

  /// Newest first.
  public static func history(_ tx: borrowing Transaction) throws -> [Activation] {
    let rows = try tx.query(
      "SELECT version, reason, activated_by, activated_at FROM own_rules_activation ORDER BY id DESC LIMIT 100")
    return try rows.map(Int64?.self, String.self, Actor.self, Instant.self) {
      Activation(version: $0, reason: $1, activatedBy: $2, activatedAt: $3)
    }
  }
}
