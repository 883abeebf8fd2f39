import Crypto
import Domain
import HTTP
import JSON
import Postgres
import Store
import TestSupport
import Testing

extension ReviewDeskTests {
  @Suite("Four eyes") struct TwoPeople {
    /// As if the policy had asked for two people.
    private static func require(_ desk: Desk, _ skus: [String]) async throws {
      for sku in skus {
        let id = try await desk.caseID(sku)
        try await desk.pabean.pool.transaction(as: Installation.tenant) { tx in
          try tx.executeScript("SET LOCAL session_replication_role = replica")
          try tx.execute(
            """
            UPDATE case_screening SET routing = (routing::jsonb || '{"requiresTwoPeople": true}')::json
            WHERE case_id = $1
            """, id)
        }
      }
    }

    private static func entry(_ desk: Desk, _ sku: String, _ kind: String) async throws -> JSONValue {
      let id = try await desk.caseID(sku)
      let entries = try await desk.pabean.pool.transaction(as: Installation.tenant, readOnly: true) { tx in
        try AuditLog.history(of: id.value, tx).map { try JSONParser.parse($0.content) }
      }
      return try #require(entries.last { $0["kind"]?.stringValue == kind }?["data"], "\(kind)")
    }

    @Test func `a person with a key and the same person signed in are one pair of eyes`() async throws {
      try await Desk.with([Waiting.shirt("K-1")]) { desk in
        try await Self.require(desk, ["K-1"])
        let id = try await desk.caseID("K-1")
        let person = try await desk.person("tan@acme.example", [.broker], markets: ["SG"])
        let key = try await desk.key("tan@acme.example", [])
        let first = try await desk.decide("K-1", ["action": "approve"], key: key)
        #expect(first.status == 200 && first["awaits"] == "second-person", "\(first)")
        let signedIn = try await Browser.signedIn(desk, email: "tan@acme.example")
        let withKey = try await Browser.signedIn(desk, key)
        for browser in [signedIn, withKey] {
          #expect(
            try await browser.get("/cases/\(id)").text.contains("You have decided. The case waits for a second person"))
          let fields = ["action": "approve", "expectedVersion": "3"]
          #expect(try await browser.post("/cases/\(id)/decision", fields).status == 409)
        }
        #expect(try await desk.state("K-1") == .awaitingDecision)
        #expect(
          try await desk.pabean.count("SELECT count(*) FROM case_opinion WHERE person = 'person:tan@acme.example'") == 1
        )

        // The key may do what the person may, as they stand now.
        func change(_ change: @Sendable (borrowing Transaction) throws -> Void) async throws {
          try await desk.pabean.pool.transaction(as: Installation.tenant, change)
        }
        var moved = person
        (moved.markets, moved.roles) = ([try #require(Market("MY"))], [.auditor])
        try await change { [moved] tx in try People.change(moved, tx) }
        #expect(try await desk.get("/v1/cases/\(id)", key: key).status == 404)
        try await change { tx in try People.disable(person.id, at: Instant(microseconds: 1_800_000_000_000_000), tx) }
        #expect(try await desk.get("/v1/reviews", key: key).status == 401)
        #expect(try await withKey.get("/queue").response.headers["location"] == "/sign-in")
      }
    }

    @Test func `two who agree release the case, the second without knowing the first's choice`() async throws {
      try await Desk.with([Waiting.shirt("E-1")]) { desk in
        try await Self.require(desk, ["E-1"])
        let lim = try await desk.key("lim", ["broker"])
        let tan = try await desk.key("tan", ["broker"])
        let id = try await desk.caseID("E-1")
        let reason = "An adapter, by its picture."
        let choice: JSONValue = [
          "action": "override", "code": "850440", "reason": .string(reason), "evidence": "Safety mark 260118-00",
        ]
        let first = try await desk.decide("E-1", choice, key: lim)
        #expect(first.status == 200 && first["awaits"] == "second-person" && first["decision"] == nil, "\(first)")
        #expect(try await desk.state("E-1") == .awaitingDecision)
        #expect(try await desk.pabean.count("SELECT count(*) FROM decision") == 0)
        #expect(try await desk.decide("E-1", choice, key: lim).status == 409)
        #expect(try await desk.send(.post, "/v1/next", key: lim).status == 204)

        for account in ["tan", "observer"] {
          let key = account == "tan" ? tan : try await desk.key(account, ["review", "auditor"])
          let seen = try await desk.get("/v1/cases/\(id)", key: key)
          #expect(seen["opinions"]?.arrayValue?.count == 1)
          #expect(seen["opinions"]?.arrayValue?.first?["by"] == "person:lim")
          let page = try await Browser.signedIn(desk, key).get("/cases/\(id)").text
          for text in [seen.text, page] {
            #expect(!text.contains(reason) && !text.contains("850440") && !text.contains("8504.40"), "\(account)")
          }
        }
        let own = try await desk.get("/v1/cases/\(id)", key: lim)
        #expect(own["opinions"]?.arrayValue?.first?["reason"]?.stringValue?.hasPrefix("\(reason)\nDocuments: ") == true)

        #expect(try await desk.send(.post, "/v1/next", key: tan)["caseId"] == .string(id.description))
        let second = try await desk.decide(
          "E-1",
          [
            "action": "override", "code": "8504.40", "reason": "It is a power supply.",
            "evidence": "Safety mark 260118-00",
          ], key: tan)
        #expect(second.status == 200 && second["decision"]?["kind"] == "overridden", "\(second)")
        try await desk.reaches(.writtenBack, "E-1")

        let decided = try await Self.entry(desk, "E-1", "case.decided")
        let opinions = try #require(decided["opinions"]?.arrayValue)
        #expect(opinions.map { $0["by"] } == ["person:lim", "person:tan"])
        let sealed = try await Self.entry(desk, "E-1", "case.first-opinion")
        #expect(sealed["kind"] == nil && sealed["code"] == nil && sealed["reason"] == nil)
        #expect(sealed["digest"] == .string(Hex.encode(SHA256.hash(opinions[0].canonicalBytes).bytes)))
      }
    }

