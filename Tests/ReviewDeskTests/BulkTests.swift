import Domain
import HTTP
import JSON
import Postgres
import Store
import TestSupport
import Testing

extension ReviewDeskTests {
  @Suite("Many cases decided together") struct Bulk {
    private static func named(_ preview: Desk.Answer) -> JSONValue {
      .array(
        (preview["items"]?.arrayValue ?? []).map {
          ["caseId": $0["caseId"] ?? .null, "expectedVersion": $0["expectedVersion"] ?? .null]
        })
    }

    private static func outcomes(_ answer: Desk.Answer) -> [String: String] {
      (answer["items"]?.arrayValue ?? []).reduce(into: [:]) { outcomes, item in
        outcomes[item["caseId"]?.stringValue ?? ""] = item["outcome"]?.stringValue
      }
    }

    @Test func `a preview says what would happen to each, and each then keeps to the rules of one alone`() async throws
    {
      let products = (1...4).map { Waiting.shirt("B-\($0)") } + [Waiting.with("B-5", ["title": "Chewing gum"])]
      try await Desk.with(products) { desk in
        let (lim, tan) = (try await desk.key("lim", ["broker"]), try await desk.key("tan", ["broker"]))
        let held = try await desk.caseID("B-2")
        #expect(try await desk.send(.post, "/v1/cases/\(held)/claim", key: tan).status == 200)
        let filter: JSONValue = ["filter": ["q": "B-"], "action": "approve"]
        let preview = try await desk.post("/v1/bulk/preview", filter, key: lim)
        #expect(preview.status == 200 && preview["items"]?.arrayValue?.count == 5, "\(preview)")
        let before = Self.outcomes(preview)
        #expect(before["\(held)"] == "refused", "\(preview)")
        #expect(before["\(try await desk.caseID("B-1"))"] == "possible", "\(preview)")
        #expect(try await desk.pabean.count("SELECT count(*) FROM decision") == 0, "a preview changes nothing")

        // One of them changes meanwhile, and one is another tenant's.
        let moved = try await desk.caseID("B-3")
        _ = try await desk.decide("B-3", ["action": "ask", "question": "Which fibre?"], key: lim)
        var cases = Self.named(preview).arrayValue ?? []
        cases.append(["caseId": "00000000-0000-4000-8000-000000000000", "expectedVersion": 1])
        let body: JSONValue = ["cases": .array(cases), "action": "approve"]
        let done = try await desk.post("/v1/bulk/decisions", body, key: lim, idempotencyKey: "b-1")
        let after = Self.outcomes(done)
        #expect(done.status == 200 && after.count == 6, "\(done)")
        #expect(after["\(held)"] == "refused" && after["\(moved)"] == "refused", "\(done)")
        #expect(after["00000000-0000-4000-8000-000000000000"] == "refused")
        for sku in ["B-1", "B-4"] {
          #expect(after["\(try await desk.caseID(sku))"] == "done", "\(sku): \(done)")
          #expect(try await desk.audit(of: try await desk.caseID(sku).value).filter { $0 == "case.decided" }.count == 1)
          try await desk.reaches(.writtenBack, sku)
        }
        for (id, outcome) in after where before[id] == "refused" { #expect(outcome == "refused") }
        let again = try await desk.post("/v1/bulk/decisions", body, key: lim, idempotencyKey: "b-1")
        #expect(Self.outcomes(again) == after, "repeated it is not done again")
        let decisions = try await desk.pabean.count("SELECT count(*) FROM decision")
        #expect(decisions == after.values.count { $0 == "done" })
      }
    }

    @Test func `what cannot be read is refused with its place, and those who decide nothing decide nothing`()
      async throws
    {
      try await Desk.with([Waiting.shirt("B-1")]) { desk in
        let lim = try await desk.key("lim", ["broker"])
        let id = try await desk.caseID("B-1")
        let one: JSONValue = [["caseId": id.json, "expectedVersion": 3]]
        let broken: [(String, JSONValue, String)] = [
          ("preview", ["action": "approve"], "/filter"), ("preview", ["filter": [:], "action": "approve"], "/filter"),
          ("preview", ["filter": ["evil": "1"], "action": "approve"], "/filter/evil"),
          ("preview", ["filter": ["q": "B"]], "/action"),
          ("preview", ["filter": ["q": "B"], "action": "override", "code": "6109.10"], "/reason"),
          ("decisions", ["cases": [], "action": "approve"], "/cases"),
          ("decisions", ["cases": [["caseId": "x"]], "action": "approve"], "/cases/0"),
          (
            "decisions", ["cases": .array((one.arrayValue ?? []) + (one.arrayValue ?? [])), "action": "approve"],
            "/cases"
          ),
          ("decisions", ["cases": one, "action": "approve", "expectedVersion": 3], "/expectedVersion"),
        ]
        for (path, body, place) in broken {
          let answer = try await desk.post("/v1/bulk/\(path)", body, key: lim)
          #expect(answer.status == 400 && answer.fault == place, "\(path) \(body): \(answer)")
        }
        let machine = try await desk.key("bi", ["review"], isPerson: false)
        let legal = try await desk.key("leg", ["legal"])
        let eve = try await desk.key("eve", ["admin"], tenant: Installation.otherTenant)
        for key in [machine, legal, eve] {
          let answer = try await desk.post("/v1/bulk/decisions", ["cases": one, "action": "approve"], key: key)
          #expect(Self.outcomes(answer).values.allSatisfy { $0 == "refused" }, "\(answer)")
        }
        let theirs = try await desk.post("/v1/bulk/preview", ["filter": ["q": "B"], "action": "approve"], key: eve)
        #expect(theirs["items"] == [], "\(theirs)")
        #expect(try await desk.pabean.count("SELECT count(*) FROM decision") == 0)
      }
    }

    @Test func `the pages do it in three steps`() async throws {
      try await Desk.with([Waiting.shirt("B-1"), Waiting.shirt("B-2")]) { desk in
        let lim = try await Browser.signedIn(desk, try await desk.key("lim", ["broker"]))
        #expect(try await lim.get("/queue?q=B-").text.contains("href=\"/bulk?q=B-\""))
        #expect(try await lim.get("/bulk").response.headers["location"] == "/queue")
        #expect(try await lim.get("/bulk?q=B-").text.contains("Show what would happen"))
        let lacking = try await lim.post("/bulk/preview", ["query": "q=B-", "action": "reject"])
        #expect(lacking.status == 400 && lacking.text.contains("role=\"alert\""), "\(lacking)")
        let shown = try await lim.post("/bulk/preview", ["query": "q=B-", "action": "approve"])
        let first = try await desk.caseID("B-1")
        #expect(shown.text.contains("value=\"\(first).3\"") && shown.text.contains("2 would be decided"), "\(shown)")
        #expect(try await lim.post("/bulk/decisions", ["case": "\(first).3"], token: "").status == 403)
        let fields = ["query": "q=B-", "action": "approve", "case": "\(first).3"]
        let done = try await lim.post("/bulk/decisions", fields)
        #expect(done.text.contains("1 of 1 cases were decided."), "\(done)")
        try await desk.reaches(.writtenBack, "B-1")
        #expect(try await desk.state("B-2") == .awaitingDecision)
      }
    }
  }
}
