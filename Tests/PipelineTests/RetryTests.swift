import AMQP
import Contracts
import Domain
import JSON
import Store
import TestSupport
import Testing

@Suite("A message that cannot be handled yet", .installation(), .timeLimit(.minutes(5)))
struct RetryTests {
  let pabean: Installation

  init() throws { pabean = try Installation.required() }

  @Test("waits on the first rung with its attempt counted, comes back by itself, and is handled")
  func ladder() async throws {
    let tenant = try await pabean.addTenant("newcomer", withPolicy: false)
    try await pabean.publish([SampleProducts.cotton(sku: "LATER-1")], as: tenant)
    let seen = try #require(try await pabean.cases(of: "LATER-1", reach: [.classified], tenant: tenant).first)
    let admin = AMQPAdmin(endpoint: pabean.broker)
    let waiting = try await eventually("the message on its rung") { try await admin.get("retry.5s") }
    #expect(waiting.properties.headers["attempt"] == .int(2))
    #expect(waiting.properties.headers["rung"] == "5s")
    #expect(waiting.routingKey == "job.sg.compliance-screening")
    try await admin.requeue(waiting)
    await admin.close()
    try await pabean.activatePolicy(of: tenant)
    _ = try await pabean.cases(of: "LATER-1", reach: [.writtenBack], tenant: tenant, within: .seconds(60))
    #expect(try await pabean.audit(of: seen.id.value).count == 5)
    #expect(try await pabean.parked().allSatisfy { $0.entry.caseID != seen.id })
  }

  @Test("is parked with its reason when its attempts are spent")
  func spent() async throws {
    let tenant = try await pabean.addTenant("undecided", withPolicy: false)
    try await pabean.publish([SampleProducts.cotton(sku: "NEVER-1")], as: tenant)
    let seen = try #require(try await pabean.cases(of: "NEVER-1", reach: [.classified], tenant: tenant).first)
    let event = CloudEvent(
      id: MessageID(UniqueID(high: 0x8000, low: 0x8000_0000_0000_0042)), source: "/test", type: .caseClassified,
      subject: nil, time: Instant(microseconds: 0), tenant: tenant, market: Market("SG"), traceparent: nil,
      causationID: nil, data: CaseReference(caseID: seen.id).json)
    try await pabean.publish([
      OutgoingMessage(
        exchange: "jobs", routingKey: "job.sg.compliance-screening",
        properties: MessageProperties(contentType: CloudEvent.contentType, headers: ["attempt": 8]),
        body: event.json.bytes)
    ])
    let parked = try await eventually("the parked message") {
      try await pabean.parked().map(\.entry).first { $0.caseID == seen.id }
    }
    #expect(parked.reasonCode == "attempts-spent")
    #expect(parked.reason == "the tenant has no policy in force")
    #expect(parked.attempts == 8)
    #expect(parked.tenant == tenant)
    // The one that waits on its rung is not lost by that.
    try await pabean.activatePolicy(of: tenant)
    _ = try await pabean.cases(of: "NEVER-1", reach: [.writtenBack], tenant: tenant, within: .seconds(60))
  }
}
