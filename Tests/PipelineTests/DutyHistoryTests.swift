import Domain
import Store
import TestSupport
import Testing

@Suite("What cleared cases cost at the border", .installation(markets: ["MY"]), .timeLimit(.minutes(5)))
struct DutyHistoryTests {
  @Test("is kept, and a case far from it waits for a person")
  func history() async throws {
    let pabean = try Installation.required()
    let goods = DutyShares.Goods(market: Market("MY")!, heading: "6109")
    try await pabean.publish([SampleProducts.cotton(sku: "USUAL-1", markets: ["MY"])], ids: ["usual-1"])
    _ = try await pabean.cases(of: "USUAL-1", reach: [.writtenBack])
    let kept = try await pabean.pool.transaction(as: Installation.tenant, readOnly: true) { tx in
      try DutyShares.latest([goods], tx)
    }
    // Tax of 2.67 on a customs value of 29.58.
    #expect(kept == [goods: [90_264]])

    try await pabean.change { tx in
      try DutyShares.remember(
        (1...5).map { _ in DutyShares.Share(goods: goods, partsPerMillion: 800_000) }, tx)
    }
    try await pabean.publish([SampleProducts.cotton(sku: "UNUSUAL-1", markets: ["MY"])], ids: ["usual-2"])
    _ = try await pabean.cases(of: "UNUSUAL-1", reach: [.awaitingDecision])
    #expect(try await pabean.routingReasons(of: "UNUSUAL-1").contains { $0.contains("usual for this tenant") })
  }
}
