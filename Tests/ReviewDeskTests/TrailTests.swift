import ClassifierEngine
import Contracts
import Crypto
import Domain
import HTTP
import JSON
import Store
import TestSupport
import Testing

@testable import ReviewDeskEngine

@Suite("A case decided once more")
struct ReplayTests {
  private func outcome(
    _ code: String, confidence: Double = 0.9, findings: [Finding] = [], lane: Lane = .auto, pack: String = "SG@1"
  ) throws -> Replay.Outcome {
    let code = try #require(HSCode(code))
    return Replay.Outcome(
      classification: Classification(
        candidates: [Candidate(code: code, title: "t", confidence: Confidence(confidence))], isTooVague: false,
        modelVersion: "m"),
      screening: Screening(findings: findings, duties: [], riskScore: 3, packVersion: pack),
      routing: Routing(lane: lane, reasons: [], roles: [], policyVersion: 1))
  }

  @Test func `what is the same differs in nothing, though a version changed`() throws {
    let replay = Replay(then: try outcome("610910"), today: try outcome("610910", pack: "SG@2"))
    #expect(!replay.wouldDiffer && replay.differences.isEmpty)
    #expect(replay.versions.filter { $0.then != $0.today }.map(\.what) == ["Market pack"])
  }

  @Test func `another code, lane or finding is told with what it was`() throws {
    let finding = Finding(ruleID: "r", ruleVersion: "1", effect: .review, summary: "Look.", roles: [.compliance])
    let replay = Replay(
      then: try outcome("610910"), today: try outcome("610990", findings: [finding], lane: .exception))
    #expect(replay.wouldDiffer)
    #expect(
      replay.differences == [
        .init(what: "Lane", then: "automatic", today: "exception"),
        .init(what: "Best code", then: .verbatim("6109.10"), today: .verbatim("6109.90")),
      ])
    #expect(replay.new == [finding] && replay.gone.isEmpty)
  }

  @Test func `the same rule that saw the code at another confidence is no difference`() throws {
    func finding(_ confidence: String, _ effect: Finding.Effect = .requireDocument) -> Finding {
      Finding(
        ruleID: "food", ruleVersion: "1", effect: effect, summary: "Food needs a licence.",
        observed: [Observation(field: "/classification/candidates/0", text: "2106.90 at \(confidence)")])
    }
    let replay = Replay(
      then: try outcome("210690", findings: [finding("0.812")]),
      today: try outcome("210690", findings: [finding("0.815")]))
    #expect(!replay.wouldDiffer && replay.new.isEmpty && replay.gone.isEmpty)
    let graver = Replay(
      then: try outcome("210690", findings: [finding("0.812")]),
      today: try outcome("210690", findings: [finding("0.812", .prohibit)]))
    #expect(graver.wouldDiffer && graver.new.count == 1 && graver.gone.count == 1)
  }

  @Test(
    arguments: [
      ("A-1", "A-1"), ("a/b", "a%2Fb"), ("..", "%2E%2E"), ("50 %", "50%20%25"),
      ("ครีม", "%E0%B8%84%E0%B8%A3%E0%B8%B5%E0%B8%A1"),
      ("<\"'&?#", "%3C%22%27%26%3F%23"),
    ])
  func `a SKU is a single segment of a path, whatever it is made of`(sku: String, segment: String) {
    #expect(ProductPage.path(of: sku) == "/products/\(segment)")
  }
}

extension ReviewDeskTests {
  @Suite("The pages of products and shipments") struct TrailPages {
    private static func bound(_ sku: String, _ markets: [String], _ changes: [String: JSONValue] = [:]) -> JSONValue {
      Waiting.with(sku, changes.merging(["markets": .strings(markets)]) { $1 })
    }

