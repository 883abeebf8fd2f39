import AMQP
import Glibc
import TestSupport
import Testing

/// The real RabbitMQ that the tests share, and what each test makes on it.
struct TestBroker: Sendable {
  struct Missing: Error, CustomStringConvertible {
    let description = "PABEAN_TEST_AMQP_URL is not set: run `make test`, which starts a private RabbitMQ"
  }

  let endpoint: AMQPEndpoint
  let admin: AMQPAdmin

  /// Runs a test, and closes what it opened.
  static func with(_ body: (TestBroker) async throws -> Void) async throws {
    guard let url = getenv("PABEAN_TEST_AMQP_URL") else { throw Missing() }
    let endpoint = try AMQPEndpoint(String(cString: url))
    let broker = TestBroker(endpoint: endpoint, admin: AMQPAdmin(endpoint: endpoint, name: "amqp-tests"))
    do {
      try await body(broker)
    } catch {
      await broker.admin.close()
      throw error
    }
    await broker.admin.close()
  }

  /// A name that no other test or run uses.
  static func name(_ what: String) -> String { "test.\(what).\(UInt64.random(in: 0 ... .max))" }

  /// A quorum queue that is deleted after the body, and by the broker in any case when the test process dies.
  func withQueue(
    _ arguments: FieldTable = ["x-queue-type": "quorum"], _ body: (String) async throws -> Void
  ) async throws {
    let queue = Self.name("queue")
    let expiring = arguments.merging(["x-expires": 120_000]) { own, _ in own }
    try await admin.declareQueue(queue, arguments: expiring)
    do {
      try await body(queue)
    } catch {
      try? await admin.deleteQueue(queue)
      throw error
    }
    try await admin.deleteQueue(queue)
  }

  /// A publisher that is open when the body begins.
  func withPublisher(
    limits: PublisherLimits = PublisherLimits(), through proxy: FaultProxy? = nil, heartbeatSeconds: Int? = nil,
    _ body: (AMQPPublisher) async throws -> Void
  ) async throws {
    let publisher = AMQPPublisher(
      endpoint: through(proxy, heartbeatSeconds), name: "test-publisher", limits: limits)
    publisher.start()
    try await eventually("the publisher opens") { publisher.state.isOpen }
    do {
      try await body(publisher)
    } catch {
      await publisher.close()
      throw error
    }
    await publisher.close()
  }

  /// A consumer that is open when the body begins.
  func withConsumer(
    _ queues: [String], prefetchCount: UInt16 = 100, limits: ConsumerLimits = ConsumerLimits(),
    through proxy: FaultProxy? = nil, heartbeatSeconds: Int? = nil, _ body: (AMQPConsumer) async throws -> Void
  ) async throws {
    let consumer = AMQPConsumer(
      endpoint: through(proxy, heartbeatSeconds), name: "test-consumer",
      subscriptions: queues.map { Subscription(queue: $0, prefetchCount: prefetchCount) }, limits: limits)
    consumer.start()
    try await eventually("the consumer opens") { consumer.state.isOpen }
    do {
      try await body(consumer)
    } catch {
      await consumer.close()
      throw error
    }
    await consumer.close()
  }

  func withProxy(_ body: (FaultProxy) async throws -> Void) async throws {
    let proxy = try FaultProxy(toPort: endpoint.port)
    defer { proxy.stop() }
    try await body(proxy)
  }

  /// Publishes until everything is confirmed, as a relay would.
  func fill(_ queue: String, _ bodies: [[UInt8]]) async throws {
    try await withPublisher { publisher in
      let outcomes = await publisher.publish(bodies.map { .to(queue, $0) })
      try #require(outcomes.allSatisfy { $0 == .confirmed })
    }
  }

  private func through(_ proxy: FaultProxy?, _ heartbeatSeconds: Int?) -> AMQPEndpoint {
    endpoint.replacing(
      host: proxy == nil ? nil : "127.0.0.1", port: proxy?.port, heartbeatSeconds: heartbeatSeconds)
  }
}

extension OutgoingMessage {
  /// By the default exchange, straight to a queue.
  static func to(_ queue: String, _ body: [UInt8], id: String? = nil) -> OutgoingMessage {
    OutgoingMessage(exchange: "", routingKey: queue, properties: MessageProperties(messageID: id), body: body)
  }
}

extension AMQPConsumer {
  /// Collects until so many have come.
  func take(_ count: Int) async -> [Delivery] {
    var taken: [Delivery] = []
    while taken.count < count, let batch = await nextBatch(max: count - taken.count) { taken += batch }
    return taken
  }
}

/// Waits for a condition that another process or thread brings about.
func eventually(
  _ what: String, within limit: Duration = .seconds(20), _ condition: () async throws -> Bool
) async throws {
  let deadline = ContinuousClock.now + limit
  while try await !condition() {
    guard .now < deadline else { throw Late(what: what) }
    try await Task.sleep(for: .milliseconds(5))
  }
}

struct Late: Error, CustomStringConvertible {
  let what: String
  var description: String { "it did not come to this in time: \(what)" }
}

/// SplitMix64: the same seed gives the same run.
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
