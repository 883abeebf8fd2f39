import Contracts
import Domain
import HTTP
import JSON
import Postgres
import Store
import TestSupport
import Testing

extension ReviewDeskTests {
  @Suite("A person's decision releases the case") struct Decisions {
    @Test func `approving, overriding and rejecting each reach the ERP with what was decided`() async throws {
      try await Desk.with(["A-1", "O-1", "R-1"].map { Waiting.shirt($0) }) { desk in
        let key = try await desk.key("lim", ["broker"])
        let queue = try await desk.get("/v1/reviews", key: key)
        #expect(queue["reviews"]?.arrayValue?.count == 3, "\(queue)")
        #expect(queue["waiting"] == 3)

        let approved = try await desk.decide("A-1", ["action": "approve"], key: key)
        #expect(approved.status == 200, "\(approved)")
        #expect(approved["decision"]?["kind"] == "approved")
        let overridden = try await desk.decide(
          "O-1",
          [
            "action": "override", "code": "8504.40", "reason": "A power adapter by its data sheet.",
            "evidence": "Safety mark 260118-00",
          ], key: key)
        #expect(overridden.status == 200, "\(overridden)")
        let rejected = try await desk.decide(
          "R-1", ["action": "reject", "reason": "The seller does not know what it is."], key: key)
        #expect(rejected.status == 200, "\(rejected)")

        for sku in ["A-1", "O-1", "R-1"] { try await desk.reaches(.writtenBack, sku) }
        let outcomes = try await desk.pabean.outcomes(atLeast: 3).compactMap { $0["data"] }
        let bySKU = Dictionary(uniqueKeysWithValues: outcomes.map { ($0["sku"]?.stringValue ?? "", $0) })
        #expect(bySKU["A-1"]?["code"]?.stringValue?.hasPrefix("6109") == true, "\(outcomes)")
        #expect(bySKU["O-1"]?["code"] == "850440", "\(outcomes)")
        #expect(bySKU["R-1"]?["code"]?.stringValue == nil, "\(outcomes)")
        #expect(try await desk.get("/v1/reviews", key: key)["reviews"] == [])
        #expect(try await desk.pabean.parked().isEmpty)
        #expect(try await desk.pabean.count("SELECT count(*) FROM outbox") == 0)
      }
    }

    @Test func `a question holds the case until the supplier's answer, and both are on the file`() async throws {
      try await Desk.with([Waiting.shirt("Q-1")]) { desk in
        let key = try await desk.key("lim", ["broker"])
        let asked = try await desk.decide("Q-1", ["action": "ask", "question": "Is it lined?"], key: key)
        #expect(asked["state"] == "awaiting-information", "\(asked)")
        let waiting = try await desk.get("/v1/reviews", key: key)["reviews"]?.arrayValue?.first
        #expect(waiting?["reason"] == "Waits for the supplier's answer: Is it lined?")

        let id = try await desk.caseID("Q-1")
        let answered = try await desk.post("/v1/cases/\(id)/answer", ["answer": "No lining."], key: key)
        #expect(answered["state"] == "awaiting-decision", "\(answered)")
        let again = try await desk.post("/v1/cases/\(id)/answer", ["answer": "No lining."], key: key)
        #expect(again.status == 409, "\(again)")

        let file = try await desk.file("Q-1", key: key)
        #expect(file["informationRequests"]?.arrayValue?.first?["answer"] == "No lining.")
        #expect(try await desk.decide("Q-1", ["action": "approve"], key: key).status == 200)
        try await desk.reaches(.writtenBack, "Q-1")
        let done = try await desk.file("Q-1", key: key)
        let kinds = done["history"]?.arrayValue?.compactMap { $0["kind"]?.stringValue } ?? []
        #expect(kinds.contains("case.information-requested") && kinds.contains("case.information-received"), "\(kinds)")
        #expect(kinds.contains("case.decided"), "\(kinds)")
        #expect(done["documents"]?.arrayValue?.count == 1)
        #expect(done["deliveries"]?.arrayValue?.first?["state"] == "delivered")
      }
    }

