import Contracts
import Domain
import Postgres
import Store
import TestSupport
import Testing

@Suite("Precedents", .timeLimit(.minutes(5)))
struct PrecedentTests {
  private let acme = TenantID("acme")!

  private func precedent(_ number: UInt8, _ title: String) -> Precedent {
    Precedent(
      id: UniqueID(digest: [UInt8](repeating: number, count: 32)), source: .submission, reference: "S-\(number)",
      description: ProductDescription(title: title), code: HSCode("691200")!,
      decidedAt: Instant(microseconds: Int64(number) * 1_000_000), outcome: .approved, market: Market("SG")!)
  }

  @Test("a reader is told once of what is new and of what is withdrawn", .database(from: Installation.template))
  func changes() async throws {
    let pool = PostgresPool(
      PostgresConfiguration(
        url: try TestDatabase.required().url, applicationName: "pabean-test", poolSize: 2,
        sessionSettings: [("app.environment", "sandbox")], role: "pabean_operator"))
    let (one, two) = (precedent(1, "Mug"), precedent(2, "Bowl"))
    let first = try await pool.transaction(as: acme) { tx in
      #expect(try Precedents.insert([one, two], tx) == [true, true])
      return try Precedents.changes(since: .beginning, tx)
    }
    #expect(first.standing.map(\.description.title) == ["Mug", "Bowl"])
    #expect(first.standing.first?.reference == "S-1")
    let seen = try await pool.transaction(as: acme) { tx in
      #expect(try Precedents.insert([one], tx) == [false], "the same again is known")
      return try Precedents.changes(since: first.mark, tx)
    }
    #expect(seen.withdrawn.isEmpty)
    let after = try await pool.transaction(as: acme) { tx in
      #expect(try Precedents.withdraw(one.id, at: Instant(microseconds: 0), tx))
      #expect(try !Precedents.withdraw(one.id, at: Instant(microseconds: 0), tx))
      return try Precedents.changes(since: seen.mark, tx)
    }
    #expect(!after.standing.contains { $0.id == one.id })
    #expect(after.withdrawn == [one.id])
    let others = try await pool.transaction(as: TenantID("other")!) { tx in
      try Precedents.changes(since: .beginning, tx)
    }
    #expect(others.standing.isEmpty && others.withdrawn.isEmpty)
    await pool.close()
  }
}