    @Test func `a product is shown in all its markets, from message to write-back, with what waits for it`()
      async throws
    {
      let sku = "T/1 %"
      try await Desk.with([], markets: ["SG", "MY"]) { desk in
        try await desk.submit([Self.bound(sku, ["SG", "MY"])], settled: 2)
        try await desk.pabean.publish(
          [SampleProducts.shipment("ORDER-1", lines: [(sku, 3)])], ids: ["s1"], kind: .shipment)
        _ = try await desk.pabean.shipment("ORDER-1", reaches: .waiting)
        try await desk.person("ana@acme.example", [.broker])
        let ana = try await Browser.signedIn(desk, email: "ana@acme.example")
        let path = ProductPage.path(of: sku)
        #expect(try await ana.get("/queue").text.contains("href=\"\(path)\""))
        let page = try await ana.get(path)
        #expect(page.status == 200)
        for words in [
          ">SG</a>", ">MY</a>", "6109.10", "waits for the decision of broker", "Shipment ORDER-1", "waits for line 1",
          "opened", "classified", "revision 1",
        ] {
          #expect(page.text.contains(words), "\(words)")
        }
        let shipments = try await ana.get("/shipments?reference=ORDER").text
        let link = try #require(
          shipments.firstRange(of: "/shipments/").map { String(shipments[$0.lowerBound...].prefix(47)) })
        _ = link
        let id = try #require(try await desk.pabean.shipment("ORDER-1")).id
        let waiting = try await ana.get("/shipments/\(id)").text
        #expect(
          waiting.contains("It waits for its line.") && waiting.contains("waits for the decision of broker"))
        #expect(waiting.contains("Duty") && waiting.contains("SGD"))
        #expect(waiting.contains(">3 pieces</td>") && !waiting.contains("C62"), "\(waiting)")

