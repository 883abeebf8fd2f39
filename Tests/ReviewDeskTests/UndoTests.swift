import Domain
import HTTP
import JSON
import Postgres
import Store
import TestSupport
import Testing

extension ReviewDeskTests {
  @Suite("A decision can be undone for a while") struct Undo {
    private static func policy(seconds: Int64) -> Policy {
      var policy = Desk.cautious
      policy.review.undoSeconds = seconds
      return policy
    }

    private static func kinds(_ desk: Desk, _ sku: String) async throws -> [String] {
      try await desk.audit(of: try await desk.caseID(sku).value)
    }

    @Test func `until then nothing of it happens, and undone nothing ever does`() async throws {
      try await Desk.with([Waiting.shirt("U-1")], policy: Self.policy(seconds: 300)) { desk in
        let (lim, tan) = (try await desk.key("lim", ["broker"]), try await desk.key("tan", ["broker"]))
        let id = try await desk.caseID("U-1")
        let given = try await desk.decide("U-1", ["action": "approve"], key: lim, idempotencyKey: "k")
        #expect(given.status == 200 && given["undoUntil"] != nil && given["state"] == "awaiting-decision", "\(given)")
        #expect(try await desk.decide("U-1", ["action": "approve"], key: lim).status == 409)
        #expect(try await desk.decide("U-1", ["action": "reject", "reason": "No."], key: tan).status == 409)
        #expect(try await desk.send(.post, "/v1/next", key: lim).status == 204, "what is decided is not next again")
        #expect(try await desk.send(.post, "/v1/cases/\(id)/undo", key: tan).status == 409)
        let body: JSONValue = ["reason": "Too hard."]
        #expect(try await desk.post("/v1/cases/\(id)/skip", body, key: lim).status == 409)
        let seen = try await desk.file("U-1", key: tan)
        #expect(seen["pendingDecision"]?["by"] == "person:lim" && seen["pendingDecision"]?["action"] == nil)
        #expect(try await desk.pabean.count("SELECT count(*) FROM decision") == 0)
        #expect(try await desk.pabean.count("SELECT count(*) FROM outbox") == 0)

        let undone = try await desk.send(.post, "/v1/cases/\(id)/undo", key: lim)
        #expect(undone.status == 200 && undone["claim"]?["holder"] == "person:lim", "\(undone)")
        #expect(try await desk.send(.post, "/v1/cases/\(id)/undo", key: lim).status == 409)
        #expect(try await desk.file("U-1", key: lim)["pendingDecision"] == nil)
        let kinds = try await Self.kinds(desk, "U-1")
        #expect(kinds.contains("case.decision-given") && kinds.last == "case.decision-undone", "\(kinds)")
        #expect(try await desk.pabean.count("SELECT count(*) FROM decision") == 0)
        #expect(try await desk.pabean.count("SELECT count(*) FROM pending_decision") == 0)
      }
    }

    @Test func `after it the decision takes its way, even when the desk was killed meanwhile`() async throws {
      try await Desk.with([Waiting.shirt("K-1"), Waiting.shirt("K-2")], policy: Self.policy(seconds: 1)) { desk in
        let lim = try await desk.key("lim", ["broker"])
        #expect(try await desk.decide("K-1", ["action": "approve"], key: lim).status == 200)
        try await desk.reaches(.writtenBack, "K-1")
        #expect(try await Self.kinds(desk, "K-1").contains("case.decided"))
        let late = try await desk.send(.post, "/v1/cases/\(try await desk.caseID("K-1"))/undo", key: lim)
        #expect(late.status == 409)

        #expect(try await desk.decide("K-2", ["action": "approve"], key: lim).status == 200)
        desk.workers.last?.kill()
        #expect(try await desk.pabean.count("SELECT count(*) FROM decision WHERE kind = 'approved'") == 1)
        let (_, twin) = try await desk.twin()
        try await desk.reaches(.writtenBack, "K-2")
        #expect(try await desk.pabean.count("SELECT count(*) FROM decision") == 2)
        await desk.pabean.stop([twin])
      }
    }

    @Test func `what cannot be carried out any more is dropped with a word in the audit log`() async throws {
      try await Desk.with([Waiting.shirt("D-1")], policy: Self.policy(seconds: 2)) { desk in
        let lim = try await desk.key("lim", ["broker"])
        #expect(try await desk.decide("D-1", ["action": "approve"], key: lim).status == 200)
        let id = try await desk.caseID("D-1")
        try await desk.pabean.pool.transaction(as: Installation.tenant) { tx in
          _ = try tx.execute("UPDATE customs_case SET version = version + 1 WHERE id = $1", id)
        }
        _ = try await eventually("it is dropped") {
          try await Self.kinds(desk, "D-1").contains("case.decision-dropped") ? true : nil
        }
        #expect(try await desk.pabean.count("SELECT count(*) FROM decision") == 0)
        #expect(try await desk.state("D-1") == .awaitingDecision)
      }
    }

    @Test func `the page after it offers to undo it, and the case's own page does`() async throws {
      try await Desk.with([Waiting.shirt("P-1"), Waiting.shirt("P-2")], policy: Self.policy(seconds: 300)) { desk in
        let mei = try await Browser.signedIn(desk, try await desk.key("mei", ["broker"]))
        let first = try await mei.post("/next", [:]).response.headers["location"] ?? ""
        let decided = try await mei.post("\(first)/decision", ["action": "approve", "expectedVersion": "3"])
        let onward = try await mei.get(decided.response.headers["location"] ?? "").response.headers["location"] ?? ""
        #expect(try await mei.get(onward).text.contains("action=\"\(first)/undo\""))
        #expect(try await mei.get(first).text.contains("action=\"\(first)/undo\""))
        #expect(try await mei.get("\(first)/presence").text.contains("You have decided this case."))
        #expect(try await mei.post("\(first)/undo", [:], token: "").status == 403)
        #expect(try await mei.post("\(first)/undo", [:]).response.headers["location"] == first)
        let page = try await mei.get(first).text
        #expect(page.contains("value=\"approve\"") && !page.contains("/undo\""))
      }
    }

    @Test func `the first of two people's choice is not told by what is undone`() async throws {
      var policy = Self.policy(seconds: 300)
      policy.triggers = [
        Trigger(id: "two", words: ["shirt"], requiresTwoPeople: true, reason: "Shirts are seen by two.")
      ]
      try await Desk.with([Waiting.shirt("T-1")], policy: policy) { desk in
        let lim = try await desk.key("lim", ["broker"])
        let reason = "The fibre is not what the seller says."
        #expect(try await desk.decide("T-1", ["action": "reject", "reason": .string(reason)], key: lim).status == 200)
        let id = try await desk.caseID("T-1")
        let tan = try await desk.key("tan", ["broker"])
        #expect(!(try await desk.get("/v1/cases/\(id)", key: tan)).text.contains(reason))
        #expect(try await desk.send(.post, "/v1/cases/\(id)/undo", key: lim).status == 200)
        #expect(!(try await desk.get("/v1/cases/\(id)", key: tan)).text.contains(reason))
      }
    }
  }
}
