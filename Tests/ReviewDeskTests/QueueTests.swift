import Domain
import HTTP
import JSON
import Postgres
import Store
import TestSupport
import Testing

extension ReviewDeskTests {
  @Suite("The queue") struct Queue {
    private static func skus(_ answer: Desk.Answer) -> [String] {
      answer["reviews"]?.arrayValue?.compactMap { $0["sku"]?.stringValue } ?? []
    }

    @Test func `is searched by SKU, title, code, brand and shipment, and by nothing of another tenant`() async throws {
      let products = [
        Waiting.with("FIND-1", ["brand": "Sonara", "title": "Men's T-shirt, cotton"]),
        Waiting.with("FIND-2", ["title": ["th": "เสื้อยืดผ้าฝ้าย"]]), Waiting.shirt("OTHER_3%"),
      ]
      try await Desk.with(products) { desk in
        let key = try await desk.key("lim", ["broker"])
        func found(_ text: String) async throws -> Set<String> {
          let answer = try await desk.get("/v1/reviews?q=\(text)", key: key)
          #expect(answer.status == 200, "\(answer)")
          return Set(Self.skus(answer))
        }
        #expect(try await found("find-") == ["FIND-1", "FIND-2"])
        #expect(try await found("sonara") == ["FIND-1"])
        #expect(try await found("cotton%20sonara") == ["FIND-1"])
        #expect(try await found("%E0%B9%80%E0%B8%AA%E0%B8%B7%E0%B9%89%E0%B8%AD") == ["FIND-2"])
        #expect(try await found("_3%25") == ["OTHER_3%"])
        #expect(try await found("%25").isSubset(of: ["OTHER_3%"]))
        #expect(try await found("6109.10").count == (try await found("610910")).count)
        #expect(try await !found("6109.10").isEmpty)
        let id = try await desk.caseID("FIND-2")
        try await desk.pabean.pool.transaction(as: Installation.tenant) { tx in
          try tx.execute(
            """
            INSERT INTO shipment (id, reference, market, content_hash, content, state, received_at, updated_at)
            VALUES ($1, 'SO-4711', 'SG', sha256('x'), '{}', 'waiting', now(), now())
            """, id)
          _ = try tx.execute(
            "INSERT INTO shipment_line (shipment_id, number, sku, market, case_id) VALUES ($1, 1, 'FIND-2', 'SG', $1)",
            id)
        }
        #expect(try await found("SO-4711") == ["FIND-2"])
        let stranger = try await desk.key("eve", ["broker"], tenant: Installation.otherTenant)
        for text in ["find", "SO-4711"] {
          let answer = try await desk.get("/v1/reviews?q=\(text)", key: stranger)
          #expect(answer.status == 200 && Self.skus(answer).isEmpty, "\(answer)")
        }
      }
    }

