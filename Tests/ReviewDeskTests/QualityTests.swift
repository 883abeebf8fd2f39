import Domain
import HTTP
import JSON
import Store
import TestSupport
import Testing

@testable import ReviewDeskEngine

@Suite("A second look")
struct SecondLookTests {
  private func look(_ form: String) throws -> SecondLook {
    try SecondLook(try #require(FormFields(Array(form.utf8))))
  }

  private func decision(_ code: String?) -> Decision {
    Decision(
      id: DecisionID(UniqueID(high: 1, low: 1)), caseID: CaseID(UniqueID(high: 1, low: 2)), sequence: 1,
      kind: code == nil ? .rejected : .approved, code: code.flatMap { HSCode($0) }, reason: nil,
      decidedBy: .person("a"), decidedAt: Instant(microseconds: 0))
  }

  @Test func `six digits are what it judges, and whether the product is cleared at all`() throws {
    let code = try look("verdict=code&code=6109.10.20")
    #expect(code.agrees(with: decision("610910")) && !code.agrees(with: decision("610990")))
    #expect(!code.agrees(with: decision(nil)))
    let rejected = try look("verdict=rejected&reason=A+knife&code=610910")
    #expect(rejected.agrees(with: decision(nil)) && !rejected.agrees(with: decision("610910")))
  }

  @Test(
    arguments: [
      ("", "/verdict"), ("verdict=x", "/verdict"), ("verdict=code", "/code"), ("verdict=code&code=61", "/code"),
      ("verdict=rejected", "/reason"), ("verdict=rejected&reason=\(String(repeating: "x", count: 501))", "/reason"),
    ])
  func `what is missing is named`(form: String, field: String) {
    #expect {
      _ = try look(form)
    } throws: { error in
      (error as? Refusal)?.issues.map(\.field) == [field]
    }
  }

  @Test(arguments: [("0", 0), ("2.5", 25_000), ("100", 1_000_000), ("0.01", 100)] as [(String, Int64)])
  func `a share is read in percent`(text: String, millionths: Int64) {
    #expect(SecondLook.share(text) == millionths)
  }

  @Test(arguments: [nil, "", "-1", "101", "1.234", "x", "NaN"] as [String?])
  func `what is no share is not read`(text: String?) {
    #expect(SecondLook.share(text) == nil)
  }
}

extension ReviewDeskTests {
  @Suite("Second looks at the desk") struct QualityFlow {
    @Test func `decisions are drawn, judged blind by somebody else, and count for the accuracy by confidence`()
      async throws
    {
      let bold = Policy(
        name: "bold",
        defaults: Policy.Settings(autoClearAt: Confidence(0.05), suggestAt: Confidence(0.02), requiredFields: []),
        requiredLists: .named([]))
      try await Desk.with([], policy: bold) { desk in
        for (email, roles) in [
          ("lee@acme.example", [.complianceLead]), ("bo@acme.example", [.broker]), ("mei@acme.example", [.broker]),
          ("au@acme.example", [.auditor]),
        ] as [(String, [PersonRole])] { try await desk.person(email, roles) }
        try await desk.person("eve@other.example", [.broker], tenant: Installation.otherTenant)
        let lee = try await Browser.signedIn(desk, email: "lee@acme.example")
        let bo = try await Browser.signedIn(desk, email: "bo@acme.example")
        let mei = try await Browser.signedIn(desk, email: "mei@acme.example")
        let auditor = try await Browser.signedIn(desk, email: "au@acme.example")
        let eve = try await Browser.signedIn(desk, email: "eve@other.example")
        #expect(try await lee.get("/quality").text.contains("nothing is drawn"))
        let all = ["automatic": "100", "decided": "100", "gold": "0"]
        #expect(try await bo.post("/quality/setting", all).status == 403)
        #expect(
          try await lee.post("/quality/setting", ["automatic": "101", "decided": "1", "gold": "0"]).status == 400)
        #expect(try await lee.post("/quality/setting", all).status == 303)
        try await desk.submit([Waiting.shirt("Q-1")], settled: 1)
        try await desk.reaches(.writtenBack, "Q-1")
        let first = try await eventually("a decision is drawn") {
          try await mei.get("/quality/next").response.headers["location"].flatMap { $0.contains("?") ? nil : $0 }
        }
        let blind = try await mei.get(first).text
        #expect(blind.contains("cotton t-shirt") && !blind.contains("6109"), "\(blind)")
        #expect(!blind.contains(try await desk.caseID("Q-1").description))
        #expect(try await eve.get(first).status == 404)
        #expect(try await auditor.get(first).status == 403)
        #expect(try await mei.post(first, ["verdict": "code"]).status == 400)
        let other = ["verdict": "code", "code": "6109.90", "reason": "Polyester"]
        #expect(try await eve.post(first, other).status == 404)
        #expect(try await mei.post(first, other).response.headers["location"] == "/quality?found=otherwise")
        #expect(try await bo.post(first, other).status == 409, "once")
        let overview = try await auditor.get("/quality").text
        #expect(overview.contains("Polyester") && overview.contains("6109.90, mei@acme.example"), "\(overview)")

        // Whoever found it otherwise may correct the case; that decision is drawn in its turn, for somebody else.
        let correction = [
          "action": "override", "code": "6109.90", "reason": "As the second look found", "expectedVersion": "6",
        ]
        let id = try await desk.caseID("Q-1")
        let version = try await desk.get("/v1/cases/\(id)", key: desk.key("bi", ["review"], isPerson: false))[
          "version"]?.numeral
        let corrected = try await bo.post(
          "/cases/\(id)/decision", correction.merging(["expectedVersion": version ?? ""]) { $1 })
        #expect(corrected.status == 303, "\(corrected)")
        let second = try await eventually("the correction is drawn") {
          try await lee.get("/quality/next").response.headers["location"].flatMap { $0.contains("?") ? nil : $0 }
        }
        #expect(second != first)
        #expect(try await bo.get("/quality/next").response.headers["location"] == "/quality?found=none")
        #expect(try await bo.get(second).status == 403)
        #expect(
          try await lee.post(second, ["verdict": "code", "code": "610990"]).response.headers["location"]
            == "/quality?found=alike")

        let figures = try await desk.get("/v1/review/dashboard", key: desk.key("bi2", ["review"], isPerson: false))
        let judged = figures["calibration"]?.arrayValue?.compactMap { $0["decisions"]?.numeral.flatMap { Int($0) } }
        #expect(judged?.reduce(0, +) == 2, "the correction, and the second look at what cleared by itself: \(figures)")
        #expect(try await desk.audit(of: id.value).filter { $0 == "case.second-look" }.count == 2)
      }
    }
  }
}
