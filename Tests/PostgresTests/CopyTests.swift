import Postgres
import TestSupport
import Testing

@Suite(.database, .timeLimit(.minutes(5)))
struct CopyTests {
  private func withTable(_ body: (PostgresPool) async throws -> Void) async throws {
    try await withPool { pool in
      try await pool.transaction { tx in
        try tx.executeScript(
          "CREATE SCHEMA reference; CREATE TABLE reference.line (id bigint PRIMARY KEY, \"Text\" text, tags text[])")
      }
      try await body(pool)
    }
  }

  private func count(_ pool: PostgresPool) async throws -> Int {
    try await pool.transaction { tx in
      try tx.query("SELECT count(*) FROM reference.line").decode(row: 0, as: Int.self)
    }
  }

  @Test func rowsAreCopied() async throws {
    try await withTable { pool in
      let copied = try await pool.transaction { tx in
        try tx.copy(into: "reference.line", columns: ["id", "Text", "tags"]) { copy in
          for id in 0..<20_000 {
            try copy.row(id, id % 2 == 0 ? "ກະເປົາ \(id)" : nil, ["a", nil, "\(id)"] as [String?])
          }
        }
      }
      #expect(copied == 20_000)
      let row = try await pool.transaction { tx in
        try tx.query("SELECT count(*), count(\"Text\"), max(tags[3]::int) FROM reference.line")
          .decode(row: 0, as: Int.self, Int.self, Int.self)
      }
      #expect(row == (20_000, 10_000, 19_999))
    }
  }

  @Test func anErrorOfTheBodyAbandonsTheCopy() async throws {
    struct Refusal: Error {}
    try await withTable { pool in
      await #expect(throws: Refusal.self) {
        try await pool.transaction { tx in
          try tx.copy(into: "reference.line", columns: ["id"]) { copy in
            try copy.row(1)
            throw Refusal()
          }
        }
      }
      let stored = try await count(pool)
      #expect(stored == 0)
      #expect(pool.state.open == 1, "the connection stays usable")
    }
  }

  @Test func aServerErrorIsReported() async throws {
    try await withTable { pool in
      let duplicate = try await postgresError {
        try await pool.transaction { tx in
          try tx.copy(into: "reference.line", columns: ["id"]) { copy in for _ in 0..<2 { try copy.row(1) } }
        }
      }
      #expect(duplicate.kind == .uniqueViolation)
      #expect(duplicate.statement == "COPY reference.line")
      let missing = try await postgresError {
        try await pool.transaction { tx in try tx.copy(into: "reference.missing", columns: ["id"]) { _ in } }
      }
      #expect(missing.kind == .undefined)
    }
  }

  @Test func rowsMustFitTheColumns() async throws {
    try await withTable { pool in
      let tooFew = try await postgresError {
        try await pool.transaction { tx in
          try tx.copy(into: "reference.line", columns: ["id", "Text"]) { try $0.row(1) }
        }
      }
      #expect(tooFew.kind == .programmer)
      let nul = try await postgresError {
        try await pool.transaction { tx in
          try tx.copy(into: "reference.line", columns: ["id", "Text"]) { copy in
            try copy.row(1, "a")
            try copy.row(2, "\0")
          }
        }
      }
      #expect(nul.kind == .invalidData)
      #expect("\(nul)".contains("row 1, value 2"))
      let stored = try await count(pool)
      #expect(stored == 0)
    }
  }

  @Test func theTransactionCannotBeUsedInsideACopy() async throws {
    try await withTable { pool in
      let error = try await postgresError {
        try await pool.transaction { tx in
          try tx.copy(into: "reference.line", columns: ["id"]) { _ in try tx.execute("SELECT 1") }
        }
      }
      #expect(error.kind == .programmer)
    }
  }
}
