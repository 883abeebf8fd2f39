import Postgres
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct TestDatabaseTests {
  private static let template = DatabaseTemplate(name: "one-table") { url in
    let pool = PostgresPool(PostgresConfiguration(url: url))
    try await pool.transaction { tx in try tx.executeScript("CREATE TABLE made (id bigint)") }
    await pool.close()
  }

  @Test(.database(from: template), arguments: [1, 2]) func aPreparedDatabaseIsCloned(id: Int) async throws {
    try await withPool { pool in
      let count = try await pool.transaction { tx in
        try tx.execute("INSERT INTO made VALUES ($1)", id)
        return try tx.query("SELECT count(*) FROM made").decode(row: 0, as: Int.self)
      }
      #expect(count == 1)
    }
  }

  @Test(.database(template: "template1")) func aNamedDatabaseIsCloned() async throws {
    try await withPool { pool in
      let isHealthy = await pool.isHealthy()
      #expect(isHealthy)
    }
  }

  @Test(.database) func theDatabaseIsDroppedEvenIfTheTestThrows() async throws {
    struct Refusal: Error {}
    let inner = Mutex<String?>(nil)
    await #expect(throws: Refusal.self) {
      try await DatabaseTrait.database.provideScope(for: Test.current!, testCase: Test.Case.current) {
        let database = try TestDatabase.required()
        inner.withLock { $0 = database.name }
        let pool = PostgresPool(PostgresConfiguration(url: database.url))
        try await pool.transaction { tx in try tx.execute("SELECT 1") }
        throw Refusal()
      }
    }
    let name = try #require(inner.withLock { $0 })
    try await withPool { pool in
      let isGone = try await pool.transaction { tx in
        try tx.query("SELECT 1 FROM pg_database WHERE datname = $1", name).isEmpty
      }
      #expect(isGone)
    }
  }

  @Test func withoutTheTraitTheErrorSaysWhatIsMissing() {
    #expect(throws: TestDatabaseError.self) { try TestDatabase.required() }
  }
}
