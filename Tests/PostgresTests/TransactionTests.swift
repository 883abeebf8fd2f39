import Postgres
import TestSupport
import Testing

@Suite(.database, .timeLimit(.minutes(5)))
struct TransactionTests {
  struct Refusal: Error {}

  private func withTable(_ body: (PostgresPool) async throws -> Void) async throws {
    try await withPool { pool in
      try await pool.transaction { tx in try tx.executeScript("CREATE TABLE item (id bigint PRIMARY KEY)") }
      try await body(pool)
    }
  }

  private func expectIDs(
    _ expected: [Int], _ pool: PostgresPool, location: SourceLocation = #_sourceLocation
  ) async throws {
    let ids = try await pool.transaction { tx in
      try tx.query("SELECT id FROM item ORDER BY id").map(Int.self) { $0 }
    }
    #expect(ids == expected, sourceLocation: location)
  }

  @Test func whatTheBodyDidIsCommitted() async throws {
    try await withTable { pool in
      let affected = try await pool.transaction { tx in
        try tx.execute("INSERT INTO item SELECT * FROM unnest($1)", [1, 2, 3])
      }
      #expect(affected == 3)
      try await expectIDs([1, 2, 3], pool)
    }
  }

  @Test func anErrorOfTheBodyRollsBack() async throws {
    try await withTable { pool in
      await #expect(throws: Refusal.self) {
        try await pool.transaction { tx in
          try tx.execute("INSERT INTO item VALUES (1)")
          throw Refusal()
        }
      }
      try await expectIDs([], pool)
      #expect(pool.state.idle == 1)
    }
  }

  @Test func aSwallowedErrorIsNotTakenForACommit() async throws {
    try await withTable { pool in
      let error = try await postgresError {
        try await pool.transaction { tx in
          try tx.execute("INSERT INTO item VALUES (1)")
          _ = try? tx.execute("INSERT INTO item VALUES (1)")
        }
      }
      #expect(error.kind == .uniqueViolation)
      try await expectIDs([], pool)
    }
  }

  @Test func anEmptyBodyCostsNoRoundTrip() async throws {
    try await withTable { pool in
      let value = try await pool.transaction { _ in 7 }
      #expect(value == 7)
      try await expectIDs([], pool)
    }
  }

  @Test func isolationAndReadOnlyReachTheServer() async throws {
    try await withTable { pool in
      let level = try await pool.transaction(isolation: .serializable, readOnly: true) { tx in
        try tx.query("SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only')")
          .decode(row: 0, as: String.self, String.self)
      }
      #expect(level == ("serializable", "on"))
      let error = try await postgresError {
        try await pool.transaction(readOnly: true) { tx in try tx.execute("INSERT INTO item VALUES (1)") }
      }
      #expect(error.sqlState == "25006")
    }
  }

  @Test func aFailedSavepointUndoesItsOwnChangesOnly() async throws {
    try await withTable { pool in
      try await pool.transaction { tx in
        try tx.execute("INSERT INTO item VALUES (1)")
        let outer = Result {
          try tx.savepoint {
            try tx.execute("INSERT INTO item VALUES (2)")
            let inner = Result {
              try tx.savepoint {
                try tx.execute("INSERT INTO item VALUES (3)")
                throw Refusal()
              }
            }
            #expect(throws: Refusal.self) { try inner.get() }
            try tx.execute("INSERT INTO item VALUES (1)")
          }
        }
        #expect(throws: PostgresError.self) { try outer.get() }
        let kept = try tx.savepoint { try tx.execute("INSERT INTO item VALUES (4)") }
        #expect(kept == 1)
      }
      try await expectIDs([1, 4], pool)
    }
  }

  @Test func aSavepointCanBeTheFirstStatement() async throws {
    try await withTable { pool in
      try await pool.transaction { tx in try tx.savepoint { try tx.execute("INSERT INTO item VALUES (1)") } }
      try await expectIDs([1], pool)
    }
  }

  @Test func anErrorSwallowedInsideASavepointFailsIt() async throws {
    try await withTable { pool in
      try await pool.transaction { tx in
        let error = try #require(throws: PostgresError.self) {
          try tx.savepoint { _ = try? tx.execute("INSERT INTO missing VALUES (1)") }
        }
        #expect(error.kind == .undefined)
        try tx.execute("INSERT INTO item VALUES (1)")
      }
      try await expectIDs([1], pool)
    }
  }

  @Test func aScriptMayNotEndTheTransaction() async throws {
    try await withTable { pool in
      let error = try await postgresError {
        try await pool.transaction { tx in try tx.executeScript("SELECT 1; COMMIT") }
      }
      #expect(error.kind == .programmer)
      try await expectIDs([], pool)
    }
  }

  @Test func aScriptMayNotCopy() async throws {
    try await withPool {
      $0.sessionSettings = [("app.environment", "sandbox")]
    } _: { pool in
      func session() async throws -> (Int, String) {
        try await pool.transaction { tx in
          try tx.query("SELECT pg_backend_pid(), current_setting('app.environment')")
            .decode(row: 0, as: Int.self, String.self)
        }
      }
      try await pool.transaction { tx in
        try tx.executeScript("CREATE TABLE item (id bigint); INSERT INTO item SELECT generate_series(1, 10000)")
      }
      let before = try await session()
      for script in ["COPY item FROM STDIN", "COPY item TO STDOUT", "COPY item TO STDOUT; COPY item FROM STDIN"] {
        let error = try await postgresError { try await pool.transaction { tx in try tx.executeScript(script) } }
        #expect(error.kind == .programmer)
        let after = try await session()
        #expect(after == before)
      }
    }
  }

  @Test func aScriptCanRunOutsideATransaction() async throws {
    try await withTable { pool in
      try await pool.executeScriptOutsideTransaction("CREATE INDEX CONCURRENTLY item_idx ON item (id)")
      let error = try await postgresError { try await pool.executeScriptOutsideTransaction("VACUUM missing") }
      #expect(error.kind == .undefined)
    }
  }

  @Test func sessionSettingsAndRoleHoldOnEveryConnection() async throws {
    let role = "pabean_role_\(UInt32.random(in: .min ... .max))"
    try await withPool { pool in
      try await pool.transaction { tx in try tx.execute(dynamic: "CREATE ROLE \(identifier: role)") }
      try await withPool {
        $0.sessionSettings = [("app.environment", "sandbox")]
        $0.role = role
        $0.statementTimeout = .milliseconds(1500)
        $0.applicationName = "pabean-test/1"
      } _: { limited in
        let row = try await limited.transaction { tx in
          try tx.query(
            """
            SELECT current_setting('app.environment'), current_user, current_setting('statement_timeout'),
                   current_setting('application_name')
            """
          ).decode(row: 0, as: String.self, String.self, String.self, String.self)
        }
        #expect(row == ("sandbox", role, "1500ms", "pabean-test/1"))
      }
      try await pool.transaction { tx in try tx.execute(dynamic: "DROP ROLE \(identifier: role)") }
    }
  }

  @Test func aLostRaceIsRunAgain() async throws {
    try await withTable { pool in
      try await pool.transaction { tx in try tx.execute("INSERT INTO item VALUES (0)") }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<2 {
          group.addTask {
            for _ in 0..<10 {
              try await pool.transactionWithRetry(isolation: .serializable, attempts: 50) { tx in
                let top = try tx.query("SELECT max(id) FROM item").decode(row: 0, as: Int.self)
                try tx.execute("INSERT INTO item VALUES ($1)", top + 1)
              }
            }
          }
        }
        try await group.waitForAll()
      }
      try await expectIDs(Array(0...20), pool)
    }
  }

  @Test func aRaceLostTooOftenIsReported() async throws {
    try await withTable { pool in
      let runs = Counter()
      let error = try await postgresError {
        try await pool.transactionWithRetry { tx in
          runs.increment()
          try tx.executeScript("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$")
        }
      }
      #expect(error.kind == .serialization)
      #expect(runs.value == 4)
    }
  }

  @Test func otherErrorsAreNotRetried() async throws {
    try await withTable { pool in
      let runs = Counter()
      _ = try await postgresError {
        try await pool.transactionWithRetry { tx in
          runs.increment()
          try tx.execute("INSERT INTO missing VALUES (1)")
        }
      }
      #expect(runs.value == 1)
    }
  }

  @Test func dynamicStatementsBindTheirValues() async throws {
    try await withTable { pool in
      try await pool.transaction { tx in
        let table = "item"
        let filter: SQL = "id = \(2) OR id = ANY(\([5, 6]))"
        try tx.execute(dynamic: "INSERT INTO \(identifier: table) VALUES (\(1)), (\(2)), (\(5))")
        let count = try tx.query(dynamic: "SELECT count(*) FROM item WHERE \(filter) OR id < \(0)")
          .decode(row: 0, as: Int.self)
        #expect(count == 2)
        let hostile = "'; DROP TABLE item; --"
        #expect(try tx.query(dynamic: "SELECT \(hostile)").decode(row: 0, as: String.self) == hostile)
        try tx.execute(dynamic: "CREATE TABLE \(identifier: "odd\"; name") (id int)")
      }
      try await expectIDs([1, 2, 5], pool)
    }
  }

  @Test func rowsCanBeMappedAndMissing() async throws {
    try await withTable { pool in
      try await pool.transaction { tx in
        let pairs = try tx.query("SELECT n, n::text FROM generate_series(1, 3) n").map(Int.self, String.self) {
          ($0, $1)
        }
        #expect(pairs.map(\.0) == [1, 2, 3] && pairs.map(\.1) == ["1", "2", "3"])
        #expect(try tx.query("SELECT id FROM item").first(Int.self) == nil)
        #expect(try tx.query("SELECT 5").first(Int.self) == 5)
        #expect(throws: PostgresError.self) { _ = try tx.query("SELECT 5").decode(row: 1, as: Int.self) }
      }
    }
  }
}
