import AMQP
import Contracts
import Crypto
import Domain
import JSON
import Observability
import Postgres
import Store
import WorkerRuntime

/// Moves what the broker put aside into the one place where people look: first committed, then acknowledged. One at a
/// time, for a message may be as large as the broker takes.
struct ParkedCollector: Sendable {
  let pool: PostgresPool
  let consumer: AMQPConsumer
  let collected: Counter
  let log: Log

  static var subscriptions: [Subscription] {
    let queues = Stage.allCases.map(Topology.parkingQueue) + [Topology.unroutedQueue]
    return queues.map { Subscription(queue: $0.text, prefetchCount: 1) }
  }

  /// Returns when the consumer has been cancelled, or with what it could not store given back.
  func run() async {
    while let deliveries = await consumer.nextBatch(max: 1) {
      for delivery in deliveries {
        guard await keep(SetAside(delivery).entry) else { return consumer.requeue(deliveries) }
      }
      consumer.acknowledge(deliveries)
    }
  }

  /// What the database does not take is kept without all that its sender made up; and what it takes in no form must not
  /// stop the messages behind it: its digest in the log is what is left.
  /// - Returns: false when shutting down.
  private func keep(_ entry: ParkedMessages.Entry) async -> Bool {
    for form in [entry, entry.bare] {
      do {
        return try await storePatiently(form)
      } catch {
        log.error(
          "a message cannot be parked as it is",
          ["error": .string(error.description), "sha256": .string(Hex.encode(entry.digest))])
      }
    }
    log.critical("a message is lost, it can be parked in no form", ["sha256": .string(Hex.encode(entry.digest))])
    return true
  }

  /// Tries again for as long as the message is not what is wrong.
  private func storePatiently(_ entry: ParkedMessages.Entry) async throws(PostgresError) -> Bool {
    var pause = Duration.milliseconds(100)
    while !Task.isCancelled {
      do {
        try await store(entry)
        return true
      } catch let error as PostgresError where error.isOfTheData {
        throw error
      } catch {
        log.warning("messages cannot be parked now", ["error": .string("\(error)")])
        try? await Task.sleep(for: pause)
        pause = min(pause * 2, .seconds(5))
      }
    }
    return false
  }

  private func store(_ entry: ParkedMessages.Entry) async throws {
    let now = SystemClock.now()
    try await pool.transaction { tx in try ParkedMessages.park(entry, at: now, tx) }
    collected.increment(entry.reasonCode)
    log.error(
      "message parked", ["reason": .string(entry.reasonCode), "routing_key": .string(entry.routingKey)])
  }
}

extension PostgresError {
  /// Not a database that is away, nor one that misses a right or a table: those are mended, and the message waits.
  fileprivate var isOfTheData: Bool {
    switch kind {
    case .invalidData, .checkViolation, .notNullViolation, .uniqueViolation, .foreignKeyViolation,
      .exclusionViolation, .raised, .programmer, .other:
      true
    default: false
    }
  }
}

extension ParkedMessages.Entry {
  /// With nothing from outside but the bytes.
  fileprivate var bare: ParkedMessages.Entry {
    ParkedMessages.Entry(
      tenant: nil, stage: stage, messageID: nil, caseID: nil, reasonCode: "unstorable",
      reason: "What it says of itself cannot be stored: only its bytes are here.", attempts: 1, exchange: "",
      routingKey: "", headers: JSONObject(), body: body, digest: digest)
  }
}