    @Test func `a decision already delivered is corrected with a reason, and the correction is delivered too`()
      async throws
    {
      try await Desk.with([Waiting.shirt("C-1")]) { desk in
        let key = try await desk.key("lim", ["broker"])
        #expect(try await desk.decide("C-1", ["action": "approve"], key: key).status == 200)
        try await desk.reaches(.writtenBack, "C-1")
        let silent = try await desk.decide("C-1", ["action": "approve"], key: key)
        #expect(silent.status == 422 && silent.fault == "/reason", "\(silent)")

        let corrected = try await desk.decide(
          "C-1", ["action": "override", "code": "611020", "reason": "It is a pullover after all."], key: key)
        #expect(corrected["decision"]?["sequence"] == 2, "\(corrected)")
        #expect(corrected["decision"]?["supersedes"]?.stringValue != nil)
        let outcomes = try await desk.pabean.outcomes(atLeast: 2)
        #expect(outcomes.last?["data"]?["code"] == "611020", "\(outcomes)")
        try await desk.reaches(.writtenBack, "C-1")
      }
    }

    @Test func `a code that another market was decided against since takes the compliance lead`() async throws {
      let shirt = SampleProducts.cotton(sku: "M-1", markets: ["SG", "MY"])
      try await Desk.with([], markets: ["SG", "MY"]) { desk in
        try await desk.submit([shirt], settled: 2)
        let broker = try await desk.key("lim", ["broker"])
        let ids = try await desk.pabean.cases(of: "M-1")
        func decide(_ market: String, _ request: JSONValue, _ key: String) async throws -> Desk.Answer {
          let id = try #require(ids.first { $0.market == market }).id
          var members = request.objectValue ?? JSONObject()
          members["expectedVersion"] = try await desk.get("/v1/cases/\(id)", key: key)["version"]
          return try await desk.post("/v1/cases/\(id)/decision", .object(members), key: key)
        }
        // Overridden against what the other market would have: the lead's, from the first decision on.
        let override: JSONValue = ["action": "override", "code": "62114200", "reason": "Woven by its data sheet."]
        let lead = try await desk.key("lead", ["compliance-lead"])
        let first = try await decide("SG", override, broker)
        #expect(first.status == 403 && first.text.contains("differ beyond national digits"), "\(first)")
        #expect(try await decide("SG", override, lead).status == 200)
        let refused = try await decide("MY", ["action": "approve"], broker)
        #expect(refused.status == 403 && refused.text.contains("SG 6211.42.00 (decided)"), "\(refused)")
        #expect(try await decide("MY", ["action": "approve"], lead).status == 200)
      }
    }

    @Test func `a denied party is not cleared by the broker that a low confidence asks for`() async throws {
      let listed: JSONValue = "Maravex Imaginary Shipping Pte. Ltd."
      try await Desk.with([Waiting.with("D-1", ["supplier": listed])]) { desk in
        let broker = try await desk.key("lim", ["broker"])
        let file = try await desk.file("D-1", key: broker)
        #expect(file["roles"] == ["broker", "compliance-lead"], "\(file.text)")
        #expect(file["approvalObstacle"]?.stringValue?.contains("compliance lead") == true)
        let first = try await desk.get("/v1/reviews", key: broker)["reviews"]?.arrayValue?.first
        #expect(first?["reason"] == file["why"], "the gravest reason is the one that the queue shows")
        #expect(first?["reason"]?.stringValue?.hasPrefix("Confidence") == false)
        for request: JSONValue in [
          ["action": "approve"], ["action": "override", "code": "610990", "reason": "It is of other fibres."],
        ] {
          let refused = try await desk.decide("D-1", request, key: broker)
          #expect(refused.status == 403 && refused.text.contains("compliance lead"), "\(refused)")
        }
        let lead = try await desk.key("lead", ["compliance-lead"])
        let cleared = try await desk.decide("D-1", ["action": "approve"], key: lead)
        #expect(cleared.status == 200 || cleared.status == 422, "\(cleared)")
        #expect(try await desk.decide("D-1", ["action": "reject", "reason": "Listed."], key: broker).status != 403)
      }
    }

