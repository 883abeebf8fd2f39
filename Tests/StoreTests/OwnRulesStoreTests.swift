import Domain
import Postgres
import Store
import TestSupport
import Testing

@Suite("A tenant's own rules", .timeLimit(.minutes(5)))
struct OwnRulesStoreTests {
  private static let actor = Actor.person("lead")

  private static func rules(_ name: String) -> OwnRules {
    OwnRules(
      name: name,
      rules: [
        ScreeningRule(
          id: "r", version: "1", effect: .review, match: [RuleTest(words: ["feather"])], summary: "S.",
          source: RuleSource(authority: "A", instrument: "I", excerpt: "E", asOf: CalendarDate("2026-01-01")!))
      ])
  }

  @Test(
    "are versions of which the one activated last holds, an earlier one again, or none",
    .database(from: Installation.template))
  func versions() async throws {
    try await StorePool.with { pool in
      func activate(_ version: Int64?, _ reason: String) async throws -> (Int64?, String?) {
        try await pool.transaction(as: StorePool.tenant) { tx in
          try OwnRulesStore.activate(version: version, reason: reason, by: Self.actor, at: StorePool.now, tx)
          let active = try OwnRulesStore.active(tx)
          return (active?.version, active?.rules.name)
        }
      }
      let added = try await pool.transaction(as: StorePool.tenant) { tx in
        let none = try OwnRulesStore.active(tx)
        return (
          none == nil, try OwnRulesStore.add(Self.rules("first"), by: Self.actor, at: StorePool.now, tx),
          try OwnRulesStore.add(Self.rules("second"), by: Self.actor, at: StorePool.now, tx)
        )
      }
      #expect(added == (true, 1, 2))
      #expect(try await activate(2, "new") == (2, "second"))
      #expect(try await activate(1, "back") == (1, "first"))
      #expect(try await activate(nil, "off") == (nil, nil))
      let history = try await pool.transaction(as: StorePool.tenant) { tx in try OwnRulesStore.history(tx) }
      #expect(history.map(\.version) == [nil, 1, 2])
      #expect(history.map(\.reason) == ["off", "back", "new"])
    }
  }
}
