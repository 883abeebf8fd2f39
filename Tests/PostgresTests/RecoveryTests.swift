import Postgres
import TestSupport
import Testing

@Suite(.database, .timeLimit(.minutes(5)))
struct RecoveryTests {
  private func backend(_ pool: PostgresPool) async throws -> Int {
    try await pool.transaction { tx in try tx.query("SELECT pg_backend_pid()").decode(row: 0, as: Int.self) }
  }

  @Test func aConnectionThatDiedWhileIdleIsReplacedUnseen() async throws {
    try await withPool { pool in
      let old = try await backend(pool)
      try await withPool { other in
        try await other.transaction { tx in try tx.execute("SELECT pg_terminate_backend($1::int)", old) }
        try await eventually {
          try await other.transaction { tx in
            try tx.query("SELECT 1 FROM pg_stat_activity WHERE pid = $1", old).isEmpty
          }
        }
      }
      let new = try await backend(pool)
      #expect(new != old)
      #expect(pool.state.open == 1)
    }
  }

  @Test func aConnectionKilledInsideATransactionIsReportedAndReplaced() async throws {
    try await withPool { pool in
      try await pool.transaction { tx in try tx.executeScript("CREATE TABLE item (id bigint)") }
      let error = try await postgresError {
        try await pool.transaction { tx in
          try tx.execute("INSERT INTO item VALUES (1)")
          try tx.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        }
      }
      #expect(error.kind == .connectionLost)
      #expect(error.isInfrastructure)
      let count = try await pool.transaction { tx in
        try tx.query("SELECT count(*) FROM item").decode(row: 0, as: Int.self)
      }
      #expect(count == 0)
    }
  }

  @Test func aKilledConnectionFailsEveryLaterStatementAndTheCommit() async throws {
    try await withPool { pool in
      let error = try await postgresError {
        try await pool.transaction { tx in
          _ = try? tx.execute("SELECT pg_terminate_backend(pg_backend_pid())")
          let later = try #require(throws: PostgresError.self) { try tx.execute("SELECT 1") }
          #expect(later.kind == .connectionLost)
        }
      }
      #expect(error.kind == .connectionLost)
    }
  }

  @Test func aConnectionKilledDuringCommitLeavesTheOutcomeUnknown() async throws {
    try await withPool { pool in
      try await pool.transaction { tx in
        try tx.executeScript(
          """
          CREATE TABLE item (id bigint);
          CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
          CREATE CONSTRAINT TRIGGER die AFTER INSERT ON item DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION die();
          """)
      }
      let error = try await postgresError {
        try await pool.transaction { tx in try tx.execute("INSERT INTO item VALUES (1)") }
      }
      #expect(error.kind == .commitOutcomeUnknown)
      #expect(error.isInfrastructure && !error.isRetriable)
      let isHealthy = await pool.isHealthy()
      #expect(isHealthy)
    }
  }