    @Test func `a code that nobody screened is screened before it counts, and the record says with what`() async throws
    {
      try await Desk.with(["U-1", "U-2"].map { Waiting.shirt($0) }) { desk in
        let broker = try await desk.key("lim", ["broker"])
        let plain = try await desk.decide(
          "U-1", ["action": "override", "code": "611020", "reason": "A pullover by its picture."], key: broker)
        #expect(plain.status == 200, "\(plain)")
        let entry = try await desk.file("U-1", key: broker)["history"]?.arrayValue?.last {
          $0["kind"] == "case.decided"
        }
        #expect(entry?["data"]?["codeScreened"] == true, "\(String(describing: entry))")
        #expect(entry?["data"]?["codePackVersion"]?.stringValue?.hasPrefix("SG@") == true)

        let arms: JSONValue = ["action": "override", "code": "930200", "reason": "A revolver, not a shirt."]
        let refused = try await desk.decide("U-2", arms, key: broker)
        #expect(refused.status == 403, "\(refused)")
        let lead = try await desk.key("lead", ["compliance-lead"])
        #expect(try await desk.decide("U-2", arms, key: lead).status == 200)
      }
    }

    @Test func `a code whose duty nobody knows takes finance where the policy in force holds what is unknown`()
      async throws
    {
      var lenient = Desk.cautious
      lenient.duty = DutyLimits(holdsUnknown: false)
      // Too dear for the relief of low values.
      let shirts = ["K-1", "K-2"].map { SampleProducts.cotton(sku: $0, markets: ["MY"], price: "650.00") }
      try await Desk.with(shirts, policy: lenient, markets: ["MY"]) { desk in
        let broker = try await desk.key("lim", ["broker"])
        let finance = try await desk.key("ong", ["broker", "finance"])
        let override: JSONValue = ["action": "override", "code": "611420", "reason": "A tunic by its picture."]
        #expect(try await desk.decide("K-1", override, key: broker).status == 200)
        try await desk.activate(Desk.cautious)
        let refused = try await desk.decide("K-2", override, key: broker)
        #expect(
          refused.status == 403 && refused.text.contains("6114.20") && refused.text.contains("incomplete"), "\(refused)"
        )
        #expect(try await desk.decide("K-2", override, key: finance).status == 200)
      }
    }

