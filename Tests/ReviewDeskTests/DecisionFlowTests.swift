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
          "O-1", ["action": "override", "code": "8504.40", "reason": "A power adapter by its data sheet."], key: key)
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
      }
    }
  }
}
