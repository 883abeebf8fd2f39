import Domain
import JSON
import Postgres
import Store
import TestSupport
import Testing

extension ReviewDeskTests {
  @Suite("The dashboard over real cases") struct DashboardFlow {
    private static func bound(_ sku: String, _ market: String) -> JSONValue {
      Waiting.with(sku, ["markets": [.string(market)]])
    }

    @Test func `it counts what was routed, decided and delivered, for each reader's markets alone`() async throws {
      let products = ["D-1", "D-2", "D-3"].map { Self.bound($0, "SG") } + [Self.bound("D-4", "MY")]
      try await Desk.with(products, markets: ["SG", "MY"]) { desk in
        try await desk.person("ana@acme.example", [.broker])
        try await desk.person("sg@acme.example", [.auditor], markets: ["SG"])
        try await desk.person("eve@other.example", [.admin], tenant: Installation.otherTenant)
        let ana = try await Browser.signedIn(desk, email: "ana@acme.example")
        let key = try await desk.key("bi", ["review"], isPerson: false)
        for sku in ["D-1", "D-2"] {
          let id = try await desk.caseID(sku)
          #expect(try await ana.post("/cases/\(id)/claim", [:]).status == 303)
          let fields =
            sku == "D-1"
            ? ["action": "approve"]
            : ["action": "override", "code": "6109.90", "reason": "Not of cotton, says the label"]
          let answer = try await ana.post("/cases/\(id)/decision", fields.merging(["expectedVersion": "3"]) { $1 })
          #expect(answer.status == 303, "\(answer)")
          try await desk.reaches(.writtenBack, sku)
        }
        let figures = try await desk.get("/v1/review/dashboard?days=7", key: key)
        #expect(figures.status == 200, "\(figures)")
        #expect(figures["cases"]?.numeral == "4" && figures["clearedShare"]?.numeral == "0", "\(figures)")
        #expect(figures["waiting"]?["count"]?.numeral == "2")
        #expect(figures["decisions"] == ["approved": 1, "overridden": 1])
        #expect(figures["overrideShare"]?.numeral == "0.5")
        #expect(
          figures["timeInQueue"]?["count"]?.numeral == "2" && figures["timePerDecision"]?["count"]?.numeral == "2")
        let chapters = try #require(figures["overridesByChapter"]?.arrayValue)
        #expect(chapters == [["chapter": "61", "decisions": 2, "overridden": 1]])
        let judged = figures["calibration"]?.arrayValue ?? []
        #expect(judged.compactMap { $0["decisions"]?.numeral.flatMap { Int($0) } }.reduce(0, +) == 2)
        #expect(judged.compactMap { $0["agreed"]?.numeral.flatMap { Int($0) } }.reduce(0, +) == 1)
        #expect(figures["exceptions"]?.arrayValue?.isEmpty == false)
        #expect((figures["writeBack"]?["delivered"]?.numeral.flatMap { Int($0) } ?? 0) >= 2)

        let page = try await ana.get("/dashboard?days=7&market=").text
        #expect(page.contains("of 4 cases") && page.contains("<svg") && !page.contains("style="))
        #expect(page.contains("Nothing is out of the ordinary."))
        #expect(page.contains("With what an hour costs") && !page.contains("Cost of a case"))
        var reckoning = Desk.cautious
        reckoning.costs = WorkCosts(currency: try #require(CurrencyCode("SGD")), hour: 3600, millionTokens: 0)
        try await desk.activate(reckoning)
        let reckoned = try await ana.get("/dashboard?days=7&market=").text
        #expect(reckoned.contains("Cost of a case") && reckoned.contains(" SGD"))
        let one = try await Browser.signedIn(desk, email: "sg@acme.example")
        let scoped = try await one.get("/dashboard").text
        #expect(scoped.contains("of 3 cases") && !scoped.contains(">MY<"))
        #expect(try await one.get("/dashboard?market=MY").text.contains("of 0 cases"))
        let eve = try await Browser.signedIn(desk, email: "eve@other.example")
        #expect(try await eve.get("/dashboard").text.contains("of 0 cases"))
        #expect(try await ana.get("/dashboard?days=8").status == 400)
        #expect(try await desk.get("/v1/review/dashboard").status == 401)

        try await desk.fail("D-1", .undeliverable, delivery: "dead", "no such host")
        #expect(try await ana.get("/dashboard").text.contains("1 delivery was given up"))
      }
    }

    @Test func `a day that is over is counted once, and counted again gives the same`() async throws {
      try await Desk.with([Self.bound("O-1", "SG")]) { desk in
        let day = try await desk.pabean.pool.transaction(as: Installation.tenant, readOnly: true) { tx in
          try tx.query("SELECT at FROM case_screening LIMIT 1").first(Instant.self)?.date
        }
        let counted = try #require(day)
        let figures = try await desk.pabean.pool.transaction(as: Installation.tenant) { tx in
          #expect(try DeskFigures.count(counted, at: Instant(microseconds: 1), tx))
          let first = try DeskFigures.byMarket(from: counted, to: counted, market: nil, tx)
          #expect(try DeskFigures.count(counted, at: Instant(microseconds: 2), tx))
          #expect(try DeskFigures.byMarket(from: counted, to: counted, market: nil, tx) == first)
          #expect(try DeskFigures.counted(since: counted, tx).map(\.at.microseconds) == [2])
          return first
        }
        #expect(figures.contains { $0.measure == .lane && $0.count == 1 })
        #expect(figures.contains { $0.measure == .description && $0.key == "clear" })
      }
    }
  }
}
