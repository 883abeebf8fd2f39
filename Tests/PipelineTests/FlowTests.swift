import Contracts
import Domain
import JSON
import Store
import TestSupport
import Testing

@Suite("From the ERP's message to the ERP's record", .timeLimit(.minutes(3)))
struct FlowTests {
  @Test(
    "a product goes through all five workers and its outcome reaches the ERP", .database(from: Installation.template))
  func wholeFlow() async throws {
    let pabean = try await Installation.open(markets: ["SG"])
    let workers = try pabean.startAll()
    try await pabean.publish([SampleProducts.cotton(sku: "TEE-1")])
    let states = try await pabean.settled(1)
    let reasons = try await pabean.routingReasons()
    #expect(states == [.writtenBack: 1], "\(reasons)")
    let outcome = try #require(try await pabean.outcomes(atLeast: 1).first)
    #expect(outcome["type"] == "pabean.case.outcome.v1")
    #expect(outcome["data"]?["sku"] == "TEE-1")
    #expect(outcome["data"]?["code"]?.stringValue?.hasPrefix("6109") == true)
    await pabean.stop(workers)
    #expect(try await pabean.queueDepths() == [:])
    #expect(try await pabean.parked().isEmpty)
    try await pabean.close()
  }
}
