import Postgres
import TestSupport
import Testing

@Suite(.database, .timeLimit(.minutes(5)))
struct DeferredStatementTests {
  private func withTable(_ body: (PostgresPool) async throws -> Void) async throws {
    try await withPool { pool in
      try await pool.transaction { tx in try tx.executeScript("CREATE TABLE item (id bigint PRIMARY KEY)") }
      try await body(pool)
    }
  }

  private func ids(_ pool: PostgresPool) async throws -> [Int] {
    try await pool.transaction { tx in try tx.query("SELECT id FROM item ORDER BY id").map(Int.self) { $0 } }
  }

  @Test func `a deferred statement takes effect before the next statement`() async throws {
    try await withTable { pool in
      let seen = try await pool.transaction { tx in
        try tx.executeLater("INSERT INTO item VALUES ($1)", 1)
        try tx.executeLater("INSERT INTO item VALUES ($1)", 2)
        return try tx.query("SELECT id FROM item ORDER BY id").map(Int.self) { $0 }
      }
      #expect(seen == [1, 2])
      #expect(try await ids(pool) == [1, 2])
    }
  }

  @Test func `deferred statements alone are committed`() async throws {
    try await withTable { pool in
      try await pool.transaction { tx in try tx.executeLater("INSERT INTO item VALUES ($1)", 7) }
      #expect(try await ids(pool) == [7])
      #expect(pool.state.idle == 1)
    }
  }

  @Test func `a deferred statement that fails undoes the transaction and is named`() async throws {
    try await withTable { pool in
      let error = try await postgresError {
        try await pool.transaction { tx in
          try tx.execute("INSERT INTO item VALUES ($1)", 1)
          try tx.executeLater("INSERT INTO item SELECT $1", 1)
          try tx.executeLater("INSERT INTO item VALUES ($1)", 2)
        }
      }
      #expect(error.kind == .uniqueViolation)
      #expect(error.statement?.hasPrefix("INSERT INTO item SELECT") == true)
      #expect(try await ids(pool) == [])
      #expect(pool.state.idle == 1)
    }
  }

  @Test func `a deferred statement that fails fails the statement it travels with`() async throws {
    try await withTable { pool in
      let error = try await postgresError {
        try await pool.transaction { tx in
          try tx.executeLater("INSERT INTO item VALUES ($1), ($1)", 1)
          _ = try tx.query("SELECT 1")
        }
      }
      #expect(error.kind == .uniqueViolation)
      #expect(try await ids(pool) == [])
    }
  }

  @Test func `nothing deferred outlives a transaction that is rolled back`() async throws {
    struct Refusal: Error {}
    try await withTable { pool in
      await #expect(throws: Refusal.self) {
        try await pool.transaction { tx in
          try tx.executeLater("INSERT INTO item VALUES ($1)", 1)
          throw Refusal()
        }
      }
      try await pool.transaction { tx in try tx.executeLater("INSERT INTO item VALUES ($1)", 2) }
      #expect(try await ids(pool) == [2])
    }
  }

  @Test func `a savepoint keeps or undoes what was deferred inside it`() async throws {
    struct Refusal: Error {}
    try await withTable { pool in
      try await pool.transaction { tx in
        try tx.executeLater("INSERT INTO item VALUES ($1)", 1)
        try tx.savepoint { try tx.executeLater("INSERT INTO item VALUES ($1)", 2) }
        try? tx.savepoint {
          try tx.executeLater("INSERT INTO item VALUES ($1)", 3)
          throw Refusal()
        }
        try? tx.savepoint { try tx.executeLater("INSERT INTO item VALUES ($1)", 1) }
      }
      #expect(try await ids(pool) == [1, 2])
    }
  }

  @Test func `deferred statements precede a pipeline and a copy`() async throws {
    try await withTable { pool in
      try await pool.transaction { tx in
        try tx.executeLater("INSERT INTO item VALUES ($1)", 1)
        try tx.pipeline { pipe in try pipe.execute("INSERT INTO item SELECT id + 1 FROM item") }
        try tx.executeLater("INSERT INTO item VALUES ($1)", 3)
        try tx.copy(into: "item", columns: ["id"]) { rows in try rows.row(4) }
      }
      #expect(try await ids(pool) == [1, 2, 3, 4])
    }
  }

  @Test func `statements that the server has forgotten are prepared again, deferred ones too`() async throws {
    try await withTable { pool in
      for id in 1...2 {
        try await pool.transaction { tx in try tx.executeLater("INSERT INTO item VALUES ($1)", id) }
        if id == 1 { try await pool.executeScriptOutsideTransaction("DEALLOCATE ALL") }
      }
      #expect(try await ids(pool) == [1, 2])
    }
  }
}
