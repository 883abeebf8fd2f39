import Postgres
import TestSupport
import Testing

@Suite(.database, .timeLimit(.minutes(5)))
struct PipelineTests {
  private func withTable(_ body: (PostgresPool) async throws -> Void) async throws {
    try await withPool { pool in
      try await pool.transaction { tx in try tx.executeScript("CREATE TABLE item (id bigint PRIMARY KEY)") }
      try await body(pool)
    }
  }

  private func count(_ pool: PostgresPool) async throws -> Int {
    try await pool.transaction { tx in try tx.query("SELECT count(*) FROM item").decode(row: 0, as: Int.self) }
  }

  @Test func affectedRowsComeBackInOrder() async throws {
    try await withTable { pool in
      let affected = try await pool.transaction { tx in
        try tx.pipeline { p in
          try p.execute("INSERT INTO item VALUES ($1)", 1)
          try p.execute("INSERT INTO item SELECT unnest($1)", [2, 3, 4])
          try p.execute("UPDATE item SET id = id WHERE id > $1", 100)
          try p.execute(dynamic: "DELETE FROM item WHERE id = \(1)")
        }
      }
      #expect(affected == [1, 3, 0, 1])
      let stored = try await count(pool)
      #expect(stored == 3)
    }
  }

  @Test func moreStatementsThanOneSyncHoldsAreSent() async throws {
    try await withTable { pool in
      let affected = try await pool.transaction { tx in
        try tx.pipeline { p in for id in 0..<1700 { try p.execute("INSERT INTO item VALUES ($1)", id) } }
      }
      #expect(affected == Array(repeating: 1, count: 1700))
      let stored = try await count(pool)
      #expect(stored == 1700)
    }
  }

  @Test(arguments: [0, 3, 499, 500, 1234]) func anErrorNamesItsStatement(index: Int) async throws {
    try await withTable { pool in
      let error = try await postgresError {
        try await pool.transaction { tx in
          try tx.pipeline { p in
            for id in 0..<1500 {
              if id == index {
                try p.execute("SELECT 1 / $1", 0)
              } else {
                try p.execute("INSERT INTO item VALUES ($1)", id)
              }
            }
          }
        }
      }
      #expect(error.statementIndex == index)
      #expect(error.sqlState == "22012")
      #expect(error.statement == "SELECT 1 / $1")
      let stored = try await count(pool)
      #expect(stored == 0)
      #expect(pool.state.open == 1, "the connection stays usable")
    }
  }

  @Test func aStatementThatCannotBePreparedIsPreparedAgainLater() async throws {
    try await withTable { pool in
      for _ in 0..<2 {
        let error = try await postgresError {
          try await pool.transaction { tx in try tx.execute("INSERT INTO later VALUES (1)") }
        }
        #expect(error.kind == .undefined)
      }
      try await pool.transaction { tx in try tx.executeScript("CREATE TABLE later (id int)") }
      try await pool.transaction { tx in try tx.execute("INSERT INTO later VALUES (1)") }
    }
  }

  @Test func anErrorOfTheBodyLeavesTheConnectionUsable() async throws {
    struct Refusal: Error {}
    try await withTable { pool in
      await #expect(throws: Refusal.self) {
        try await pool.transaction { tx in
          try tx.pipeline { p in
            try p.execute("INSERT INTO item VALUES (1)")
            throw Refusal()
          }
        }
      }
      let stored = try await count(pool)
      #expect(stored == 0)
      #expect(pool.state.open == 1)
    }
  }

  @Test func theTransactionCannotBeUsedInsideThePipeline() async throws {
    try await withTable { pool in
      let error = try await postgresError {
        try await pool.transaction { tx in
          try tx.pipeline { p in
            try p.execute("INSERT INTO item VALUES (1)")
            try tx.execute("INSERT INTO item VALUES (2)")
          }
        }
      }
      #expect(error.kind == .programmer)
      let stored = try await count(pool)
      #expect(stored == 0)
    }
  }

  @Test func anEmptyPipelineIsNothing() async throws {
    try await withTable { pool in
      let affected = try await pool.transaction { tx in try tx.pipeline { _ in } }
      #expect(affected == [])
    }
  }
}