    @Test func `is taken along as a table that no spreadsheet takes for formulas, of one tenant alone`() async throws {
      let products = [
        Waiting.with("CSV-1", ["title": #"=HYPERLINK("https://evil.example","Men's T-shirt")"#]),
        Waiting.shirt("CSV-2"),
      ]
      try await Desk.with(products) { desk in
        let page = try await Browser.signedIn(desk, try await desk.key("lim", ["broker"]))
        #expect(try await page.get("/queue?q=csv").text.contains("href=\"/queue.csv?q=csv\""))
        let table = try await page.get("/queue.csv?q=csv")
        let lines = table.text.split(separator: "\r\n")
        #expect(table.status == 200 && lines.count == 3, "\(table)")
        #expect(lines.first?.contains("sku,title,market,code,risk,lane,state,roles,reason,opened,due") == true)
        #expect(table.text.contains(#"CSV-1,"'=HYPERLINK(""https"#), "\(table)")
        #expect(try await page.get("/queue.csv?q=csv-2").text.split(separator: "\r\n").count == 2)
        let stranger = try await desk.key("eve", ["broker"], tenant: Installation.otherTenant)
        let none = try await Browser.signedIn(desk, stranger).get("/queue.csv")
        #expect(none.status == 200 && none.text.split(separator: "\r\n").count == 1, "\(none)")
        #expect(try await desk.get("/queue.csv").status == 303)
      }
    }

    @Test func `a misspelt filter is told, and does not show everything`() async throws {
      try await Desk.with([Waiting.shirt("Q-1")]) { desk in
        let key = try await desk.key("lim", ["broker"])
        let answer = try await desk.get("/v1/reviews?markt=SG", key: key)
        #expect(answer.status == 400 && answer.fault == "markt" && answer.text.contains("market"), "\(answer)")
        #expect(try await desk.get("/v1/reviews?market=SG&limit=5", key: key).status == 200)
      }
    }

    @Test func `is filtered by what is asked for, and shown page by page without gap or repetition`() async throws {
      try await Desk.with((1...7).map { Waiting.shirt("P-\($0)") }) { desk in
        let key = try await desk.key("lim", ["broker"])
        var seen: [String] = []
        var cursor: String?
        repeat {
          let page = try await desk.get("/v1/reviews?limit=3" + (cursor.map { "&cursor=\($0)" } ?? ""), key: key)
          #expect(page["waiting"] == 7 && page["matching"] == 7, "\(page)")
          seen += Self.skus(page)
          cursor = page["next"]?.stringValue
        } while cursor != nil
        #expect(seen.count == 7 && Set(seen).count == 7)

        func count(_ query: String) async throws -> Int64? {
          let answer = try await desk.get("/v1/reviews?\(query)", key: key)
          #expect(answer.status == 200, "\(answer)")
          return answer["matching"]?.integerValue
        }
        #expect(try await count("market=SG") == 7)
        #expect(try await count("market=TH") == 0)
        #expect(try await count("chapter=61") == 7)
        #expect(try await count("chapter=85") == 0)
        #expect(try await count("lane=auto") == 0)
        #expect(try await count("state=awaiting-decision") == 7)
        #expect(try await count("state=undeliverable") == 0)
        #expect(try await count("kind=tooVague") == 0)
        #expect(try await count("assigned=me") == 0)
        #expect(try await count("hours=1") == 0)
        let kinds = [
          "lowConfidence", "belowAutoClear", "missingField", "finding", "screeningIncomplete", "dutyUnknown",
        ]
        var total: Int64 = 0
        for kind in kinds { total += try await count("kind=\(kind)") ?? 0 }
        #expect(total > 0)
        let id = try await desk.caseID("P-1")
        try await desk.pabean.pool.transaction(as: Installation.tenant) { tx in
          try CaseArrangements.assign(id, to: .person("lim"), name: "Lim", tx)
          _ = try tx.execute("UPDATE review_task SET opened_at = opened_at - interval '3 hours' WHERE case_id = $1", id)
        }
        #expect(try await count("assigned=me") == 1)
        #expect(try await count("hours=2&assigned=me") == 1)
      }
    }

    @Test func `asks first for what is gravest for the time it has left, and stops the clock for the supplier`()
      async throws
    {
      try await Desk.with(["C-1", "C-2", "C-3"].map { Waiting.shirt($0) }) { desk in
        let key = try await desk.key("lim", ["broker"])
        func order() async throws -> [String] { Self.skus(try await desk.get("/v1/reviews", key: key)) }
        func change(_ sku: String, risk: Int64, hoursAgo: Int64) async throws {
          let id = try await desk.caseID(sku)
          try await desk.pabean.pool.transaction(as: Installation.tenant) { tx in
            try tx.execute(
              """
              UPDATE review_task SET risk_score = $2, opened_at = now() - make_interval(hours => $3::integer),
                due_at = now() - make_interval(hours => $3::integer) + review_time() WHERE case_id = $1
              """, id, risk, hoursAgo)
            _ = try tx.execute(
              "UPDATE review_task SET urgent_at = review_urgency(opened_at, due_at, risk_score) WHERE case_id = $1", id)
          }
        }
        try await change("C-1", risk: 20, hoursAgo: 1)
        try await change("C-2", risk: 90, hoursAgo: 1)
        try await change("C-3", risk: 20, hoursAgo: 8)
        #expect(try await order() == ["C-3", "C-2", "C-1"], "a long wait outweighs a risk")
        try await change("C-3", risk: 20, hoursAgo: 4)
        #expect(try await order() == ["C-2", "C-3", "C-1"], "and a risk a short wait")

        let dueAt = { (sku: String) in
          Instant(try await desk.file(sku, key: key)["dueAt"]?.stringValue ?? "")
        }
        let before = try #require(try await dueAt("C-2"))
        _ = try await desk.decide("C-2", ["action": "ask", "question": "Which fibre?"], key: key)
        #expect(try await desk.file("C-2", key: key)["pausedAt"] != nil)
        #expect(try await desk.get("/v1/reviews?state=awaiting-information", key: key)["matching"] == 1)
        let id = try await desk.caseID("C-2")
        try await desk.pabean.pool.transaction(as: Installation.tenant) { tx in
          _ = try tx.execute(
            "UPDATE review_task SET paused_at = paused_at - interval '50 hours' WHERE case_id = $1", id)
        }
        #expect(try await desk.post("/v1/cases/\(id)/answer", ["answer": "Cotton."], key: key).status == 200)
        let after = try #require(try await dueAt("C-2"))
        let later = after.timeIntervalMilliseconds(since: before)
        #expect(later >= 50 * 3_600_000 && later < 51 * 3_600_000)
        #expect(try await desk.file("C-2", key: key)["pausedAt"] == nil)
      }
    }

    @Test func `gives what did not arrive as the next case too, to whoever may act on it`() async throws {
      try await Desk.with([Waiting.shirt("U-1")]) { desk in
        let key = try await desk.key("lim", ["broker"])
        _ = try await desk.decide("U-1", ["action": "approve"], key: key)
        try await desk.reaches(.writtenBack, "U-1")
        #expect(try await desk.send(.post, "/v1/next", key: key).status == 204)
        try await desk.fail("U-1", .undeliverable, delivery: "dead", "410 Gone")
        let legal = try await desk.key("leg", ["legal"])
        #expect(try await desk.send(.post, "/v1/next", key: legal).status == 204)
        let next = try await desk.send(.post, "/v1/next", key: key)
        #expect(next["state"] == "undeliverable" && next["claim"] != nil, "\(next)")
        #expect(try await desk.send(.post, "/v1/next", key: key)["caseId"] == next["caseId"])
        // Delivered after all, it waits no more.
        let id = try await desk.caseID("U-1")
        try await desk.pabean.pool.transaction(as: Installation.tenant) { tx in
          _ = try tx.execute("UPDATE customs_case SET state = 'documented' WHERE id = $1", id)
        }
        #expect(try await desk.get("/v1/reviews", key: key)["waiting"] == 0)
      }
    }

    @Test func `is kept in views that are one's own: made, shown first, renamed and dropped`() async throws {
      try await Desk.with([Waiting.shirt("V-1")]) { desk in
        let key = try await desk.key("lim", ["broker"])
        let lim = try await Browser.signedIn(desk, key)
        let tan = try await Browser.signedIn(desk, try await desk.key("tan", ["broker"]))
        let hostile = "\"><script>alert(1)</script> \u{202E}ab"
        let kept = try await lim.post(
          "/queue/views", ["act": "save", "name": hostile, "query": "market=TH&evil=1&cursor=x", "default": "yes"])
        #expect(kept.status == 303 || kept.status == 400, "\(kept)")
        let saved = try await lim.post(
          "/queue/views", ["act": "save", "name": "Thai shirts", "query": "market=TH&evil=1", "default": "yes"])
        let address = saved.response.headers["location"] ?? ""
        #expect(address == "/queue?view=Thai%20shirts&market=TH", "\(saved)")
        #expect(try await lim.get("/queue").response.headers["location"] == address)
        #expect(try await lim.get(address).text.contains("Nothing waits here."))
        #expect(try await lim.get("/queue?q=").text.contains("V-1"))
        #expect(!(try await lim.get("/queue?q=")).text.contains("<script>"))
        #expect(try await tan.get("/queue").status == 200, "nobody sees another's views")
        #expect(try await tan.post("/queue/views", ["act": "delete", "view": "Thai shirts"]).status == 303)
        let renamed = try await lim.post("/queue/views", ["act": "rename", "view": "Thai shirts", "name": "Thailand"])
        #expect(renamed.status == 303, "\(renamed)")
        let views = try await desk.get("/v1/views", key: key)["views"]?.arrayValue ?? []
        #expect(views.contains { $0["name"] == "Thailand" && $0["query"] == "market=TH" && $0["isDefault"] == true })
        for view in views {
          let name = view["name"]?.stringValue ?? ""
          #expect(try await lim.post("/queue/views", ["act": "delete", "view": name]).status == 303)
        }
        #expect(try await lim.get("/queue").status == 200)
        let body: JSONValue = ["name": "Vague", "filter": ["kind": "tooVague", "hours": 2], "isDefault": false]
        let put = try await desk.send(
          .put, "/v1/views", key: key, headers: ["content-type": "application/json"], body: body.bytes)
        #expect(put.status == 200 && put["query"] == "kind=tooVague&hours=2", "\(put)")
        #expect(try await desk.post("/v1/views/drop", ["name": "Vague"], key: key).status == 204)
        #expect(try await desk.post("/v1/views/drop", ["name": "Vague"], key: key).status == 404)
        #expect(try await desk.post("/v1/views/drop", [:], key: key).fault == "/name")
        #expect(try await lim.post("/queue/views", ["act": "save", "name": "x"], token: "").status == 403)
      }
    }
  }
}
