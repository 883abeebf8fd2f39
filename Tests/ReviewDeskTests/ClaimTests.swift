import Domain
import HTTP
import JSON
import Postgres
import Store
import TestSupport
import Testing

extension ReviewDeskTests {
  @Suite("One case, one person") struct Claims {
    private static func next(_ desk: Desk, _ key: String) async throws -> String? {
      let answer = try await desk.send(.post, "/v1/next", key: key)
      #expect(answer.status == 200 || answer.status == 204, "\(answer)")
      return answer["caseId"]?.stringValue
    }

    private static func lapse(_ desk: Desk) async throws {
      try await desk.pabean.pool.transaction { tx in try tx.execute("UPDATE case_claim SET until = now()") }
    }

    private static func kinds(_ desk: Desk, _ id: CaseID) async throws -> [String] {
      try await desk.audit(of: id.value).filter { !["case.opened", "case.classified"].contains($0) }
    }

    @Test func `of many who ask at once no two get the same case, and whoever has one gets it again`() async throws {
      try await Desk.with((1...6).map { Waiting.shirt("N-\($0)") }) { desk in
        var keys: [String] = []
        for number in 0..<9 { keys.append(try await desk.key("person\(number)", ["broker"])) }
        let given = try await withThrowingTaskGroup(of: (String, String?).self) { group in
          for key in keys { group.addTask { (key, try await Self.next(desk, key)) } }
          return try await group.reduce(into: [(String, String?)]()) { $0.append($1) }
        }
        let ids = given.compactMap(\.1)
        #expect(ids.count == 6 && Set(ids).count == 6, "\(given)")
        for (key, id) in given { #expect(try await Self.next(desk, key) == id) }
        let queue = try await desk.get("/v1/reviews", key: keys[0])["reviews"]?.arrayValue ?? []
        #expect(Set(queue.compactMap { $0["claim"]?["holder"]?.stringValue }).count == 6)

        // A lapsed claim keeps nobody away.
        let left = try #require(given.first { $0.1 == nil }?.0)
        try await Self.lapse(desk)
        #expect(try await Self.next(desk, left) != nil)
      }
    }

    @Test func `what one has in hand another neither decides nor takes, and is told who has it`() async throws {
      try await Desk.with([Waiting.shirt("H-1")]) { desk in
        try await desk.person("mei@acme.example", [.broker])
        try await desk.person("tan@acme.example", [.broker])
        try await desk.person("keeper@acme.example", [.operator])
        let mei = try await Browser.signedIn(desk, email: "mei@acme.example")
        let tan = try await Browser.signedIn(desk, email: "tan@acme.example")
        let keeper = try await Browser.signedIn(desk, email: "keeper@acme.example")
        let id = try await desk.caseID("H-1")
        #expect(try await mei.post("/next", [:]).response.headers["location"] == "/cases/\(id)")
        let fields = ["action": "approve", "expectedVersion": "3"]
        for refused in [
          try await tan.post("/cases/\(id)/decision", fields), try await tan.post("/cases/\(id)/claim", [:]),
          try await tan.post("/cases/\(id)/release", [:]), try await tan.post("/cases/\(id)/skip", ["reason": "Mine."]),
        ] {
          #expect(
            refused.status == 409 && refused.text.contains("Name of mei has this case in hand until"), "\(refused)")
        }
        #expect(try await tan.get("/queue").text.contains("Name of mei, 15 more minutes"))
        let page = try await tan.get("/cases/\(id)")
        #expect(!page.text.contains("/decision\"") && page.text.contains("<iframe"))
        #expect(page.response.headers["content-security-policy"]?.contains("frame-src 'self'") == true)
        #expect(try await tan.get("/cases/\(id)/presence").text.contains("Name of mei has this case in hand"))

        // Whoever keeps the queue lets it go; then it is anybody's.
        #expect(try await keeper.post("/cases/\(id)/release", [:]).status == 303)
        #expect(try await tan.post("/cases/\(id)/claim", [:]).status == 303)
        #expect(try await tan.post("/cases/\(id)/decision", fields).status == 303)
        #expect(try await desk.pabean.count("SELECT count(*) FROM case_claim") == 0)
        let kinds = try await Self.kinds(desk, id)
        #expect(
          kinds.filter { ["case.claimed", "case.released", "case.decided"].contains($0) }
            == ["case.claimed", "case.released", "case.claimed", "case.decided"])
      }
    }

