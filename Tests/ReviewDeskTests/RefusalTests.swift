import Domain
import HTTP
import JSON
import Postgres
import Store
import TestSupport
import Testing

extension ReviewDeskTests {
  @Suite("What the desk refuses") struct Refusals {
    @Test func `requests that are stale, incomplete or not allowed change nothing and say what to do`() async throws {
      try await Desk.with([Waiting.shirt("S-1")]) { desk in
        let key = try await desk.key("lim", ["broker"])
        let id = try await desk.caseID("S-1")
        let before = try await desk.file("S-1", key: key)
        func refused(_ body: JSONValue, _ status: Int, _ fault: String?, key: String) async throws {
          let answer = try await desk.post("/v1/cases/\(id)/decision", body, key: key)
          #expect(answer.status == status && answer.fault == fault, "\(body.text) gave \(answer)")
          #expect(answer.response.headers["content-type"] == "application/problem+json")
          #expect(answer["errors"]?.arrayValue?.allSatisfy { $0["remedy"] != nil } ?? true, "\(answer)")
        }
        let version = before["version"] ?? 0
        try await refused(["action": "approve", "expectedVersion": 1], 409, "/expectedVersion", key: key)
        try await refused(["action": "approve"], 400, "/expectedVersion", key: key)
        try await refused(["action": "reject", "expectedVersion": version], 400, "/reason", key: key)
        try await refused(["action": "reject", "reason": "  ", "expectedVersion": version], 400, "/reason", key: key)
        try await refused(
          ["action": "override", "reason": "Good reasons exist.", "expectedVersion": version], 400, "/code", key: key)
        try await refused(
          ["action": "override", "code": "610910", "reason": "short", "expectedVersion": version], 400, "/reason",
          key: key)
        try await refused(["action": "ask", "expectedVersion": version], 400, "/question", key: key)
        try await refused(["action": "bless", "expectedVersion": version], 400, "/action", key: key)
        try await refused(
          ["action": "reject", "reason": "a\u{0}b", "expectedVersion": version], 400, "/reason", key: key)
        try await refused(["action": "approve", "expectedVersion": version, "lane": "auto"], 400, "/lane", key: key)
        try await refused(["action": "approve", "code": "930200", "expectedVersion": version], 422, "/code", key: key)

        let unknown: JSONValue = [
          "action": "override", "code": "9999.99.99", "reason": "Nothing else fits.", "expectedVersion": version,
        ]
        try await refused(unknown, 422, "/code", key: key)
        try await refused(unknown, 422, "/code", key: try await desk.key("lead", ["compliance-lead"]))

        let approval: JSONValue = ["action": "approve", "expectedVersion": version]
        try await refused(approval, 403, nil, key: try await desk.key("fin", ["finance"]))
        try await refused(approval, 403, nil, key: try await desk.key("viewer", ["auditor"]))
        try await refused(
          approval, 403, nil, key: try await desk.key("robot", ["review", "broker", "admin"], isPerson: false))
        #expect(try await desk.file("S-1", key: key) == before)

        var strict = Desk.cautious
        strict.defaults.suggestAt = Confidence(1)
        try await desk.activate(strict)
        try await refused(approval, 422, "/action", key: key)
        #expect(
          try await desk.get("/v1/cases/\(id)", key: key)["approvalObstacle"]?.stringValue?.contains("100 %") == true)

        let admin = try await desk.key("boss", ["admin"])
        #expect(try await desk.decide("S-1", ["action": "reject", "reason": "No."], key: admin).status == 200)
        let late = try await desk.decide("S-1", ["action": "ask", "question": "Why?"], key: key)
        #expect(late.status == 409, "\(late)")
      }
    }

    @Test func `what a rule asks for is asked of whoever clears the case, and goes to the record`() async throws {
      let nuts = Waiting.with(
        "NUTS-1", ["title": "Roasted cashew nuts, salted, 500 g", "materials": "cashew nuts 100%"])
      try await Desk.with([nuts]) { desk in
        let lead = try await desk.key("lead", ["compliance-lead"])
        let asked = try await desk.file("NUTS-1", key: lead)["documentsAsked"]?.arrayValue ?? []
        #expect(!asked.isEmpty)
        let bare = try await desk.decide("NUTS-1", ["action": "approve"], key: lead)
        #expect(bare.status == 422 && bare.fault == "/evidence", "\(bare)")
        #expect(bare.text.contains(asked.first?.stringValue ?? "none"), "\(bare)")
        let bulk: JSONValue = ["filter": ["q": "NUTS"], "action": "approve"]
        let preview = try await desk.post("/v1/bulk/preview", bulk, key: lead)
        #expect(preview["items"]?.arrayValue?.first?["outcome"] == "refused", "\(preview)")

        let page = try await Browser.signedIn(desk, lead)
        let id = try await desk.caseID("NUTS-1")
        #expect(try await page.get("/cases/\(id)").text.contains("id=\"approve-evidence\""))
        let done = try await desk.decide("NUTS-1", ["action": "approve", "evidence": "IP 2026/118"], key: lead)
        #expect(done.status == 200, "\(done)")
        let reason = try await desk.file("NUTS-1", key: lead)["decisions"]?.arrayValue?.first?["reason"]
        #expect(reason == "Documents: IP 2026/118")
        try await desk.reaches(.writtenBack, "NUTS-1")
      }
    }

