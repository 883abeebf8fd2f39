import Postgres
import TestSupport
import Testing

@Suite(.database, .timeLimit(.minutes(1)))
struct TransactionTests {
  @Test func aCommittedRowIsThere() async throws {
    let pool = PostgresPool(PostgresConfiguration(url: try TestDatabase.required().url))
    let answer = try await pool.transaction { tx in
      try tx.query("SELECT $1 + 1, $2", 41, "hé").decode(row: 0, as: Int.self, String.self)
    }
    #expect(answer == (42, "hé"))
    await pool.close()
  }
}
