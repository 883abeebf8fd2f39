import Domain
import JSON
import Postgres
import Store
import TestSupport
import Testing

@Suite("Parking what a sender made up", .timeLimit(.minutes(5)))
struct ParkedMessagesTests {
  private func park(_ change: (inout ParkedMessages.Entry) -> Void) async throws -> ParkedMessages.Entry {
    var entry = ParkedMessages.Entry(
      tenant: nil, stage: "ingest", messageID: nil, caseID: nil, reasonCode: "unreadable", reason: "no JSON",
      attempts: 1, exchange: "submissions", routingKey: "acme.product.submitted", headers: JSONObject(), body: [1],
      digest: [1])
    change(&entry)
    let made = entry
    return try await StorePool.with { pool in
      try await pool.transaction { tx in
        try ParkedMessages.park(made, at: StorePool.now, tx)
        return try #require(
          try ParkedMessages.list(tenant: nil, includeReplayed: false, limit: 1, tx).first
        ).entry
      }
    }
  }

  @Test("a count of attempts beyond all measure is kept as the largest", .database(from: Installation.template))
  func attempts() async throws {
    #expect(try await park { $0.attempts = 3_000_000_000 }.attempts == Int(Int32.max))
  }

  @Test("a NUL in the reason, the routing key or a header stops nothing", .database(from: Installation.template))
  func nul() async throws {
    let parked = try await park { entry in
      entry.reason = "type 'a\0b'"
      entry.routingKey = "acme.\0.submitted"
      entry.headers["note"] = "x\0y"
    }
    #expect(parked.reason == "type 'a\u{FFFD}b'")
    #expect(parked.routingKey == "acme.\u{FFFD}.submitted")
    #expect(parked.headers["note"] == "x\0y")
  }

  @Test("what is too long is cut", .database(from: Installation.template))
  func length() async throws {
    let parked = try await park { entry in
      entry.reason = String(repeating: "r", count: 1 << 20)
      entry.routingKey = String(repeating: "k", count: 1 << 20)
    }
    #expect(parked.reason == String(repeating: "r", count: 2000) + "…")
    #expect(parked.routingKey == String(repeating: "k", count: 1000) + "…")
  }
}
