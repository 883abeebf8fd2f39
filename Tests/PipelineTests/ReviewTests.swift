import Contracts
import Domain
import JSON
import Store
import TestSupport
import Testing

@Suite("A case that a person must see", .installation(), .timeLimit(.minutes(5)))
struct ReviewTests {
  let pabean: Installation
  let reviewer: TestReviewer

  init() throws {
    pabean = try Installation.required()
    reviewer = TestReviewer(pabean)
  }

  static let code = HSCode("85044090")!
  static let other = HSCode("85369019")!

  @Test("waits, and approval releases it")
  func approval() async throws {
    try await pabean.publish([SampleProducts.doubtful(sku: "ASK-1")])
    let task = try await reviewer.task("ASK-1")
    #expect(task.lane != .auto)
    #expect(!task.reason.isEmpty && !task.roles.isEmpty)
    #expect(pabean.erp.outcomes(of: "ASK-1").isEmpty)
    try await reviewer.decide(task.caseID, .approve(ReviewTests.code))
    _ = try await pabean.cases(of: "ASK-1", reach: [.writtenBack])
    let outcome = try await eventually("the outcome") { pabean.erp.outcomes(of: "ASK-1").first }
    #expect(outcome["data"]?["state"] == "cleared")
    #expect(outcome["data"]?["code"] == "85044090")
    #expect(outcome["data"]?["decidedBy"] == "person:bea")
    #expect(
      try await pabean.audit(of: task.caseID.value) == [
        "case.opened", "case.classified", "case.held-for-decision", "case.decided-by-person", "case.documented",
        "case.written-back",
      ])
  }

  @Test("reaches the ERP as rejected, and holds the shipments that need it")
  func rejection() async throws {
    try await pabean.publish([SampleProducts.doubtful(sku: "BAD-1")], ids: ["bad-1"])
    try await pabean.publish(
      [SampleProducts.shipment("ORDER-BAD", lines: [("BAD-1", 1)])], ids: ["bad-2"], kind: .shipment)
    let task = try await reviewer.task("BAD-1")
    _ = try await pabean.shipment("ORDER-BAD", reaches: .waiting)
    try await reviewer.decide(task.caseID, .reject(reason: "may not be imported"))
    _ = try await pabean.cases(of: "BAD-1", reach: [.writtenBack])
    let outcome = try await eventually("the outcome") { pabean.erp.outcomes(of: "BAD-1").first }
    #expect(outcome["data"]?["state"] == "rejected")
    #expect(outcome["data"]?["code"] == nil)
    _ = try await pabean.shipment("ORDER-BAD", reaches: .held)
    let id = try #require(try await pabean.shipment("ORDER-BAD")).id
    #expect(try await pabean.documents(of: id.value).isEmpty)
    let told = try await eventually("the shipment's outcome") { pabean.erp.outcomes(ofShipment: "ORDER-BAD").first }
    #expect(told["data"]?["state"] == "held")
    #expect(told["data"]?["reason"] == "Line 1 (BAD-1) was rejected: may not be imported")
  }

  @Test("can be corrected after write-back: the correction supersedes and is delivered with a higher sequence")
  func correction() async throws {
    try await pabean.publish([SampleProducts.cotton(sku: "FIX-1")])
    let seen = try #require(try await pabean.cases(of: "FIX-1", reach: [.writtenBack]).first)
    let corrected = try await reviewer.decide(seen.id, .override(ReviewTests.other, reason: "it is a switch"))
    let outcomes = try await eventually("two outcomes") {
      let found = pabean.erp.outcomes(of: "FIX-1")
      return found.count == 2 ? found : nil
    }
    #expect(outcomes.map(\.sequence) == [1001, 1002])
    #expect(outcomes.last?["data"]?["code"] == "85369019")
    let decisions = try await pabean.decisions(of: seen.id)
    #expect(decisions.map(\.kind) == [.autoCleared, .overridden])
    #expect(decisions.last?.supersedes == decisions.first?.id)
    #expect(corrected.id == decisions.last?.id)
    _ = try await pabean.cases(of: "FIX-1", reach: [.writtenBack])
    #expect(try await pabean.documents(of: seen.id.value).count == 2, "a record for each decision")
    #expect(try await pabean.deliveries(of: seen.id.value).map(\.state) == [.delivered, .delivered])
  }

  @Test("is decided once: of two people who decide at the same time, one is told that it has moved on")
  func twoPeople() async throws {
    try await pabean.publish([SampleProducts.doubtful(sku: "RACE-1")])
    let task = try await reviewer.task("RACE-1")
    let results = await withTaskGroup(of: Bool.self) { group in
      for account in ["ann", "bob"] {
        group.addTask {
          let person = TestReviewer(pabean, account: account)
          return (try? await person.decide(task.caseID, .approve(ReviewTests.code))) != nil
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(results.count { $0 } == 1)
    _ = try await pabean.cases(of: "RACE-1", reach: [.writtenBack])
    #expect(try await pabean.decisions(of: task.caseID).count == 1)
  }
}