    @Test func `the open page of the holder, and of nobody else, keeps the case, but not for ever`() async throws {
      try await Desk.with([Waiting.shirt("L-1")]) { desk in
        let mei = try await Browser.signedIn(desk, try await desk.key("mei", ["broker"]))
        let tan = try await Browser.signedIn(desk, try await desk.key("tan", ["broker"]))
        let id = try await desk.caseID("L-1")
        #expect(try await mei.get("/cases/\(id)/presence").text.contains("Nobody has this case in hand."))
        #expect(try await mei.post("/cases/\(id)/claim", [:]).status == 303)
        func minutes(after browser: Browser, _ change: StaticString) async throws -> Int64 {
          try await desk.pabean.pool.transaction { tx in try tx.execute(change) }
          let frame = try await browser.get("/cases/\(id)/presence")
          #expect(frame.response.headers["refresh"] == "60")
          #expect(frame.response.headers["x-frame-options"] == "SAMEORIGIN")
          return try await desk.pabean.count(
            "SELECT round(extract(epoch FROM until - now()) / 60)::int8 FROM case_claim")
        }
        #expect(try await minutes(after: tan, "UPDATE case_claim SET until = now() + interval '5 min'") == 5)
        #expect(try await minutes(after: mei, "UPDATE case_claim SET until = now() + interval '5 min'") == 15)
        #expect(
          try await minutes(
            after: mei,
            "UPDATE case_claim SET until = now() + interval '2 min', claimed_at = now() - interval '113 min'") == 7)
      }
    }

    @Test func `skipping, putting off, giving and escalating each bring up the next case`() async throws {
      try await Desk.with((1...4).map { Waiting.shirt("S-\($0)") }) { desk in
        try await desk.person("mei@acme.example", [.broker])
        try await desk.person("tan@acme.example", [.broker])
        try await desk.person("lead@acme.example", [.complianceLead])
        try await desk.person("fin@acme.example", [.finance])
        let mei = try await Browser.signedIn(desk, email: "mei@acme.example")
        let tan = try await Browser.signedIn(desk, email: "tan@acme.example")
        let lead = try await Browser.signedIn(desk, email: "lead@acme.example")
        func next(_ browser: Browser) async throws -> CaseID? {
          let path = try await browser.post("/next", [:]).response.headers["location"] ?? ""
          return path.hasPrefix("/cases/") ? CaseID(String(path.dropFirst(7))) : nil
        }
        let first = try #require(try await next(mei))
        #expect(try await mei.post("/cases/\(first)/skip", ["reason": " "]).status == 400)
        let skipped = try await mei.post("/cases/\(first)/skip", ["reason": "I know the seller."])
        #expect(skipped.response.headers["location"] == "/next?after=\(first)")
        let second = try #require(try await next(mei))
        #expect(second != first)
        #expect(try await mei.post("/cases/\(second)/snooze", ["hours": "900"]).status == 400)
        #expect(try await mei.post("/cases/\(second)/snooze", ["hours": "4"]).status == 303)
        let third = try #require(try await next(mei))
        for stranger in ["fin@acme.example", "nobody@acme.example"] {
          #expect(try await mei.post("/cases/\(third)/assign", ["to": stranger]).status == 422)
        }
        #expect(try await mei.post("/cases/\(third)/assign", ["to": "Tan@acme.example"]).status == 303)
        let fourth = try #require(try await next(mei))
        #expect(try await mei.post("/cases/\(fourth)/escalate", ["reason": "It may be a drug."]).status == 303)
        #expect(Set([first, second, third, fourth]).count == 4)
        #expect(try await next(mei) == nil)
        let after = try await mei.get("/next?after=\(fourth)").response.headers["location"]
        #expect(after == "/queue?after=\(fourth)")
        #expect(try await mei.get("/queue?after=\(fourth)").text.contains("No other case is next for you."))

        // What was given comes first; what was skipped is anybody's; what was escalated is the lead's alone.
        #expect(try await next(tan) == third)
        let queue = try await mei.get("/queue").text
        #expect(queue.contains("put off until") && queue.contains("Name of tan, 15 more minutes"))
        let fields = ["action": "approve", "expectedVersion": "3"]
        let mine = try await mei.post("/cases/\(fourth)/decision", fields)
        #expect(mine.status == 403, "\(mine)")
        #expect(try await lead.get("/cases/\(fourth)").text.contains("It may be a drug."))
        #expect(try await lead.post("/cases/\(fourth)/decision", fields).status == 303)
        #expect(try await tan.post("/cases/\(third)/release", [:]).status == 303)
        #expect(try await lead.post("/cases/\(third)/decision", fields).status == 303)
        #expect(try await next(tan) == first)

        // Once the time is over it is somebody's again.
        try await desk.pabean.pool.transaction { tx in
          try tx.execute("UPDATE case_arrangement SET snoozed_until = now()")
        }
        #expect(try await next(mei) == second)
        for (id, kind) in [(first, "skipped"), (second, "snoozed"), (third, "assigned"), (fourth, "escalated")] {
          #expect(try await Self.kinds(desk, id).contains("case.\(kind)"))
        }
      }
    }

    @Test func `the next case is of the part of the queue that is shown, until there is none`() async throws {
      try await Desk.with(["BLUE-1", "RED-1", "BLUE-2"].map { Waiting.shirt($0) }) { desk in
        let mei = try await Browser.signedIn(desk, try await desk.key("mei", ["broker"]))
        let blue = try await [desk.caseID("BLUE-1"), desk.caseID("BLUE-2")].map { "/cases/\($0)" }
        let red = "/cases/\(try await desk.caseID("RED-1"))"
        func goes(_ answer: Desk.Answer) -> String { answer.response.headers["location"] ?? "" }
        // What one has in hand of another part waits.
        #expect(try await mei.post("\(red)/claim", [:]).status == 303)
        let queue = try await mei.get("/queue?q=blue").text
        #expect(queue.contains("name=\"following\" value=\"q=blue\"") && queue.contains("href=\"\(blue[0])?q=blue\""))

        let first = goes(try await mei.post("/next", ["following": "q=blue"]))
        #expect(blue.map { "\($0)?q=blue" }.contains(first))
        let path = String(first.prefix { $0 != "?" })
        #expect(try await mei.get(first).text.contains("src=\"\(path)/presence?q=blue\""))
        let other = try #require(blue.first { $0 != path })
        #expect(goes(try await mei.get("/upcoming?besides=\(path.dropFirst(7))&q=blue")) == "\(other)?q=blue")
        let approve = ["action": "approve", "expectedVersion": "3", "following": "q=blue"]
        let onward = goes(try await mei.post("\(path)/decision", approve))
        #expect(onward == "/next?after=\(path.dropFirst(7))&q=blue")
        let second = goes(try await mei.get(onward))
        #expect(second == "\(other)?after=\(path.dropFirst(7))&q=blue")
        let last = goes(try await mei.get(goes(try await mei.post("\(other)/decision", approve))))
        #expect(last == "/queue?after=\(other.dropFirst(7))&q=blue")
        #expect(try await mei.get(last).text.contains("No other case of these is next for you."))
        #expect(goes(try await mei.post("/next", [:])) == red)
        // What cannot be read is not followed.
        #expect(try await mei.get("\(red)?market=nowhere").status == 200)
      }
    }

    @Test func `after a decision the next case comes up, with the way back`() async throws {
      try await Desk.with([Waiting.shirt("A-1"), Waiting.shirt("A-2")]) { desk in
        let mei = try await Browser.signedIn(desk, try await desk.key("mei", ["broker"]))
        let first = try await mei.post("/next", [:]).response.headers["location"] ?? ""
        let decided = try await mei.post("\(first)/decision", ["action": "approve", "expectedVersion": "3"])
        let onward = try await mei.get(decided.response.headers["location"] ?? "").response.headers["location"] ?? ""
        #expect(
          onward.hasPrefix("/cases/") && !onward.hasPrefix(first) && onward.hasSuffix("?after=\(first.dropFirst(7))"))
        let shown = try await mei.get(onward).text
        #expect(shown.contains("<a href=\"\(first)\">Look at it again</a>"))
        let sku = try await mei.get(first).text.contains("<title>A-1 ") ? "A-1" : "A-2"
        #expect(shown.contains("Saved. <strong>\(sku)</strong> (SG): approved with 6109.10. "), "\(shown)")
        #expect(!(try await mei.get("/queue?after=%22%3E%3Cscript%3E").text.contains("<script>")))
      }
    }

    @Test func `strangers, forged forms, machines and those who decide nothing move no case`() async throws {
      try await Desk.with([Waiting.shirt("X-1")]) { desk in
        let id = try await desk.caseID("X-1")
        let eve = try await Browser.signedIn(
          desk, try await desk.key("eve", ["admin", "compliance-lead"], tenant: Installation.otherTenant))
        let lim = try await Browser.signedIn(desk, try await desk.key("lim", ["broker"]))
        try await desk.person("audit@acme.example", [.auditor])
        let auditor = try await Browser.signedIn(desk, email: "audit@acme.example")
        let machine = try await desk.key("bi", ["review"], isPerson: false)
        let forms: [(String, [String: String])] = [
          ("claim", [:]), ("release", [:]), ("skip", ["reason": "x"]), ("snooze", ["hours": "1"]),
          ("assign", ["to": "lim"]), ("escalate", ["reason": "x"]),
        ]
        for (action, fields) in forms {
          let path = "/cases/\(id)/\(action)"
          #expect(try await eve.post(path, fields).status == 404, "\(action)")
          #expect(try await lim.post(path, fields, token: "").status == 403, "\(action)")
          #expect(try await lim.post(path, fields, token: eve.token).status == 403, "\(action)")
          #expect(try await lim.post(path, fields, site: "cross-site").status == 403, "\(action)")
          for hostile in ["00000000-0000-4000-8000-000000000000", "x", "%27%20OR%201%3D1", "..%2Fx"] {
            #expect(try await lim.post("/cases/\(hostile)/\(action)", fields).status == 404, "\(hostile)/\(action)")
          }
          if action != "release" { #expect(try await auditor.post(path, fields).status == 403, "\(action)") }
        }
        #expect(try await eve.get("/cases/\(id)/presence").status == 404)
        #expect(try await lim.post("/next", [:], token: "").status == 403)
        #expect(try await desk.send(.post, "/v1/next", key: machine).status == 403)
        #expect(try await desk.send(.post, "/v1/cases/\(id)/claim", key: machine).status == 403)
        #expect(try await auditor.post("/next", [:]).response.headers["location"] == "/queue")
        #expect(try await desk.pabean.count("SELECT count(*) FROM case_claim") == 0)
        #expect(try await desk.pabean.count("SELECT count(*) FROM case_arrangement") == 0)
      }
    }
  }
}
