import AMQP
import Contracts
import Crypto
import Domain
import JSON
import Postgres
import Store
import TestSupport
import Testing

@Suite("Messages that can never be handled", .installation(), .serialized, .timeLimit(.minutes(5)))
struct PoisonTests {
  let pabean: Installation

  init() throws { pabean = try Installation.required() }

  /// What was parked since, by the digest of its body.
  private func parked(_ stage: Stage) async throws -> [[UInt8]: [String]] {
    let entries = try await pabean.parked().map(\.entry).filter { $0.stage == stage.rawValue }
    return Dictionary(grouping: entries, by: \.digest).mapValues { $0.map(\.reasonCode) }
  }

  private func expectParked(_ poison: [PoisonMessage], at stage: Stage) async throws {
    let found = try await eventually("\(poison.count) parked messages", within: .seconds(30)) {
      let found = try await parked(stage)
      return found.values.reduce(0, { $0 + $1.count }) >= poison.count ? found : nil
    }
    for message in poison { #expect(found[message.digest] == [message.reason], "\(message.name)") }
    #expect(Set(found.keys) == Set(poison.map(\.digest)), "nothing else is parked")
  }

  @Test("are parked at ingest, each with its reason and its bytes, while products flow")
  func ingest() async throws {
    let products = (1...20).map { SampleProducts.cotton(sku: "BESIDE-\($0)") }
    try await pabean.publish(Array(products.prefix(10)), ids: (1...10).map { "beside \($0)" })
    try await pabean.publish(PoisonMessage.ingest.map(\.message))
    // The same rubbish again is not parked again.
    try await pabean.publish(PoisonMessage.ingest.map(\.message))
    try await pabean.publish(Array(products.suffix(10)), ids: (11...20).map { "beside \($0)" })
    try await expectParked(PoisonMessage.ingest, at: .ingest)
    let once = OnceEach(pabean, prefix: "BESIDE-")
    try await once.writtenBack(products.count)
    #expect(pabean.workers.ended == [])
    let ids = try await pabean.parked().map(\.id)
    for id in ids {
      let stored = try #require(
        try await pabean.pool.transaction(readOnly: true) { tx in try ParkedMessages.find(id, tx) })
      #expect(SHA256.hash(stored.entry.body).bytes == stored.entry.digest, "parked whole, so that it can be replayed")
    }
    #expect(try await pabean.queueDepths() == [:])
  }

  @Test("are parked at a stage, each with its reason, while products flow")
  func stage() async throws {
    try await pabean.publish([SampleProducts.cotton(sku: "FOREIGN-1")], as: Installation.otherTenant)
    let foreign = try #require(
      try await pabean.cases(of: "FOREIGN-1", reach: [.writtenBack], tenant: Installation.otherTenant).first)
    let before = try await pabean.audit(of: foreign.id.value)
    let poison = PoisonMessage.classifier(caseOfAnotherTenant: foreign.id)
    try await pabean.publish(poison.map(\.message))
    try await pabean.publish([SampleProducts.cotton(sku: "AMIDST-1")])
    try await expectParked(poison, at: .classifier)
    _ = try await pabean.cases(of: "AMIDST-1", reach: [.writtenBack])
    #expect(try await pabean.audit(of: foreign.id.value) == before)
    #expect(pabean.workers.ended == [])
  }

  @Test("of more bytes than a worker would even read go to the parking queue")
  func giant() async throws {
    let body = [UInt8](repeating: UInt8(ascii: " "), count: 17 << 20)
    let message = OutgoingMessage(
      exchange: "submissions", routingKey: "acme.product.submitted",
      properties: MessageProperties(contentType: "application/json", messageID: "giant"), body: body)
    try await pabean.publish([message])
    try await pabean.publish([SampleProducts.cotton(sku: "AFTER-GIANT")])
    _ = try await pabean.cases(of: "AFTER-GIANT", reach: [.writtenBack])
    let depths = try await eventually("the parking queue to have it") {
      let depths = try await pabean.queueDepths()
      return depths == ["parking.ingest": 1] ? depths : nil
    }
    #expect(depths.count == 1)
    let admin = AMQPAdmin(endpoint: pabean.broker)
    #expect(try await admin.purge("parking.ingest") == 1)
    await admin.close()
  }

  @Test("are not: a submission of a little less than a mebibyte is handled")
  func nearlyTooLarge() async throws {
    let product = SampleProducts.cotton(sku: "LARGE-1")
    let padding = [UInt8](repeating: UInt8(ascii: " "), count: (1 << 20) - product.bytes.count)
    let message = OutgoingMessage(
      exchange: "submissions", routingKey: "acme.product.submitted",
      properties: MessageProperties(contentType: "application/json", messageID: "large"),
      body: product.bytes + padding)
    #expect(message.body.count == 1 << 20)
    try await pabean.publish([message])
    _ = try await pabean.cases(of: "LARGE-1", reach: [.writtenBack])
  }
}