    @Test func `while a prohibition stands nobody approves, and only the compliance lead overrides`() async throws {
      let gum = Waiting.with(
        "GUM-1", ["title": "Peppermint chewing gum pellets 50 pieces", "materials": "gum base 100%"])
      try await Desk.with([gum]) { desk in
        let admin = try await desk.key("boss", ["admin"])
        let lead = try await desk.key("lead", ["compliance-lead"])
        let file = try await desk.file("GUM-1", key: admin)
        #expect(file["findings"]?.arrayValue?.contains { $0["effect"] == "prohibit" } == true, "\(file.text)")
        for key in [admin, lead] {
          #expect(try await desk.decide("GUM-1", ["action": "approve"], key: key).status == 422)
        }
        let override: JSONValue = [
          "action": "override", "code": "300490", "reason": "Therapeutic gum with a permit.", "evidence": "HSA 16040P",
        ]
        #expect(try await desk.decide("GUM-1", override, key: admin).status == 403)
        let done = try await desk.decide("GUM-1", override, key: lead)
        #expect(done.status == 200, "\(done)")
        try await desk.reaches(.writtenBack, "GUM-1")
      }
    }

    @Test func `another tenant's cases and documents do not exist, on any route`() async throws {
      try await Desk.with([Waiting.shirt("T-1"), Waiting.shirt("T-2")]) { desk in
        let own = try await desk.key("lim", ["broker"])
        let stranger = try await desk.key(
          "eve", ["admin", "broker", "compliance-lead"], tenant: Installation.otherTenant)
        _ = try await desk.decide("T-2", ["action": "approve"], key: own)
        try await desk.reaches(.writtenBack, "T-2")
        let document = try #require(
          try await desk.file("T-2", key: own)["documents"]?.arrayValue?.first?["href"]?.stringValue)
        let id = try await desk.caseID("T-1")
        let decision: JSONValue = ["action": "approve", "expectedVersion": 3]
        #expect(try await desk.get(document, key: own).status == 200)
        #expect(try await desk.get(document, key: stranger).status == 404)
        #expect(try await desk.get("/v1/cases/\(id)", key: stranger).status == 404)
        #expect(try await desk.post("/v1/cases/\(id)/decision", decision, key: stranger).status == 404)
        #expect(try await desk.post("/v1/cases/\(id)/answer", ["answer": "x"], key: stranger).status == 404)
        #expect(try await desk.get("/v1/reviews", key: stranger)["waiting"] == 0)
        let browser = try await Browser.signedIn(desk, stranger)
        #expect(try await browser.get("/cases/\(id)").status == 404)
        #expect(try await browser.get("/documents/\(document.suffix(36))").status == 404)
        #expect(
          try await browser.post("/cases/\(id)/decision", ["action": "approve", "expectedVersion": "3"]).status == 404)
        #expect(try await desk.state("T-1") == .awaitingDecision)
      }
    }

    @Test func `keys that are absent, unknown, revoked or of the other environment open nothing`() async throws {
      try await Desk.with([]) { desk in
        let key = try await desk.key("lim", ["broker"])
        #expect(try await desk.get("/v1/policy", key: key)["policy"]?["name"] == "cautious")
        #expect(try await desk.get("/v1/reviews").status == 401)
        #expect(try await desk.get("/v1/reviews", key: "pbn_unknown").response.headers["www-authenticate"] != nil)
        let sandbox = try await desk.key("sam", ["broker"], environment: .sandbox)
        #expect(try await desk.get("/v1/reviews", key: sandbox).status == 403)
        #expect(
          try await desk.get("/v1/reviews", key: try await desk.key("erp", ["intake"], isPerson: false)).status == 403)
        #expect(
          try await desk.get("/v1/reviews", key: try await desk.key("bi", ["review"], isPerson: false)).status == 200)
        let broken = [
          "market=sg", "role=king", "limit=0", "limit=201", "limit=%31%30x", "cursor=-1", "cursor=1_x", "state=opened",
          "kind=clear", "chapter=8", "chapter=8a", "assigned=lim", "hours=0", "hours=-1", "q=", "q=%00", "lane=fast",
        ]
        for query in broken {
          #expect(try await desk.get("/v1/reviews?\(query)", key: key).status == 400, "\(query)")
        }
        try await desk.revoke("lim")
        #expect(try await desk.get("/v1/reviews", key: key).status == 401)
      }
    }

    @Test func `a repeated request gets the first answer, and its key serves no other`() async throws {
      try await Desk.with([Waiting.shirt("I-1")]) { desk in
        let key = try await desk.key("lim", ["broker"])
        let path = "/v1/cases/\(try await desk.caseID("I-1"))/decision"
        let body: JSONValue = ["action": "approve", "expectedVersion": 3]
        let first = try await desk.post(path, body, key: key, idempotencyKey: "k-1")
        let second = try await desk.post(path, body, key: key, idempotencyKey: "k-1")
        #expect(first.status == 200 && second.response.body == first.response.body, "\(first) \(second)")
        #expect(second.response.headers["idempotent-replayed"] == "true")
        let other: JSONValue = ["action": "reject", "reason": "Another one.", "expectedVersion": 3]
        #expect(try await desk.post(path, other, key: key, idempotencyKey: "k-1").status == 422)
        let colleague = try await desk.key("tan", ["broker"])
        #expect(try await desk.post(path, body, key: colleague, idempotencyKey: "k-1").status == 422)
        let headers: HTTPHeaders = ["content-type": "application/json", "idempotency-key": "bare"]
        let bare = try await desk.send(.post, path, key: key, headers: headers, body: body.bytes)
        #expect(bare.status == 400 && bare.fault == "Idempotency-Key", "\(bare)")
        #expect(try await desk.pabean.count("SELECT count(*) FROM decision") == 1)
      }
    }
  }
}
