import AMQP
import Contracts
import Domain
import JSON
import Store
import TestSupport
import Testing

@Suite("Two revisions whose outcomes overtake each other", .installationTurn, .serialized, .timeLimit(.minutes(5)))
struct ReorderingTests {
  @Test(
    "the older is not delivered after the newer, in separate batches or in one", .database(from: Installation.template),
    arguments: [1, 100])
  func overtaken(batchSize: Int) async throws {
    let pabean = try await Installation.open()
    for stage in Stage.allCases where stage != .writeback { try pabean.workers.start(stage) }
    for (revision, price) in ["6.50", "7.25"].enumerated() {
      try await pabean.publish([SampleProducts.cotton(sku: "TURN-1", price: price)], ids: ["turn \(revision)"])
      _ = try await pabean.cases(of: "TURN-1", count: revision + 1, reach: [.documented])
    }
    try await pabean.reverse("writeback.sg", count: 2)
    try pabean.workers.start(.writeback, settings: ["PABEAN_BATCH_SIZE": String(batchSize)])
    let cases = try await pabean.cases(of: "TURN-1", count: 2, reach: [.writtenBack])
    let states = try await [
      pabean.deliveries(of: cases[0].id.value).map(\.state), pabean.deliveries(of: cases[1].id.value).map(\.state),
    ]
    #expect(states == [[.superseded], [.delivered]])
    let outcome = try await eventually("the outcome") { pabean.erp.outcomes(of: "TURN-1").first }
    #expect(outcome.sequence == 2001)
    #expect(pabean.erp.outcomes(of: "TURN-1").count == 1)
    await pabean.workers.stopAll()
    try await pabean.close()
  }

  @Test(
    "of many revisions in one batch the newest alone goes on, and a waiting shipment with it",
    .database(from: Installation.template))
  func manyAtOnce() async throws {
    let pabean = try await Installation.open()
    try pabean.workers.startAll()
    let skus = (1...5).map { "MANY-\($0)" }
    let prices = ["6.50", "7.25", "8.00", "9.75"]
    try await pabean.publish(
      [SampleProducts.shipment("ORDER-MANY", lines: skus.map { ($0, 2) })], ids: ["many"], kind: .shipment)
    _ = try await pabean.shipment("ORDER-MANY", reaches: .waiting)
    // All of them wait when ingest comes back, so that it takes them together.
    _ = await pabean.workers.stop(.ingest)
    let revisions = prices.flatMap { price in skus.map { SampleProducts.cotton(sku: $0, price: price) } }
    try await pabean.publish(revisions, ids: revisions.indices.map { "many \($0)" })
    try pabean.workers.start(.ingest)
    for sku in skus {
      let cases = try await pabean.cases(of: sku, count: prices.count, reach: [.superseded, .writtenBack])
      #expect(cases.map(\.state) == [.superseded, .superseded, .superseded, .writtenBack])
    }
    _ = try await pabean.shipment("ORDER-MANY", reaches: .writtenBack)
    await pabean.workers.stopAll()
    try await pabean.close()
  }
}

extension Installation {
  /// Puts what waits in a queue back in the opposite order.
  func reverse(_ queue: String, count: Int) async throws {
    let admin = AMQPAdmin(endpoint: broker)
    var taken: [Delivery] = []
    while taken.count < count {
      taken.append(try await eventually("message \(taken.count) of \(queue)") { try await admin.get(queue) })
    }
    try await publish(
      taken.reversed().map {
        OutgoingMessage(exchange: $0.exchange, routingKey: $0.routingKey, properties: $0.properties, body: $0.body)
      })
    for delivery in taken { try await admin.acknowledge(delivery) }
    await admin.close()
  }
}