  @Test func noOutcomeIsMisreportedWhileConnectionsAreKilled() async throws {
    try await withPool {
      $0.poolSize = 4
    } _: { pool in
      try await pool.transaction { tx in try tx.executeScript("CREATE TABLE item (id bigint PRIMARY KEY)") }
      let outcomes = try await withThrowingTaskGroup(of: [(id: Int, kind: PostgresError.Kind?)].self) { group in
        for worker in 0..<6 {
          group.addTask {
            var outcomes: [(id: Int, kind: PostgresError.Kind?)] = []
            for id in worker * 1000..<worker * 1000 + 100 {
              do {
                try await pool.transaction { tx in
                  try tx.execute("INSERT INTO item VALUES ($1)", id)
                  try tx.execute("SELECT 1")
                }
                outcomes.append((id, nil))
              } catch let error as PostgresError {
                #expect(error.isInfrastructure)
                outcomes.append((id, error.kind))
              }
            }
            return outcomes
          }
        }
        try await withPool {
          $0.poolSize = 1
        } _: { killer in
          for _ in 0..<20 {
            try await killer.transaction { tx in
              try tx.execute(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1
                """)
            }
          }
        }
        return try await group.reduce(into: []) { $0 += $1 }
      }
      let stored = try await pool.transaction { tx in Set(try tx.query("SELECT id FROM item").map(Int.self) { $0 }) }
      for (id, kind) in outcomes where kind != .commitOutcomeUnknown { #expect(stored.contains(id) == (kind == nil)) }
      #expect(outcomes.contains { $0.kind == nil })
    }
  }

  @Test func aConstraintCheckedAtCommitIsNoUnknownOutcome() async throws {
    try await withPool { pool in
      try await pool.transaction { tx in
        try tx.executeScript("CREATE TABLE item (id bigint UNIQUE DEFERRABLE INITIALLY DEFERRED)")
      }
      let error = try await postgresError {
        try await pool.transaction { tx in
          try tx.execute("INSERT INTO item VALUES (1)")
          try tx.execute("INSERT INTO item VALUES (1)")
        }
      }
      #expect(error.kind == .uniqueViolation)
      #expect(pool.state.idle == 1)
    }
  }

  @Test func forgottenStatementsAndSettingsAreRestored() async throws {
    let role = "pabean_role_\(UInt32.random(in: .min ... .max))"
    try await withPool { owner in
      try await owner.transaction { tx in try tx.execute(dynamic: "CREATE ROLE \(identifier: role)") }
      try await withPool {
        $0.poolSize = 1
        $0.role = role
      } _: { pool in
        func user() async throws -> String {
          try await pool.transaction { tx in try tx.query("SELECT current_user").decode(row: 0, as: String.self) }
        }
        let before = try await user()
        try await pool.executeScriptOutsideTransaction("DISCARD ALL")
        let after = try await user()
        #expect(before == role && after == role)
        #expect(pool.state.open == 1)
      }
      try await owner.transaction { tx in try tx.execute(dynamic: "DROP ROLE \(identifier: role)") }
    }
  }

  @Test func statementsForgottenInsideATransactionAreRetriable() async throws {
    try await withPool {
      $0.poolSize = 1
    } _: { pool in
      let runs = Counter()
      let value = try await pool.transactionWithRetry { tx in
        runs.increment()
        let value = try tx.query("SELECT 1").decode(row: 0, as: Int.self)
        if runs.value == 1 { try tx.executeScript("DEALLOCATE ALL") }
        return try tx.query("SELECT $1 + 1", value).decode(row: 0, as: Int.self)
          + (runs.value == 1 ? 0 : 0)
          + tx.query("SELECT 1").decode(row: 0, as: Int.self)
      }
      #expect(value == 3)
    }
  }

  @Test func aRefusedLoginFailsAtOnce() async throws {
    let missing = try TestDatabase.required().url.replacingLastPathComponent(with: "missing_database")
    try await withPool {
      $0.url = missing
      $0.acquireTimeout = .seconds(600)
    } _: { pool in
      let error = try await postgresError { try await pool.transaction { tx in try tx.execute("SELECT 1") } }
      #expect(error.kind == .connectionRefusedByPolicy)
      #expect(error.sqlState == "3D000")
      #expect(!"\(error)".contains("missing_database"))
    }
    try await withPool {
      $0.role = "missing_role"
      $0.acquireTimeout = .seconds(600)
    } _: { pool in
      let error = try await postgresError { try await pool.transaction { tx in try tx.execute("SELECT 1") } }
      #expect(error.sqlState == "22023")
    }
  }

  @Test func anUnreachableServerIsReportedAfterTheAcquireTimeout() async throws {
    try await withPool {
      $0.url = "postgres://127.0.0.1:1/none"
      $0.acquireTimeout = .milliseconds(300)
    } _: { pool in
      let error = try await postgresError { try await pool.transaction { tx in try tx.execute("SELECT 1") } }
      #expect(error.kind == .connectionLost)
      let isHealthy = await pool.isHealthy()
      #expect(!isHealthy)
    }
  }
}

extension String {
  fileprivate func replacingLastPathComponent(with name: String) -> String {
    let path = prefix { $0 != "?" }
    return path[...path.lastIndex(of: "/")!] + name + dropFirst(path.count)
  }
}
