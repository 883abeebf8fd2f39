import Postgres
import Store
import TestSupport

/// The tables that belong to tenants, found in the catalogue, so that a new one is tested without being named.
struct TenantRows: Sendable {
  struct Table: Sendable {
    var name: String
    /// An INSERT of a row that has something in each column, for `$1` tenant and `$2` environment.
    var insert: String
  }

  static let serviceRoles = [
    "pabean_ingest", "pabean_classifier", "pabean_compliance_screening", "pabean_document_generation",
    "pabean_writeback", "pabean_review_desk", "pabean_maintenance", "pabean_operator",
  ]

  /// The schema and nothing in it.
  static let schema = DatabaseTemplate(name: "schema") { url in
    let pool = PostgresPool(PostgresConfiguration(url: url, applicationName: "pabean-test"))
    _ = try await Migrator(pool: pool).migrate()
    await pool.close()
  }

  let tables: [Table]

  /// Fills each table with a row of each owner. Constraints other than the owner's are dropped: what is tested is who
  /// sees a row, not what is in it.
  static func fill(_ pool: PostgresPool, owners: [(tenant: String, environment: String)]) async throws -> TenantRows {
    let rows = TenantRows(tables: try await pool.transaction { tx in try findTables(tx) })
    try await pool.transaction { tx in
      try dropContentChecks(tx)
      try tx.executeScript("SET LOCAL session_replication_role = replica")
      for table in rows.tables {
        for owner in owners {
          try tx.executeScript(rows.statement(table, tenant: owner.tenant, environment: owner.environment))
        }
      }
    }
    return rows
  }

  func statement(_ table: Table, tenant: String, environment: String) -> String {
    table.insert.replacing("$1", with: "'\(tenant)'").replacing("$2", with: "'\(environment)'")
  }

  private static func findTables(_ tx: borrowing Transaction) throws -> [Table] {
    let rows = try tx.query(
      """
      SELECT c.relname::text, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum),
        string_agg(CASE
          WHEN a.attname = 'tenant' THEN '$1' WHEN a.attname = 'environment' THEN '$2'
          WHEN a.attname = 'state' AND c.relname = 'delivery' THEN '''delivered'''
          WHEN a.attname = 'email' OR c.relname = 'person_identity' AND a.attname = 'subject' THEN 'gen_random_uuid()::text'
          WHEN t.typname = 'uuid' THEN 'gen_random_uuid()' WHEN t.typname = 'bytea' THEN 'sha256(random()::text::bytea)'
          WHEN t.typname IN ('json', 'jsonb') THEN '''{}''' WHEN t.typname = 'bool' THEN 'true'
          WHEN t.typname IN ('timestamptz', 'date') THEN 'now()' WHEN t.typname = 'xid8' THEN 'pg_current_xact_id()'
          WHEN t.typname = 'bpchar' THEN '''SG''' WHEN t.typcategory = 'N' THEN '1' WHEN t.typcategory = 'A' THEN '''{}'''
          ELSE '''x''' END, ', ' ORDER BY a.attnum)
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        AND a.attidentity = '' AND a.attgenerated = '' JOIN pg_type t ON t.oid = a.atttypid
      WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND EXISTS (SELECT FROM pg_attribute e
        WHERE e.attrelid = c.oid AND e.attname = 'environment')
      GROUP BY c.relname ORDER BY c.relname
      """)
    return try rows.map(String.self, String.self, String.self) { name, columns, values in
      Table(name: name, insert: "INSERT INTO \(name) (\(columns)) VALUES (\(values))")
    }
  }

  private static func dropContentChecks(_ tx: borrowing Transaction) throws {
    try tx.executeScript(
      """
      DO $$
      DECLARE found record;
      BEGIN
        FOR found IN SELECT conrelid::regclass AS name, conname FROM pg_constraint
          WHERE contype = 'c' AND conrelid <> 0 AND connamespace = 'public'::regnamespace
        LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', found.name, found.conname); END LOOP;
      END $$
      """)
  }
}
