import Crypto
import Domain
import Postgres

/// Brings a database to this program's schema, one file after another, each in its own transaction. Files are never
/// edited once applied: their hash is kept and compared.
public struct Migrator: Sendable {
  public struct Migration: Sendable {
    public let version: Int64
    public let name: String
    public let sql: String
    public var sha256: [UInt8] { SHA256.hash(sql).bytes }
  }

  public static let migrations: [Migration] = [
    Migration(version: 1, name: "create_spine", sql: text(PackageResources.m0001_create_spine_sql)),
    Migration(version: 2, name: "withdraw_precedents", sql: text(PackageResources.m0002_withdraw_precedents_sql)),
    Migration(version: 3, name: "add_party_lists", sql: text(PackageResources.m0003_add_party_lists_sql)),
    Migration(version: 4, name: "keep_duty_shares", sql: text(PackageResources.m0004_keep_duty_shares_sql)),
    Migration(version: 5, name: "keep_own_rules", sql: text(PackageResources.m0005_keep_own_rules_sql)),
    Migration(version: 6, name: "add_people", sql: text(PackageResources.m0006_add_people_sql)),
    Migration(version: 7, name: "arrange_the_queue", sql: text(PackageResources.m0007_arrange_the_queue_sql)),
    Migration(version: 8, name: "keep_desk_figures", sql: text(PackageResources.m0008_keep_desk_figures_sql)),
    Migration(version: 9, name: "tell_of_reviews", sql: text(PackageResources.m0009_tell_of_reviews_sql)),
    Migration(version: 10, name: "widen_precedents", sql: text(PackageResources.m0010_widen_precedents_sql)),
    Migration(version: 11, name: "watch_lists", sql: text(PackageResources.m0011_watch_lists_sql)),
    Migration(
      version: 12, name: "count_second_opinions", sql: text(PackageResources.m0012_count_second_opinions_sql)),
    Migration(version: 13, name: "keep_tariffs", sql: text(PackageResources.m0013_keep_tariffs_sql)),
    Migration(version: 14, name: "know_people_elsewhere", sql: text(PackageResources.m0014_know_people_elsewhere_sql)),
    Migration(version: 15, name: "hasten_the_queue", sql: text(PackageResources.m0015_hasten_the_queue_sql)),
    Migration(version: 17, name: "know_whose_key", sql: text(PackageResources.m0017_know_whose_key_sql)),
  ]

  public static var requiredVersion: Int64 { migrations.last?.version ?? 0 }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  private let pool: PostgresPool

  public init(pool: PostgresPool) { self.pool = pool }

  /// - Returns: the versions applied now.
  public func migrate() async throws -> [Int64] {
    try await pool.transaction { tx in
      // Two migrators at once wait for each other here instead of colliding in the catalogue.
      _ = try tx.query("SELECT pg_advisory_xact_lock(7221900)")
      try tx.executeScript(
        """
        CREATE TABLE IF NOT EXISTS schema_migration (
          version bigint PRIMARY KEY, name text NOT NULL, sha256 bytea NOT NULL,
          applied_at timestamptz NOT NULL DEFAULT now())
        """)
    }
    var applied: [Int64] = []
    for migration in Migrator.migrations where try await apply(migration) { applied.append(migration.version) }
    return applied
  }

  private func apply(_ migration: Migration) async throws -> Bool {
    try await pool.transaction { tx in
      _ = try tx.query("SELECT pg_advisory_xact_lock(7221900)")
      let known = try tx.query("SELECT sha256 FROM schema_migration WHERE version = $1", migration.version)
      if let hash = try known.first([UInt8].self) {
        guard hash == migration.sha256 else {
          throw StoreError.migrationChanged(version: migration.version, name: migration.name)
        }
        return false
      }
      try tx.executeScript("SET LOCAL lock_timeout = '10s'; SET LOCAL statement_timeout = 0;")
      try tx.executeScript(migration.sql)
      try tx.execute(
        "INSERT INTO schema_migration (version, name, sha256) VALUES ($1, $2, $3)", migration.version, migration.name,
        migration.sha256)
      try tx.executeScript("GRANT SELECT ON schema_migration TO PUBLIC")
      return true
    }
  }

  /// Workers call this before they take any work.
  public static func requireCurrentSchema(_ pool: PostgresPool) async throws {
    let found = try await pool.transaction(readOnly: true) { tx in
      let exists = try tx.query("SELECT to_regclass('schema_migration') IS NOT NULL").decode(row: 0, as: Bool.self)
      guard exists else { return Int64(0) }
      return try tx.query("SELECT coalesce(max(version), 0) FROM schema_migration").decode(row: 0, as: Int64.self)
    }
    guard found == requiredVersion else { throw StoreError.schemaVersion(found: found, required: requiredVersion) }
  }
}
