import Contracts
import Domain
import JSON
import Store
import TestSupport
import Testing

@Suite(
  "A person's decision releases the case", .serialized, .timeLimit(.minutes(4)), .database(from: Installation.template))
struct DecisionFlowTests {
  @Test func `approving, overriding and rejecting each reach the ERP with what was decided`() async throws {
    let products = ["A-1", "O-1", "R-1"].map { Waiting.shirt($0) }
    try await Desk.with(products) { desk in
      let key = try await desk.key("lim", ["broker"])
      let queue = try await desk.get("/v1/reviews", key: key)
      #expect(queue["reviews"]?.arrayValue?.count == 3, "\(queue)")

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
    }
  }
}
