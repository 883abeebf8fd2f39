import Contracts
import Domain
import Postgres
import Store
import TestSupport
import Testing

@Suite("The schema", .timeLimit(.minutes(5)))
struct SchemaTests {
  private func pool() throws -> PostgresPool {
    PostgresPool(
      PostgresConfiguration(url: try TestDatabase.required().url, applicationName: "pabean-test", poolSize: 3))
  }

  @Test("migrating an empty database applies everything, and again nothing", .database)
  func twice() async throws {
    let pool = try pool()
    #expect(try await Migrator(pool: pool).migrate() == Migrator.migrations.map(\.version))
    #expect(try await Migrator(pool: pool).migrate() == [])
    try await Migrator.requireCurrentSchema(pool)
    await pool.close()
  }

  @Test("two who migrate at once do not collide", .database)
  func together() async throws {
    let pool = try pool()
    async let first = Migrator(pool: pool).migrate()
    async let second = Migrator(pool: pool).migrate()
    let applied = try await first + second
    #expect(applied.sorted() == Migrator.migrations.map(\.version))
    await pool.close()
  }

  @Test("a migration that was edited after it was applied is refused", .database(from: Installation.template))
  func edited() async throws {
    let pool = try pool()
    try await pool.transaction { tx in
      try tx.execute("UPDATE schema_migration SET sha256 = sha256('edited') WHERE version = 1")
    }
    await #expect {
      _ = try await Migrator(pool: pool).migrate()
    } throws: { error in
      guard case .migrationChanged(version: 1, name: "create_spine")? = error as? StoreError else { return false }
      return "\(error)".contains("add a new one")
    }
    await pool.close()
  }

  @Test("one that is older, newer or absent is refused with what to do", .database(from: Installation.template))
  func wrongVersion() async throws {
    let pool = try pool()
    for script in [
      "INSERT INTO schema_migration (version, name, sha256) VALUES (999, 'future', 'x')",
      "DELETE FROM schema_migration",
      "DROP TABLE schema_migration",
    ] {
      try await pool.transaction { tx in try tx.executeScript(script) }
      await #expect {
        try await Migrator.requireCurrentSchema(pool)
      } throws: { error in
        guard case .schemaVersion? = error as? StoreError else { return false }
        return "\(error)".contains("pabean migrate")
      }
    }
    await pool.close()
  }

  @Test("keys from before that name a person become theirs, and the others let nobody in any more", .database)
  func keysOfPeople() async throws {
    let pool = try pool()
    let later: Int64 = 17
    try await pool.transaction { tx in
      for migration in Migrator.migrations where migration.version < later { try tx.executeScript(migration.sql) }
      try tx.executeScript(
        """
        CREATE TABLE schema_migration (version bigint PRIMARY KEY, name text NOT NULL, sha256 bytea NOT NULL,
          applied_at timestamptz NOT NULL DEFAULT now());
        INSERT INTO tenant (tenant, display_name) VALUES ('acme', 'Acme');
        SET LOCAL app.tenant = 'acme'; SET LOCAL app.environment = 'live';
        INSERT INTO person (id, email, name, roles, created_at) VALUES
          ('00000000-0000-8000-8000-000000000001', 'mei@acme.example', 'Mei', '{broker}', now());
        INSERT INTO api_key (id, hash, account, is_person, roles) VALUES
          ('00000000-0000-8000-8000-000000000002', sha256('pbn_hers'), 'Mei@acme.example', true, '{compliance}'),
          ('00000000-0000-8000-8000-000000000003', sha256('pbn_whose'), 'mei', true, '{broker}'),
          ('00000000-0000-8000-8000-000000000004', sha256('pbn_erp'), 'erp', false, '{intake}');
        INSERT INTO customs_case (id, product_revision_id, sku, market, state, version, opened_at, updated_at) VALUES
          ('00000000-0000-8000-8000-000000000005', '00000000-0000-8000-8000-00000000000a', 'A', 'SG', 'awaiting-decision', 3,
            now(), now()),
          ('00000000-0000-8000-8000-000000000006', '00000000-0000-8000-8000-00000000000b', 'B', 'SG', 'awaiting-decision', 3,
            now(), now());
        INSERT INTO case_opinion (case_id, case_version, sequence, person, kind, salt, given_at) VALUES
          ('00000000-0000-8000-8000-000000000005', 3, 1, 'person:mei@acme.example', 'approved', 's', now()),
          ('00000000-0000-8000-8000-000000000006', 3, 1, 'person:mei', 'approved', 's', now());
        """)
      for migration in Migrator.migrations where migration.version < later {
        try tx.execute(
          "INSERT INTO schema_migration (version, name, sha256) VALUES ($1, $2, $3)", migration.version,
          migration.name, migration.sha256)
      }
    }
    #expect(try await Migrator(pool: pool).migrate().first == later)
    let admitted = try await pool.transaction(readOnly: true) { tx in
      try ["pbn_hers", "pbn_whose", "pbn_erp"].map { try AccessStore.authenticate(key: $0, tx) }
    }
    #expect(admitted[0]?.actor == .person("mei@acme.example") && admitted[0]?.roles == ["broker"])
    #expect(admitted[1] == nil)
    #expect(admitted[2]?.actor == Actor(name: "key:erp") && admitted[2]?.roles == ["intake"])
    let versions = try await pool.transaction(readOnly: true) { tx in
      try tx.query("SELECT version FROM customs_case ORDER BY id").map(Int64.self) { $0 }
    }
    #expect(versions == [3, 4], "an opinion of whom nobody knows counts no more")
    await pool.close()
  }

  @Test("knows exactly the states that the code knows", .database(from: Installation.template))
  func states() async throws {
    let pool = try pool()
    let expected: [(String, String, [String])] = [
      ("customs_case", "state", CaseState.allCases.map(\.rawValue)),
      ("customs_case", "lane", Lane.allCases.map(\.rawValue)),
      ("decision", "kind", Decision.Kind.allCases.map(\.rawValue)),
      ("shipment", "state", ShipmentState.allCases.map(\.rawValue)),
      ("shipment_line", "status", LineStatus.allCases.map(\.rawValue)),
      ("delivery", "state", DeliveryState.allCases.map(\.rawValue)),
      ("destination", "kind", Destination.Kind.allCases.map(\.rawValue)),
      ("destination", "carries", Destination.Content.allCases.map(\.rawValue)),
      ("person", "notices", NoticeWish.allCases.map(\.rawValue)),
      ("notice", "state", ["waiting", "sending"] + Notices.End.allCases.map(\.rawValue)),
      ("refused_submission", "kind", SubmissionKind.allCases.map(\.rawValue)),
      ("refused_submission", "channel", RefusedSubmissions.Channel.allCases.map(\.rawValue)),
      ("precedent", "outcome", Precedent.Outcome.allCases.map(\.rawValue)),
      ("precedent", "source", Precedent.Source.allCases.map(\.rawValue)),
      ("classifier_activation", "role", ClassifierModels.Role.allCases.map(\.rawValue)),
      ("product", "environment", Domain.Environment.allCases.map(\.rawValue)),
    ]
    for (table, column, values) in expected {
      let definition = try await pool.transaction(readOnly: true) { tx in
        try tx.query(
          """
          SELECT pg_get_constraintdef(oid) FROM pg_constraint
          WHERE contype = 'c' AND conname = $1 || '_' || $2 || '_check'
          """, table, column
        ).first(String.self)
      }
      let found = try #require(definition, "\(table).\(column)").split(separator: "'").enumerated()
        .filter { $0.offset % 2 == 1 }.map { String($0.element) }
      #expect(Set(found) == Set(values), "\(table).\(column)")
      #expect(found.count == values.count)
    }
    await pool.close()
  }
}
