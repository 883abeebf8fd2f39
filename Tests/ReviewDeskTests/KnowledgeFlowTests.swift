import Domain
import HTTP
import JSON
import Postgres
import Store
import TestSupport
import Testing

extension ReviewDeskTests {
  @Suite("The pages of what the desk decides by") struct KnowledgePages {
    private static let bold = Policy(
      name: "bold",
      defaults: Policy.Settings(autoClearAt: Confidence(0.05), suggestAt: Confidence(0.02), requiredFields: ["origin"]),
      requiredLists: .named([]))

    @Test func `a policy is drafted, tried, put into force by a second person, and rolled back`() async throws {
      try await Desk.with([Waiting.shirt("K-1")]) { desk in
        try await desk.person("mei@acme.example", [.compliance, .complianceLead])
        try await desk.person("lee@acme.example", [.complianceLead])
        try await desk.person("bo@acme.example", [.broker])
        let mei = try await Browser.signedIn(desk, email: "mei@acme.example")
        let lee = try await Browser.signedIn(desk, email: "lee@acme.example")
        let bo = try await Browser.signedIn(desk, email: "bo@acme.example")
        #expect(try await mei.get("/knowledge/policy").text.contains("is in force since"))
        #expect(try await mei.get("/knowledge/policy/draft").text.contains("&quot;cautious&quot;"))
        #expect(try await bo.get("/knowledge/policy/draft").status == 403)
        #expect(try await bo.post("/knowledge/policy/draft", ["text": "{}"]).status == 403)

        let wrong = try await mei.post(
          "/knowledge/policy/draft", ["text": "{\n \"name\": \"<b>\",\n \"defaults\": 3 }"])
        #expect(wrong.status == 422 && wrong.text.contains("Line 3") && wrong.text.contains("/defaults"), "\(wrong)")
        #expect(wrong.text.contains("&lt;b&gt;") && !wrong.text.contains("<b>"))

        let kept = try await mei.post("/knowledge/policy/draft", ["text": Self.bold.json.text])
        let place = try #require(kept.response.headers["location"], "\(kept)")
        let tried = try await mei.get("\(place)?last=100").text
        #expect(tried.contains("Of 1 cases 1 would take another lane"), "\(tried.suffix(4000))")
        #expect(tried.contains("<ins>") && tried.contains("K-1"))
        #expect(tried.contains("You wrote this version."))
        let activation = ["reason": "Enough experience"]
        #expect(try await mei.post("\(place)/activate", activation).status == 403)
        #expect(try await bo.post("\(place)/activate", activation).status == 403)
        #expect(try await lee.post("\(place)/activate", ["reason": " "]).status == 400)
        #expect(try await lee.post("\(place)/activate", activation).status == 303)
        #expect(try await lee.post("\(place)/activate", activation).status == 409, "in force already")
        #expect(try await lee.get("/knowledge/policy").text.contains("Enough experience"))
        let first = try await desk.pabean.pool.transaction(as: Installation.tenant, readOnly: true) { tx in
          try PolicyStore.history(tx).dropFirst().first?.version
        }
        let before = try #require(first)
        #expect(
          try await mei.post("/knowledge/policy/versions/\(before)/activate", ["reason": "Too bold"]).status == 303)
        #expect(
          try await desk.get("/v1/policy", key: desk.key("x", ["review"], isPerson: false))["version"]?.numeral
            == "\(before)")
        #expect(try await lee.get("/knowledge/policy/versions/999").status == 404)
        #expect(try await lee.post("/knowledge/policy/versions/999/activate", activation).status == 404)
        let kinds = try await desk.pabean.pool.transaction(readOnly: true) { tx in
          try tx.enter(Installation.tenant)
          return try AuditKinds.all(tx)
        }
        #expect(kinds.filter { $0.hasPrefix("policy.") } == ["policy.drafted", "policy.activated", "policy.activated"])
      }
    }

    @Test func `own rules go the same way, and hold from then on`() async throws {
      try await Desk.with([Waiting.shirt("O-1")]) { desk in
        try await desk.person("mei@acme.example", [.compliance])
        try await desk.person("adm@acme.example", [.admin])
        let mei = try await Browser.signedIn(desk, email: "mei@acme.example")
        let admin = try await Browser.signedIn(desk, email: "adm@acme.example")
        let rules = """
          {"name": "house", "rules": [{"id": "no-shirts", "version": "1", "effect": "prohibit",
            "match": [{"words": ["t-shirt"]}], "summary": "The house sells no shirts.",
            "source": {"authority": "House", "instrument": "Memo", "asOf": "2026-11-01", "excerpt": "No shirts."}, "roles": ["compliance"]}]}
          """
        let kept = try await mei.post("/knowledge/rules/draft", ["text": rules])
        let place = try #require(kept.response.headers["location"], "\(kept.text.suffix(3000))")
        #expect(place == "/knowledge/rules/versions/1")
        #expect(try await mei.get("\(place)?last=100").text.contains("own/no-shirts"))
        #expect(try await admin.post("\(place)/activate", ["reason": "Memo of today"]).status == 303)
        let replay = try await mei.get("/cases/\(desk.caseID("O-1"))/replay").text
        #expect(replay.contains("The house sells no shirts.") && replay.contains("New today"))
      }
    }

    @Test func `precedents are found, entered for a product, and retired with a reason`() async throws {
      try await Desk.with([Waiting.shirt("P-1")]) { desk in
        try await desk.person("bo@acme.example", [.broker])
        try await desk.person("au@acme.example", [.auditor])
        try await desk.person("eve@other.example", [.complianceLead], tenant: Installation.otherTenant)
        let bo = try await Browser.signedIn(desk, email: "bo@acme.example")
        let auditor = try await Browser.signedIn(desk, email: "au@acme.example")
        let eve = try await Browser.signedIn(desk, email: "eve@other.example")
        let fields = [
          "sku": "P-1", "into": "sg", "code": "6109.10", "outcome": "approved", "reason": "Ruling <i>7</i>",
        ]
        #expect(try await auditor.post("/knowledge/precedents", fields).status == 403)
        #expect(try await eve.post("/knowledge/precedents", fields).status == 422)
        let wrong = try await bo.post("/knowledge/precedents", fields.merging(["code": "61", "sku": "NONE"]) { $1 })
        #expect(wrong.status == 400 && wrong.text.contains("value=\"NONE\"") && wrong.text.contains("six digits"))
        #expect(try await bo.post("/knowledge/precedents", fields).status == 303)
        let found = try await bo.get("/knowledge/precedents?q=cotton").text
        #expect(found.contains("Ruling &lt;i&gt;7&lt;/i&gt;") && found.contains("6109.10"))
        #expect(try await bo.get("/knowledge/precedents?q=6109&market=SG").text.contains("6109.10"))
        #expect(try await bo.get("/knowledge/precedents?q=wool").text.contains("There is no such precedent."))
        #expect(try await !eve.get("/knowledge/precedents").text.contains("6109.10"))
        #expect(try await !auditor.get("/knowledge/precedents").text.contains("/retire\""))
        #expect(try await bo.get("/products/P-1").text.contains("Precedents for this very product"))

        let id = try #require(
          found.firstRange(of: "/knowledge/precedents/").map { String(found[$0.upperBound...].prefix(36)) })
        let path = "/knowledge/precedents/\(id)/retire"
        #expect(try await eve.post(path, ["reason": "mine"]).status == 404)
        #expect(try await auditor.post(path, ["reason": "mine"]).status == 403)
        #expect(try await bo.post(path, ["reason": ""]).status == 400)
        #expect(try await bo.post(path, ["reason": "Ruling taken back"]).status == 303)
        #expect(try await bo.post(path, ["reason": "again"]).status == 404)
        #expect(try await bo.get("/knowledge/precedents").text.contains("No precedent stands yet."))
        #expect(try await bo.get("/knowledge/precedents?standing=all").text.contains("Ruling taken back"))
        try await desk.submit([Waiting.with("P-2", ["sku": "P-2"])], settled: 2)
        let kinds = try await desk.pabean.pool.transaction(readOnly: true) { tx in
          try tx.enter(Installation.tenant)
          return try AuditKinds.all(tx)
        }
        #expect(kinds.filter { $0.hasPrefix("precedent.") } == ["precedent.entered", "precedent.retired"])
      }
    }

    @Test func `an entered precedent leads the classifier`() async throws {
      try await Desk.with([Waiting.shirt("E-1")]) { desk in
        try await desk.person("bo@acme.example", [.broker])
        let bo = try await Browser.signedIn(desk, email: "bo@acme.example")
        let fields = ["sku": "E-1", "into": "SG", "code": "6109.90", "outcome": "approved", "reason": "Ruling 7"]
        #expect(try await bo.post("/knowledge/precedents", fields).status == 303)
        try await desk.submit([Waiting.shirt("E-2")], settled: 2)
        let key = try await desk.key("bi", ["review"], isPerson: false)
        let best = try await desk.file("E-2", key: key)["candidates"]?.arrayValue?.first
        #expect(best?["code"]?.stringValue == "610990", "\(String(describing: best))")
      }
    }

    @Test func `codes are browsed and searched, and rulings, lists and packs read`() async throws {
      try await Desk.with([]) { desk in
        try await desk.person("au@acme.example", [.auditor])
        let browser = try await Browser.signedIn(desk, email: "au@acme.example")
        let expected: [(String, [String])] = [
          ("/knowledge", ["/knowledge/codes", "/knowledge/packs"]),
          ("/knowledge/codes", ["/knowledge/codes/61", "/knowledge/codes/85"]),
          ("/knowledge/codes/61", ["/knowledge/codes/6109"]),
          ("/knowledge/codes/6109", ["/knowledge/codes/610910", "Around this code"]),
          ("/knowledge/codes/610910", ["National lines and ordinary duty", "Listings as sellers write them", "SG"]),
          ("/knowledge/codes?q=cotton+t-shirt", ["6109.10"]),
          ("/knowledge/codes?q=6109.10", ["6109.10"]),
          ("/knowledge/codes?q=%3Cb%3Ezz", ["&lt;b&gt;zz", "No code has all of these words"]),
          ("/knowledge/rulings", ["Rulings"]),
          ("/knowledge/lists", ["Party lists"]),
          ("/knowledge/packs", ["/knowledge/packs/SG"]),
          ("/knowledge/packs/SG", ["Rules", "What was in force when"]),
        ]
        for (path, words) in expected {
          let page = try await browser.get(path)
          #expect(page.status == 200, "\(path): \(page)")
          for word in words { #expect(page.text.contains(word), "\(path): \(word)") }
          #expect(page.response.body.count < 150_000, "\(path) has \(page.response.body.count) bytes")
        }
        for path in ["/knowledge/codes/0000", "/knowledge/codes/x", "/knowledge/packs/XX", "/knowledge/none"] {
          #expect(try await browser.get(path).status == 404, "\(path)")
        }
      }
    }
  }
}

/// The kinds of everything that the tenant's audit log says, oldest first.
private enum AuditKinds {
  static func all(_ tx: borrowing Transaction) throws -> [String] {
    try tx.query("SELECT content FROM audit_entry WHERE tenant = current_setting('app.tenant') ORDER BY xid, seq")
      .map(String.self) { try JSONParser.parse($0)["kind"]?.stringValue ?? "" }
  }
}