        let cases = try await desk.pabean.cases(of: sku, count: 2, reach: [.awaitingDecision])
        let singapore = try #require(cases.first { $0.market == "SG" })
        let fields = ["action": "approve", "expectedVersion": "3"]
        #expect(try await ana.post("/cases/\(singapore.id)/decision", fields).status == 303)
        _ = try await desk.pabean.shipment("ORDER-1", reaches: .writtenBack)
        let done = try await ana.get(path).text
        #expect(done.contains("written back") && done.contains("decision record") && done.contains("approved"))
        #expect(done.contains("/documents/"))
        let delivered = try await ana.get("/shipments/\(id)").text
        #expect(delivered.contains("It was written back.") && delivered.contains("commercial invoice"))
        let document = try #require(
          delivered.firstRange(of: "/documents/").map { String(delivered[$0.lowerBound...].prefix(47)) })
        #expect(try await ana.get(document).response.headers["content-disposition"]?.hasPrefix("attachment") == true)
      }
    }

    @Test func `another tenant's products, shipments and replays are not found, nor those of another market`()
      async throws
    {
      let products = [Self.bound("N-1", ["SG", "MY"]), Self.bound("N-2", ["MY"])]
      try await Desk.with([], markets: ["SG", "MY"]) { desk in
        try await desk.submit(products, settled: 3)
        try await desk.pabean.publish(
          [SampleProducts.shipment("ORDER-MY", market: "MY", lines: [("N-2", 1)])], ids: ["s1"], kind: .shipment)
        let id = try await desk.pabean.shipment("ORDER-MY", reaches: .waiting).id
        try await desk.person("eve@other.example", [.admin, .complianceLead], tenant: Installation.otherTenant)
        try await desk.person("sg@acme.example", [.complianceLead], markets: ["SG"])
        let eve = try await Browser.signedIn(desk, email: "eve@other.example")
        let one = try await Browser.signedIn(desk, email: "sg@acme.example")
        let foreign = try await desk.caseID("N-2")
        for path in ["/products/N-2", "/shipments/\(id)", "/cases/\(foreign)/replay"] {
          #expect(try await eve.get(path).status == 404, "\(path)")
          #expect(try await one.get(path).status == 404, "\(path)")
        }
        #expect(try await eve.get("/products/N-1").status == 404)
        #expect(try await !eve.get("/shipments").text.contains("ORDER-MY"))
        #expect(try await !one.get("/shipments").text.contains("ORDER-MY"))
        let own = try await one.get("/products/N-1").text
        #expect(own.contains(">SG</a>") && !own.contains(">MY</a>") && !own.contains("MY, revision"))
        for path in ["/products/none", "/shipments/none", "/shipments/\(foreign)", "/cases/none/replay"] {
          #expect(try await one.get(path).status == 404, "\(path)")
        }
      }
    }

    @Test func `a replay says that nothing would differ, and what would after a policy changed`() async throws {
      try await Desk.with([Self.bound("R-1", ["SG"])]) { desk in
        try await desk.person("ana@acme.example", [.broker])
        let ana = try await Browser.signedIn(desk, email: "ana@acme.example")
        let id = try await desk.caseID("R-1")
        #expect(try await ana.get("/cases/\(id)").text.contains("/cases/\(id)/replay"))
        let same = try await ana.get("/cases/\(id)/replay")
        #expect(same.status == 200 && same.text.contains("Today the same would come out."), "\(same)")
        try await desk.activate(
          Policy(
            name: "bold",
            defaults: Policy.Settings(autoClearAt: Confidence(0.05), suggestAt: Confidence(0.02), requiredFields: []),
            requiredLists: .named([])))
        let other = try await ana.get("/cases/\(id)/replay").text
        #expect(other.contains("Today something would differ.") && other.contains("exception"))
        #expect(other.contains("<strong>automatic</strong>"), "\(other.suffix(3000))")
        #expect(try await desk.state("R-1") == .awaitingDecision, "nothing is stored")
      }
    }

    @Test func `a replay answers by the tenant's own model where one is in force, and by no other tenant's`()
      async throws
    {
      try await Desk.with([Self.bound("O-1", ["SG"])]) { desk in
        try await desk.person("ana@acme.example", [.broker], markets: ["SG"])
        let ana = try await Browser.signedIn(desk, email: "ana@acme.example")
        let path = "/cases/\(try await desk.caseID("O-1"))/replay"
        let lessons = try [("SG", 1), ("MY", 2), ("TH", 3)].map { market, number in
          Precedent(
            id: UniqueID(high: 1, low: number),
            description: ProductDescription(title: "Blue cap number \(number)", category: "", attributes: ""),
            code: try #require(HSCode("650500")), decidedAt: Instant(microseconds: Int64(number)), outcome: .approved,
            market: try #require(Market(market)), reason: "")
        }
        let content = TenantTraining(lessons: lessons).contentHash
        let version = "+\(Hex.encode(content).prefix(12))"
        func use(_ number: Int64?, of tenant: TenantID) async throws {
          try await desk.pabean.pool.transaction(as: tenant) { tx in
            let now = Instant(microseconds: 1_790_000_000_000_000)
            if number != nil {
              try Precedents.insert(tenant == Installation.tenant ? lessons : [], tx)
              let recipe = ClassifierModels.Recipe(
                engine: "test", contentHash: content, precedents: lessons.map(\.id))
              _ = try ClassifierModels.add(recipe, quality: [:], by: .system("test"), at: now, tx)
            }
            try ClassifierModels.activate(number, as: .champion, reason: "test", by: .system("test"), at: now, tx)
          }
        }
        /// A model that is not built yet may take longer than a request may.
        func replayed() async throws -> String {
          try await eventually("the replay is there", within: .seconds(150)) {
            let answer = try? await ana.get(path)
            return answer?.status == 200 ? answer?.text : nil
          }
        }
        try await use(1, of: Installation.otherTenant)
        #expect(try await !replayed().contains(version))
        try await use(1, of: Installation.tenant)
        #expect(try await replayed().contains(version))
        try await use(nil, of: Installation.tenant)
        #expect(try await !replayed().contains(version))
      }
    }

    @Test func `hostile text on these pages is text`() async throws {
      let hostile = Self.bound("<b>S\"'", ["SG"], ["title": "Shirt <script>alert(1)</script> \u{202E}x"])
      try await Desk.with([hostile]) { desk in
        guard case .object(var shipment) = SampleProducts.shipment("<i>O</i>", lines: [("<b>S\"'", 1)]) else { return }
        shipment["consignee"] = ["name": "<img src=x>", "country": "SG", "address": "2 Sample Street"]
        try await desk.pabean.publish([.object(shipment)], ids: ["s1"], kind: .shipment)
        let id = try await desk.pabean.shipment("<i>O</i>", reaches: .waiting).id
        try await desk.person("ana@acme.example", [.broker])
        let ana = try await Browser.signedIn(desk, email: "ana@acme.example")
        let caseID = try await desk.firstCase()
        for path in [
          ProductPage.path(of: "<b>S\"'"), "/shipments", "/shipments/\(id)", "/cases/\(caseID)/replay",
          "/shipments?reference=%3Cimg%3E",
        ] {
          let page = try await ana.get(path)
          #expect(page.status == 200, "\(path)")
          for markup in ["<script>", "<img", "<b>", "<i>", "\u{202E}"] {
            #expect(!page.text.contains(markup), "\(path) \(markup)")
          }
        }
      }
    }
  }
}
