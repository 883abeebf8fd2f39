import AMQP
import Contracts
import TestSupport
import Testing

@Suite("The topology on the real broker", .installation(stages: []), .timeLimit(.minutes(5)))
struct BrokerTopologyTests {
  let pabean: Installation

  init() throws { pabean = try Installation.required() }

  private func publish(_ exchange: String, _ key: String, headers: FieldTable = [:]) async throws {
    try await pabean.publish([
      OutgoingMessage(
        exchange: exchange, routingKey: key, properties: MessageProperties(messageID: key, headers: headers), body: [1])
    ])
  }

  @Test("a message that keeps coming back is put aside after twenty returns, in its stage's parking queue")
  func deliveryLimit() async throws {
    try await publish("jobs", "job.sg.classifier")
    let admin = AMQPAdmin(endpoint: pabean.broker)
    var returns = 0
    while let delivery = try await next("classifier.sg", admin) {
      try await admin.requeue(delivery)
      returns += 1
      try #require(returns < 30)
    }
    #expect(returns == 21, "delivered once and returned twenty times")
    let parked = try await eventually("the parked message") { try await admin.get("parking.classifier") }
    #expect(parked.routingKey == "job.sg.classifier")
    #expect(parked.properties.messageID == "job.sg.classifier")
    try await admin.acknowledge(parked)
    await admin.close()
  }

  /// nil once the message has gone to the parking queue.
  private func next(_ queue: String, _ admin: AMQPAdmin) async throws -> Delivery? {
    try await eventually("the message or its end") { () async throws -> Delivery?? in
      if let delivery = try await admin.get(queue) { return .some(delivery) }
      return try await admin.messageCount("parking.classifier") > 0 ? .some(nil) : nil
    }
  }

  @Test("what no queue wants is kept where it is seen")
  func unrouted() async throws {
    try await publish("jobs", "job.sg.imagination")
    let admin = AMQPAdmin(endpoint: pabean.broker)
    let kept = try await eventually("the unrouted message") { try await admin.get("unrouted") }
    #expect(kept.routingKey == "job.sg.imagination")
    try await admin.acknowledge(kept)
    await admin.close()
  }

  @Test("a rung gives a message back to the queue it came from, a submission's too")
  func rung() async throws {
    try await publish("retry", "job.sg.writeback", headers: ["rung": "5s", "attempt": 2])
    try await publish("retry", "acme.product.submitted", headers: ["rung": "5s", "attempt": 2])
    let admin = AMQPAdmin(endpoint: pabean.broker)
    for (queue, key) in [("writeback.sg", "job.sg.writeback"), ("ingest", "acme.product.submitted")] {
      let back = try await eventually("\(key) to come back", within: .seconds(20)) { try await admin.get(queue) }
      #expect(back.routingKey == key)
      #expect(back.properties.headers["attempt"] == .int(2))
      try await admin.acknowledge(back)
    }
    await admin.close()
  }
}
