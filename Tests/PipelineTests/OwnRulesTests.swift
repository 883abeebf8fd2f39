import Contracts
import Domain
import JSON
import Store
import TestSupport
import Testing

@Suite("What a tenant adds to the rules", .installation(markets: ["SG", "MY"]), .timeLimit(.minutes(5)))
struct OwnRulesTests {
  let pabean: Installation
  let now = Instant(microseconds: 1_790_000_000_000_000)

  init() throws { pabean = try Installation.required() }

  private func product(_ sku: String, _ members: [(String, JSONValue)], markets: [String] = ["SG"]) -> JSONValue {
    guard case .object(var object) = SampleProducts.cotton(sku: sku, markets: markets) else { return .null }
    for (key, value) in members { object[key] = value }
    return .object(object)
  }

  private func activate(_ trigger: Trigger) async throws {
    try await pabean.pool.transaction(as: Installation.tenant) { [now] tx in
      guard var policy = try PolicyStore.active(tx)?.policy else { return }
      policy.triggers.append(trigger)
      let version = try PolicyStore.add(policy, by: .system("test"), at: now, tx)
      try PolicyStore.activate(version: version, reason: "a test", by: .system("test"), at: now, tx)
    }
  }

  private func routing(of sku: String) async throws -> Routing? {
    try await pabean.pool.transaction(as: Installation.tenant, readOnly: true) { tx in
      let ids = try CaseStore.find(sku: sku, tx)
      return try ScreeningStore.latest(ids, tx).values.first?.routing
    }
  }

  @Test("holds a shipment by its quantity, with another way, and no other shipment of the same product")
  func consignment() async throws {
    let rules = OwnRules(
      name: "House rules",
      rules: [
        ScreeningRule(
          id: "few", version: "1", effect: .review,
          match: [RuleTest(words: ["limited edition"], consignment: ConsignmentTest(quantityAbove: 10))],
          summary: "We send at most ten of these at once.",
          source: RuleSource(authority: "Acme", instrument: "House rules", excerpt: "E", asOf: now.date),
          reroute: Reroute(text: "Send them in two shipments."))
      ])
    try await pabean.pool.transaction(as: Installation.tenant) { [now] tx in
      let version = try OwnRulesStore.add(rules, by: .system("test"), at: now, tx)
      try OwnRulesStore.activate(version: version, reason: "a test", by: .system("test"), at: now, tx)
    }
    try await pabean.publish([product("FEW-1", [("intendedUse", "limited edition")])], ids: ["few-1"])
    _ = try await pabean.cases(of: "FEW-1", reach: [.writtenBack])
    try await pabean.publish(
      [
        SampleProducts.shipment("ORDER-FEW", lines: [("FEW-1", 10)]),
        SampleProducts.shipment("ORDER-MANY", lines: [("FEW-1", 11)]),
      ], ids: ["order few", "order many"], kind: .shipment)
    _ = try await pabean.shipment("ORDER-FEW", reaches: .writtenBack)
    let held = try await pabean.shipment("ORDER-MANY", reaches: .held)
    #expect(
      held.holdReason
        == "/lines/1: We send at most ten of these at once. Another way: Send them in two shipments. (own/few)")
    let outcome = try await eventually("the ERP is told") { pabean.erp.outcomes(ofShipment: "ORDER-MANY").first }
    #expect(outcome["data"]?["state"] == "held")
    let lists = try await pabean.pool.transaction(as: Installation.tenant, readOnly: true) { tx in
      let ids = try CaseStore.find(sku: "FEW-1", tx)
      return try ScreeningStore.latest(ids, tx).values.first?.screening.listVersions ?? []
    }
    #expect(lists.contains { $0.hasPrefix("own-rules@") })
  }

  @Test("holds the first product of a new supplier for two people, and the next ones no more once it is cleared")
  func newSupplier() async throws {
    try await activate(
      Trigger(
        id: "new", categories: ["Newcomers"], isNewSupplier: true, requiresTwoPeople: true,
        reason: "The first product of a new supplier.", roles: [.broker]))
    let members: [(String, JSONValue)] = [
      ("category", "Newcomers > T-shirts"), ("supplier", ["name": "Fresh Thread Co Ltd", "country": "CN"]),
    ]
    try await pabean.publish([product("NEW-1", members)], ids: ["new-1"])
    let waiting = try await pabean.cases(of: "NEW-1", reach: [.awaitingDecision])
    let routing = try #require(try await routing(of: "NEW-1"))
    #expect(routing.requiresTwoPeople)
    #expect(routing.reasons.contains { $0.kind == .fourEyes })
    try await TestReviewer(pabean).decide(try #require(waiting.first?.id), .approve(ReviewTests.code))
    _ = try await pabean.cases(of: "NEW-1", reach: [.writtenBack])
    try await pabean.publish([product("NEW-2", members)], ids: ["new-2"])
    _ = try await pabean.cases(of: "NEW-2", reach: [.writtenBack])
    #expect(try await self.routing(of: "NEW-2")?.lane == .auto)
  }

  @Test("sees what a product has in its other markets")
  func matrix() async throws {
    try await pabean.publish([product("BOTH-1", [], markets: ["SG", "MY"])], ids: ["both-1"])
    let cases = try await pabean.cases(of: "BOTH-1", count: 2, reach: [.writtenBack])
    let (matrix, elsewhere) = try await pabean.pool.transaction(as: Installation.tenant, readOnly: true) { tx in
      let stored = try CaseStore.load(cases.map(\.id), tx)
      return (
        try MarketMatrixStore.load(sku: "BOTH-1", tx), try MarketMatrixStore.elsewhere(Array(stored.values), tx)
      )
    }
    #expect(matrix?.rows.map(\.market.code) == ["MY", "SG"])
    #expect(matrix?.codesDiffer == false)
    #expect(matrix?.rows.allSatisfy { $0.code != nil && $0.duty?.total != nil && $0.screening?.risk != nil } == true)
    for stored in cases {
      let others = elsewhere[stored.id] ?? []
      #expect(others.map(\.market.code) == cases.map(\.market).filter { $0 != stored.market })
      #expect(!others.contains { !$0.isDecided })
    }
  }
}
