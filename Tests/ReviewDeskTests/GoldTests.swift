import Contracts
import Crypto
import Domain
import HTTP
import JSON
import Store
import TestSupport
import Testing

@testable import ReviewDeskEngine

extension ReviewDeskTests {
  @Suite("Gold cases among second looks") struct Gold {
    private static let bold = Policy(
      name: "bold",
      defaults: Policy.Settings(autoClearAt: Confidence(0.05), suggestAt: Confidence(0.02), requiredFields: []),
      requiredLists: .named([]))

    private static func next(_ browser: Browser) async throws -> String? {
      try await browser.get("/quality/next").response.headers["location"].flatMap { $0.contains("?") ? nil : $0 }
    }

    private static func look(_ id: CaseID, by account: String) -> String {
      "/quality/\(DerivedID.look(id, by: .person(account)))"
    }

    @Test(arguments: ["", " ", String(repeating: "x", count: 501)])
    func `a gold case has a reason`(why: String) throws {
      let form = try #require(FormFields(Array("code=610910&why=\(why)".utf8)))
      #expect(throws: Refusal.self) { try GoldRequest(form) }
    }

    @Test func `its right answer is a code, or that there is none`() throws {
      func read(_ code: String) throws -> GoldRequest {
        try GoldRequest(try #require(FormFields(Array("code=\(code)&why=x".utf8))))
      }
      #expect(try read("6109.10.20").code == HSCode("61091020") && read("").code == nil)
      for wrong in ["61", "cotton"] { #expect(throws: Refusal.self) { try read(wrong) } }
    }

    @Test func `reviewers meet them unawares, their answers touch nothing, and leads see how they did`() async throws {
      try await Desk.with([], policy: Self.bold) { desk in
        for (email, roles) in [
          ("lee@acme.example", [.complianceLead, .broker]), ("mei@acme.example", [.broker]),
          ("bo@acme.example", [.broker]), ("au@acme.example", [.auditor]),
        ] as [(String, [PersonRole])] { try await desk.person(email, roles) }
        try await desk.person("eve@other.example", [.complianceLead], tenant: Installation.otherTenant)
        let lee = try await Browser.signedIn(desk, email: "lee@acme.example")
        let mei = try await Browser.signedIn(desk, email: "mei@acme.example")
        let bo = try await Browser.signedIn(desk, email: "bo@acme.example")
        let auditor = try await Browser.signedIn(desk, email: "au@acme.example")
        let eve = try await Browser.signedIn(desk, email: "eve@other.example")
        let all = ["automatic": "100", "decided": "100", "gold": "100"]
        #expect(try await lee.post("/quality/setting", ["automatic": "1", "decided": "1"]).status == 400)
        #expect(try await lee.post("/quality/setting", all).status == 303)
        try await desk.submit([Waiting.shirt("G-1"), Waiting.shirt("G-2")], settled: 2)
        for sku in ["G-1", "G-2"] { try await desk.reaches(.writtenBack, sku) }
        let id = try await desk.caseID("G-1")

        // Marking.
        let address = "/quality/gold?case=\(id)"
        #expect(try await lee.get("/cases/\(id)").text.contains(address))
        #expect(try await !mei.get("/cases/\(id)").text.contains(address))
        let gold = ["case": "\(id)", "code": "6109.10", "why": "Knitted, of cotton, says the fibre test."]
        for browser in [mei, auditor] { #expect(try await browser.post("/quality/gold", gold).status == 403) }
        #expect(try await eve.post("/quality/gold", gold).status == 404)
        #expect(try await mei.get("/quality/gold").status == 403)
        #expect(try await lee.get(address).text.contains("value=\"6109.10\""))
        let hasty = try await lee.post("/quality/gold", gold.merging(["why": "", "code": "6109.90"]) { $1 })
        #expect(hasty.status == 400 && hasty.text.contains("value=\"6109.90\""), "\(hasty)")
        #expect(try await lee.post("/quality/gold", gold).response.headers["location"] == "/quality/gold")
        #expect(try await auditor.get("/quality/gold").text.contains("says the fibre test"))
        #expect(try await !eve.get("/quality/gold").text.contains("fibre"))

        // Meeting.
        let before = try await desk.file("G-1", key: desk.key("bi", ["review"], isPerson: false))
        _ = try await eventually("a decision is drawn") { try await Self.next(mei) }
        #expect(try await Self.next(mei) == Self.look(id, by: "mei@acme.example"), "and again the same")
        #expect(try await Self.next(mei) == Self.look(id, by: "mei@acme.example"))
        let path = Self.look(id, by: "mei@acme.example")
        let blind = try await mei.get(path).text
        #expect(blind.contains("cotton t-shirt") && !blind.contains("6109"), "\(blind)")
        #expect(!blind.lowercased().contains("gold") && !blind.contains("\(id)"))
        for other in [bo, lee] { #expect(try await other.get(path).status == 404) }
        #expect(try await mei.post(path, ["verdict": "code"]).status == 400)
        let wrong = ["verdict": "code", "code": "6109.90", "reason": "Feels like polyester"]
        #expect(try await mei.post(path, wrong).response.headers["location"] == "/quality?found=otherwise")
        #expect(try await mei.post(path, wrong).status == 409, "once, as every other")
        #expect(try await mei.get(path).status == 409)
        let right = ["verdict": "code", "code": "6109.10.20"]
        #expect(
          try await bo.post(Self.look(id, by: "bo@acme.example"), right).response.headers["location"]
            == "/quality?found=alike")
        // A lead is never tried by what they know; and no case is met twice.
        let drawn = try await eventually("a decision is drawn for the lead") { try await Self.next(lee) }
        #expect(drawn != Self.look(id, by: "lee@acme.example"))
        #expect(try await Self.next(mei).map { $0 != path } == true)

        // It touched nothing.
        let after = try await desk.file("G-1", key: desk.key("bi", ["review"], isPerson: false))
        #expect(after == before)
        #expect(try await !desk.audit(of: id.value).contains { $0.contains("gold") })
        let kept = UniqueID(digest: SHA256.hash("gold \(id)").bytes)
        #expect(
          try await desk.audit(of: kept) == ["quality.gold-marked", "quality.gold-look", "quality.gold-look"])

        // Figures.
        let overview = try await lee.get("/quality").text
        #expect(overview.contains("1 of 2") && overview.contains("/quality/gold"), "\(overview)")
        let theirs = try await mei.get("/quality").text
        #expect(!theirs.lowercased().contains("gold") && !theirs.contains("Feels like polyester"))
        let page = try await lee.get("/quality/gold").text
        #expect(page.contains("Feels like polyester") && page.contains("6109.90, mei@acme.example"), "\(page)")
        let machine = try await desk.key("bi2", ["review"], isPerson: false)
        let quality = try await desk.get("/v1/review/quality", key: machine)
        let agreement = quality["gold"]?["agreement"]
        #expect(agreement?["judged"] == 2 && agreement?["agreed"] == 1, "\(quality)")
        #expect(agreement?["share"]?.doubleValue == 0.5)
        let reviewers = quality["gold"]?["reviewers"]?.arrayValue?.map {
          "\($0["reviewer"] ?? "") \($0["agreed"] ?? "")"
        }
        #expect(reviewers?.count == 2 && quality["drawnMillionths"]?["gold"] == 1_000_000, "\(quality)")
        #expect(try await desk.get("/v1/review/quality", key: desk.key("bro", ["broker"]))["gold"] == nil)
        let figures = try await desk.get("/v1/review/dashboard", key: machine)
        let judged = figures["calibration"]?.arrayValue?.compactMap { $0["decisions"]?.numeral.flatMap { Int($0) } }
        #expect(judged?.reduce(0, +) == 1, "what cleared by itself and is vouched for: \(figures)")

        // Marked anew, what was found is judged by it; retired, nobody meets it.
        #expect(try await lee.post("/quality/gold", gold.merging(["code": "6109.90"]) { $1 }).status == 303)
        let again = try await desk.get("/v1/review/quality", key: machine)
        let agreed = again["gold"]?["reviewers"]?.arrayValue?.filter { $0["agreed"] == 1 }.compactMap { $0["reviewer"] }
        #expect(agreed == ["person:mei@acme.example"], "\(again)")
        #expect(try await mei.post("/quality/gold/retire", gold).status == 403)
        #expect(try await lee.post("/quality/gold/retire", gold).status == 303)
        #expect(try await lee.post("/quality/gold/retire", gold).status == 404)
        #expect(try await desk.audit(of: kept).suffix(2) == ["quality.gold-marked", "quality.gold-retired"])
      }
    }

    @Test func `what nobody has decided cannot be gold, nor another market's case`() async throws {
      try await Desk.with([Waiting.shirt("U-1")]) { desk in
        let lead = try await Browser.signedIn(desk, try await desk.key("lead", ["compliance-lead"]))
        let id = try await desk.caseID("U-1")
        let gold = ["case": "\(id)", "code": "6109.10", "why": "Because"]
        #expect(try await lead.post("/quality/gold", gold).status == 409)
        #expect(try await lead.get("/quality/gold?case=\(id)").status == 409)
        #expect(try await lead.post("/quality/gold", gold.merging(["case": "x"]) { $1 }).status == 404)
        try await desk.person("my@acme.example", [.complianceLead], markets: ["MY"])
        let elsewhere = try await Browser.signedIn(desk, email: "my@acme.example")
        #expect(try await elsewhere.post("/quality/gold", gold).status == 404)
      }
    }
  }
}
