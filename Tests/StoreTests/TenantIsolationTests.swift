import Postgres
import Store
import TestSupport
import Testing

@Suite("No service sees or changes another tenant's rows", .timeLimit(.minutes(5)))
struct TenantIsolationTests {
  private static let owners = [("acme", "live"), ("other", "live"), ("acme", "sandbox")]

  /// Read across tenants, by a policy of their own, while no tenant is entered.
  private static let readAcross: [String: Set<String>] = [
    "pabean_maintenance": [
      "outbox", "inbox", "idempotency_key", "audit_entry", "audit_leaf", "audit_checkpoint", "parked_message",
      "customs_case", "delivery",
    ],
    "pabean_review_desk": ["review_event", "notice"],
  ]

  private struct Scene: Sendable {
    var pool: PostgresPool
    var rows: TenantRows

    static func open() async throws -> Scene {
      let pool = PostgresPool(
        PostgresConfiguration(url: try TestDatabase.required().url, applicationName: "pabean-test", poolSize: 2))
      return Scene(pool: pool, rows: try await TenantRows.fill(pool, owners: TenantIsolationTests.owners))
    }

    /// Runs as the role, in a transaction that is undone.
    func run<R: Sendable>(
      as role: String, tenant: String?, environment: String = "live",
      _ body: @Sendable (borrowing Transaction) throws -> R
    ) async throws -> R {
      try await pool.transaction { tx in
        try tx.executeScript("SET LOCAL ROLE \(role)")
        try tx.executeScript("SELECT set_config('app.environment', '\(environment)', true)")
        if let tenant { try tx.executeScript("SELECT set_config('app.tenant', '\(tenant)', true)") }
        return try body(tx)
      }
    }

    /// The owners of the rows that the role sees, or nil where it may not read.
    func owners(_ table: String, _ tx: borrowing Transaction) throws -> Set<String>? {
      do {
        return try tx.savepoint {
          let rows = try tx.query(dynamic: "SELECT tenant || '/' || environment FROM \(identifier: table)")
          return Set(try rows.map(String.self) { $0 })
        }
      } catch let error as PostgresError where error.kind == .insufficientPrivilege {
        return nil
      }
    }
  }

  @Test(
    "each sees its own tenant's rows of its own environment alone", .database(from: TenantRows.schema),
    arguments: TenantRows.serviceRoles)
  func sees(role: String) async throws {
    let scene = try await Scene.open()
    for environment in ["live", "sandbox"] {
      let seen = try await scene.run(as: role, tenant: "acme", environment: environment) { tx in
        try scene.rows.tables.map { ($0.name, try scene.owners($0.name, tx)) }
      }
      #expect(seen.contains { $0.1 != nil }, "the role reads something")
      for (table, owners) in seen where owners != nil {
        #expect(owners == ["acme/\(environment)"], "\(table)")
      }
    }
    await scene.pool.close()
  }

  @Test(
    "without a tenant they see nothing, but for maintenance and the operator, who see one environment",
    .database(from: TenantRows.schema), arguments: TenantRows.serviceRoles)
  func seesNothing(role: String) async throws {
    let scene = try await Scene.open()
    let seen = try await scene.run(as: role, tenant: nil) { tx in
      try scene.rows.tables.map { ($0.name, try scene.owners($0.name, tx)) }
    }
    for (table, owners) in seen where owners != nil {
      let isAcross = role == "pabean_operator" || Self.readAcross[role]?.contains(table) == true
      #expect(owners == (isAcross ? ["acme/live", "other/live"] : []), "\(table)")
    }
    await scene.pool.close()
  }

  @Test(
    "none can write a row in another tenant's name, or change or delete one",
    .database(from: TenantRows.schema), arguments: TenantRows.serviceRoles)
  func writes(role: String) async throws {
    let scene = try await Scene.open()
    for table in scene.rows.tables {
      for (tenant, environment) in Self.owners.dropFirst() {
        let insert = scene.rows.statement(table, tenant: tenant, environment: environment)
        let failure = await error { try await scene.run(as: role, tenant: "acme") { try $0.executeScript(insert) } }
        #expect(
          failure?.kind == .insufficientPrivilege, "\(table.name) for \(tenant)/\(environment): \(failure as Any)")
        let name = table.name
        let changes: [SQL] = [
          "UPDATE \(identifier: name) SET tenant = tenant WHERE tenant = \(tenant) AND environment = \(environment)",
          "DELETE FROM \(identifier: name) WHERE tenant = \(tenant) AND environment = \(environment)",
        ]
        for change in changes {
          let changed = try? await scene.run(as: role, tenant: "acme") { tx in try tx.execute(dynamic: change) }
          #expect(changed ?? 0 == 0, "\(change)")
        }
      }
    }
    await scene.pool.close()
  }

  @Test(
    "what is written once is never changed, not even by the tables' owner", .database(from: TenantRows.schema),
    arguments: [
      "audit_entry", "audit_leaf", "audit_checkpoint", "decision", "product_revision", "case_classification",
      "case_screening", "document", "policy_version", "policy_activation", "market_pack", "market_pack_activation",
      "party_list_version", "party_list_activation", "own_party_list_version", "own_party_list_activation",
      "cleared_party",
    ])
  func appendOnly(table: String) async throws {
    let scene = try await Scene.open()
    for statement in ["DELETE FROM \(table)", "TRUNCATE \(table) CASCADE"] {
      let failure = await error { try await scene.pool.transaction { try $0.executeScript(statement) } }
      #expect(failure?.sqlState == "42501", "\(statement): \(failure as Any)")
    }
    let column = table.hasPrefix("market_pack") ? "market" : table.hasPrefix("party_list") ? "list" : "tenant"
    let failure = await error {
      try await scene.pool.transaction { try $0.executeScript("UPDATE \(table) SET \(column) = \(column)") }
    }
    #expect(failure?.sqlState == "42501")
    await scene.pool.close()
  }

  @Test(
    "every tenant table has row level security that holds for its owner too", .database(from: TenantRows.schema))
  func forced() async throws {
    let scene = try await Scene.open()
    let open = try await scene.pool.transaction(readOnly: true) { tx in
      try tx.query(
        """
        SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant'
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'tenant'
          AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
        """
      ).map(String.self) { $0 }
    }
    #expect(open == [])
    #expect(scene.rows.tables.count >= 24)
    await scene.pool.close()
  }

  private func error(_ body: () async throws -> Void) async -> PostgresError? {
    do {
      try await body()
      return nil
    } catch {
      return error as? PostgresError
    }
  }
}
