import AMQP
import Contracts
import Crypto
import Domain
import JSON
import Observability
import Postgres
import Store
import WorkerRuntime

/// Moves what the broker put aside into the one place where people look: first committed, then acknowledged.
struct ParkedCollector: Sendable {
  let pool: PostgresPool
  let consumer: AMQPConsumer
  let collected: Counter
  let log: Log

  static let batchMax = 16

  static var subscriptions: [Subscription] {
    let queues = Stage.allCases.map(Topology.parkingQueue) + [Topology.unroutedQueue]
    return queues.map { Subscription(queue: $0.text, prefetchCount: UInt16(batchMax)) }
  }

  /// Returns when the consumer has been cancelled, or with what it could not store given back.
  func run() async {
    while let deliveries = await consumer.nextBatch(max: ParkedCollector.batchMax) {
      guard await storePatiently(deliveries.map { SetAside($0) }) else { return consumer.requeue(deliveries) }
      consumer.acknowledge(deliveries)
    }
  }

  private func storePatiently(_ messages: [SetAside]) async -> Bool {
    var pause = Duration.milliseconds(100)
    while !Task.isCancelled {
      do {
        try await store(messages)
        return true
      } catch {
        log.warning("messages cannot be parked now", ["error": .string("\(error)")])
        try? await Task.sleep(for: pause)
        pause = min(pause * 2, .seconds(5))
      }
    }
    return false
  }

  private func store(_ messages: [SetAside]) async throws {
    let now = SystemClock.now()
    try await pool.transaction { tx in
      for message in messages { try ParkedMessages.park(message.entry, at: now, tx) }
    }
    for message in messages {
      collected.increment(message.entry.reasonCode)
      log.error(
        "message parked",
        ["reason": .string(message.entry.reasonCode), "routing_key": .string(message.entry.routingKey)])
    }
  }
}
