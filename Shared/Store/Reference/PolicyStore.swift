import Domain
import JSON
import Postgres

/// A tenant's policies: versions that never change, and activations, of which the newest is in force.
public enum PolicyStore {
  public struct Active: Sendable {
    public var version: Int64
    public var policy: Policy

    public init(version: Int64, policy: Policy) {
      self.version = version
      self.policy = policy
    }
  }

  public struct Activation: Sendable {
    public var version: Int64
    public var reason: String
    public var activatedBy: Actor
    public var activatedAt: Instant
  }

  public static func activeVersion(_ tx: borrowing Transaction) throws -> Int64? {
    try tx.query("SELECT version FROM policy_activation ORDER BY id DESC LIMIT 1").first(Int64.self)
  }

  public static func load(version: Int64, _ tx: borrowing Transaction) throws -> Policy? {
    let rows = try tx.query("SELECT content FROM policy_version WHERE version = $1", version)
    return try rows.first(JSONText.self).map { try StoredJSON.decode(Policy.self, $0) }
  }

  public static func active(_ tx: borrowing Transaction) throws -> Active? {
    guard let version = try activeVersion(tx), let policy = try load(version: version, tx) else { return nil }
    return Active(version: version, policy: policy)
  }

  public static func add(_ policy: Policy, by actor: Actor, at now: Instant, _ tx: borrowing Transaction) throws
    -> Int64
  {
    // The lock keeps two editors from taking the same number.
    _ = try tx.query("SELECT pg_advisory_xact_lock(hashtext('policy ' || current_setting('app.tenant')))")
    return try tx.query(
      """
      INSERT INTO policy_version (version, content, created_by, created_at)
      SELECT coalesce(max(version), 0) + 1, $1::text::json, $2, $3 FROM policy_version
      WHERE tenant = current_setting('app.tenant') AND environment = current_setting('app.environment') RETURNING version
      """, StoredJSON.encode(policy.json), actor, now
    ).decode(row: 0, as: Int64.self)
  }

  /// Of two who put something into force at once, the later sees what the earlier did.
  public static func lockActivations(_ tx: borrowing Transaction) throws {
    _ = try tx.query("SELECT pg_advisory_xact_lock(hashtext('activation ' || current_setting('app.tenant')))")
  }

  public static func activate(
    version: Int64, reason: String, by actor: Actor, at now: Instant, _ tx: borrowing Transaction
  )
    throws
  {
    try tx.execute(
      """
      INSERT INTO policy_activation (version, reason, activated_by, activated_at) VALUES ($1, $2, $3, $4)
      """, version, reason, actor, now)
  }

  /// A version, in force or not.
  public struct Version: Sendable {
    public var number: Int64
    public var createdBy: Actor
    public var createdAt: Instant
    public var wasInForce: Bool
  }

  /// Newest first.
  public static func versions(_ tx: borrowing Transaction) throws -> [Version] {
    let rows = try tx.query(
      """
      SELECT v.version, v.created_by, v.created_at,
        EXISTS (SELECT FROM policy_activation a WHERE a.tenant = v.tenant AND a.environment = v.environment
          AND a.version = v.version)
      FROM policy_version v WHERE v.tenant = current_setting('app.tenant') ORDER BY v.version DESC LIMIT 100
      """)
    return try rows.map(Int64.self, Actor.self, Instant.self, Bool.self) {
      Version(number: $0, createdBy: $1, createdAt: $2, wasInForce: $3)
    }
  }

  /// Newest first.
  public static func history(_ tx: borrowing Transaction) throws -> [Activation] {
    let rows = try tx.query(
      """
      SELECT version, reason, activated_by, activated_at FROM policy_activation
      WHERE tenant = current_setting('app.tenant') ORDER BY id DESC LIMIT 100
      """)
    return try rows.map(Int64.self, String.self, Actor.self, Instant.self) {
      Activation(version: $0, reason: $1, activatedBy: $2, activatedAt: $3)
    }
  }
}