    @Test func `two who differ leave it to a compliance lead who was neither of them`() async throws {
      try await Desk.with([Waiting.shirt("D-1")]) { desk in
        try await Self.require(desk, ["D-1"])
        let lim = try await desk.key("lim", ["broker"])
        let boss = try await desk.key("boss", ["broker", "compliance-lead"])
        let lead = try await desk.key("lead", ["compliance-lead"])
        let approve: JSONValue = ["action": "approve"]
        #expect(try await desk.decide("D-1", approve, key: lim).status == 200)
        let second = try await desk.decide("D-1", ["action": "reject", "reason": "It is a toy."], key: boss)
        #expect(second["awaits"] == "compliance-lead", "\(second)")
        #expect(try await desk.state("D-1") == .awaitingDecision)
        #expect(try await desk.decide("D-1", approve, key: try await desk.key("tan", ["broker"])).status == 403)
        #expect(try await desk.decide("D-1", approve, key: try await desk.key("root", ["admin"])).status == 403)
        #expect(try await desk.decide("D-1", approve, key: boss).status == 409)
        let seen = try await desk.file("D-1", key: lead)
        #expect(seen["opinions"]?.arrayValue?.compactMap { $0["kind"]?.stringValue } == ["approved", "rejected"])
        let page = try await Browser.signedIn(desk, lead).get("/cases/\(try await desk.caseID("D-1"))").text
        #expect(page.contains("It is a toy.") && page.contains("Two people decided this case differently."))
        let last = try await desk.decide("D-1", approve, key: lead)
        #expect(last["decision"]?["decidedBy"] == "person:lead", "\(last)")
        try await desk.reaches(.writtenBack, "D-1")
        let opinions = try await Self.entry(desk, "D-1", "case.decided")["opinions"]
        #expect(opinions?.arrayValue?.count == 2)
      }
    }

    @Test func `of two who decide at the same moment one is the first and the other the second`() async throws {
      try await Desk.with((1...3).map { Waiting.shirt("M-\($0)") }) { desk in
        try await Self.require(desk, (1...3).map { "M-\($0)" })
        let keys = [try await desk.key("lim", ["broker"]), try await desk.key("tan", ["broker"])]
        for sku in (1...3).map({ "M-\($0)" }) {
          async let one = desk.decide(sku, ["action": "approve"], key: keys[0])
          async let two = desk.decide(sku, ["action": "approve"], key: keys[1])
          let answers = [try await one, try await two]
          #expect(answers.allSatisfy { $0.status == 200 }, "\(answers)")
          #expect(answers.filter { $0["awaits"] == "second-person" }.count == 1)
          #expect(answers.filter { $0["decision"] != nil }.count == 1)
        }
      }
    }

    @Test func `a question to the supplier sets what was chosen before it aside`() async throws {
      try await Desk.with([Waiting.shirt("Q-1")]) { desk in
        try await Self.require(desk, ["Q-1"])
        let lim = try await desk.key("lim", ["broker"])
        let tan = try await desk.key("tan", ["broker"])
        #expect(try await desk.decide("Q-1", ["action": "approve"], key: lim)["awaits"] == "second-person")
        #expect(try await desk.decide("Q-1", ["action": "ask", "question": "Which fibre?"], key: tan).status == 200)
        let id = try await desk.caseID("Q-1")
        #expect(try await desk.post("/v1/cases/\(id)/answer", ["answer": "Silk."], key: tan).status == 200)
        #expect(try await desk.decide("Q-1", ["action": "approve"], key: tan)["awaits"] == "second-person")
        #expect(try await desk.decide("Q-1", ["action": "approve"], key: lim)["decision"] != nil)
      }
    }
  }
}