    @Test func `what was decided anew lifts no later product`() async throws {
      try await Desk.with([Waiting.shirt("W-1")]) { desk in
        let key = try await desk.key("lim", ["broker"])
        let code: JSONValue = "61091000"
        _ = try await desk.decide("W-1", ["action": "override", "code": code, "reason": "The tariff book."], key: key)
        try await desk.reaches(.writtenBack, "W-1")
        let withdrawn = try await desk.decide("W-1", ["action": "reject", "reason": "That was wrong."], key: key)
        #expect(withdrawn.status == 200, "\(withdrawn)")
        try await desk.submit([Waiting.shirt("W-2")], settled: 2)
        let candidates = try await desk.file("W-2", key: key)["candidates"]?.arrayValue ?? []
        #expect(candidates.allSatisfy { ($0["confidence"]?.doubleValue ?? 0) < 0.9 }, "\(candidates)")
        #expect(candidates.first?["code"] != code)
        #expect(
          try await desk.pabean.count("SELECT count(*) FROM precedent WHERE withdrawn_at IS NOT NULL") == 1, "kept")
        #expect(try await desk.pabean.count("SELECT count(*) FROM precedent WHERE outcome = 'rejected'") == 1)
      }
    }

    @Test func `what did not arrive waits in the queue, with why, until somebody decides anew`() async throws {
      try await Desk.with(["N-1", "N-2", "N-3"].map { Waiting.shirt($0) }) { desk in
        let key = try await desk.key("lim", ["broker"])
        for sku in ["N-1", "N-2"] {
          _ = try await desk.decide(sku, ["action": "approve"], key: key)
          try await desk.reaches(.writtenBack, sku)
        }
        try await desk.fail("N-1", .undeliverable, delivery: "dead", "410 Gone")
        try await desk.fail("N-2", .conflicted, delivery: "conflict", "The code was changed.")
        let queue = try await desk.get("/v1/reviews", key: key)
        #expect(queue["waiting"] == 3, "\(queue)")
        let reasons = queue["reviews"]?.arrayValue?.reduce(into: [:]) {
          $0[$1["sku"]?.stringValue ?? ""] = $1["reason"]?.stringValue
        }
        #expect(reasons?["N-1"] == "could not be delivered: 410 Gone", "\(queue)")
        #expect(reasons?["N-2"] == "write-back conflict: The code was changed.")
        #expect(reasons?.count == 3)
        #expect(try await desk.get("/v1/reviews?role=legal", key: key)["reviews"] == [])
        let states = Set(queue["reviews"]?.arrayValue?.compactMap { $0["state"]?.stringValue } ?? [])
        #expect(states == ["awaiting-decision", "undeliverable", "conflicted"])
        #expect(try await desk.get("/v1/reviews?state=conflicted", key: key)["matching"] == 1)
        let stranger = try await desk.key("eve", ["broker"], tenant: Installation.otherTenant)
        #expect(try await desk.get("/v1/reviews", key: stranger)["waiting"] == 0)

        let again = try await desk.decide("N-1", ["action": "approve", "reason": "Send it again."], key: key)
        #expect(again.status == 200, "\(again)")
        try await desk.reaches(.writtenBack, "N-1")
        #expect(try await desk.get("/v1/reviews", key: key)["waiting"] == 2)
      }
    }

    @Test func `of two people who decide one case at the same time, one decides`() async throws {
      try await Desk.with((1...4).map { Waiting.shirt("RACE-\($0)") }) { desk in
        let keys = [try await desk.key("lim", ["broker"]), try await desk.key("tan", ["broker"])]
        for number in 1...4 {
          let id = try await desk.caseID("RACE-\(number)")
          let version = try await desk.get("/v1/cases/\(id)", key: keys[0])["version"]
          let answers = try await withThrowingTaskGroup(of: Desk.Answer.self) { group in
            for key in keys {
              group.addTask {
                try await desk.post(
                  "/v1/cases/\(id)/decision", ["action": "approve", "expectedVersion": version ?? 0], key: key)
              }
            }
            return try await group.reduce(into: [Desk.Answer]()) { $0.append($1) }
          }
          #expect(answers.map(\.status).sorted() == [200, 409], "\(answers)")
          let lost = try #require(answers.first { $0.status == 409 })
          #expect(lost["detail"]?.stringValue?.contains("approved") == true, "it says what happened: \(lost)")
        }
        #expect(try await desk.pabean.count("SELECT count(*) FROM decision") == 4)
        #expect(try await desk.pabean.count("SELECT count(*) FROM precedent") == 4)
      }
    }

    @Test func `the same product listed again carries the code that a person gave it`() async throws {
      try await Desk.with([Waiting.shirt("P-1")]) { desk in
        let key = try await desk.key("lim", ["broker"])
        let code: JSONValue = "61091000"
        let decided = try await desk.decide(
          "P-1", ["action": "override", "code": code, "reason": "National code of the tariff book."], key: key)
        #expect(decided.status == 200, "\(decided)")
        try await desk.submit([Waiting.shirt("P-2")], settled: 2)
        let best = try await desk.file("P-2", key: key)["candidates"]?.arrayValue?.first
        #expect(best?["code"] == code)
        #expect((best?["confidence"]?.doubleValue ?? 0) >= 0.9, "\(String(describing: best))")
        #expect(best?["evidence"]?.arrayValue?.first?["kind"] == "precedent")
        let title = "T-shirt for men, cotton, crew neck, knitted, long sleeve"
        try await desk.submit([Waiting.with("P-3", ["title": .string(title)])], settled: 3)
        let alike = try await desk.file("P-3", key: key)["candidates"]?.arrayValue?.first
        let reason = alike?["evidence"]?.arrayValue?.first?["text"]?.stringValue ?? ""
        #expect(reason.contains("% alike) was corrected to this code"), "\(String(describing: alike))")
      }
    }
  }
}
