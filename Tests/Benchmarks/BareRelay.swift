import AMQP
import Crypto
import Postgres
import TestSupport

/// The least that five durable hops cost: each takes a batch, stores a payload and an id for every message in one
/// transaction, publishes with confirms and acknowledges. No decision, no tenant, no audit, no JSON.
struct BareRelay: Sendable {
  static let hops = 1...5
  private static let bodyBytes = 300

  let broker: AMQPEndpoint
  let pool: PostgresPool
  let servers: PrivateServers

  static func queue(_ hop: Int) -> String { "relay.\(hop)" }

  /// Once per run.
  func prepare() async throws {
    try await pool.transaction { tx in
      try tx.executeScript(
        """
        CREATE SCHEMA IF NOT EXISTS relay;
        CREATE TABLE IF NOT EXISTS relay.payload (hop int NOT NULL, id uuid NOT NULL, body bytea NOT NULL);
        CREATE TABLE IF NOT EXISTS relay.seen (hop int NOT NULL, id uuid NOT NULL, PRIMARY KEY (id, hop));
        """)
    }
    let admin = AMQPAdmin(endpoint: broker)
    for hop in 1...BareRelay.hops.upperBound + 1 { try await admin.declareQueue(BareRelay.queue(hop)) }
    await admin.close()
  }

  /// Messages per second, from the first submission to the last arrival.
  func rate(of count: Int, batch: Int) async throws -> Measured {
    let hops = BareRelay.hops.map { Hop(number: $0, relay: self, batch: batch) }
    let work = Task {
      await withTaskGroup(of: Void.self) { group in for hop in hops { group.addTask { await hop.run() } } }
    }
    let arrivals = Arrivals(broker: broker, queue: BareRelay.queue(BareRelay.hops.upperBound + 1))
    let submissions = (0..<count).map { _ in
      let id = Array(SecureRandom.bytes(16))
      return OutgoingMessage(
        exchange: "", routingKey: BareRelay.queue(1),
        properties: MessageProperties(messageID: Hex.encode(id)),
        body: id + [UInt8](repeating: 0x78, count: BareRelay.bodyBytes - 16))
    }
    let time = ProcessorTime(workers: [], servers: servers)
    let start = ContinuousClock.now
    let result = await Result.capturing {
      async let submitted: Void = Submitter.send(submissions, to: broker)
      try await arrivals.wait(for: count)
      try await submitted
    }
    let elapsed = ContinuousClock.now - start
    for hop in hops { await hop.stop() }
    await work.value
    await arrivals.close()
    try result.get()
    return Measured(rate: Double(count) / elapsed.seconds, load: time.perItem(count))
  }

  private struct Hop: Sendable {
    let number: Int
    let pool: PostgresPool
    let consumer: AMQPConsumer
    let publisher: AMQPPublisher
    let batch: Int

    init(number: Int, relay: BareRelay, batch: Int) {
      self.number = number
      pool = relay.pool
      consumer = AMQPConsumer(
        endpoint: relay.broker, name: "relay-\(number)",
        subscriptions: [Subscription(queue: BareRelay.queue(number), prefetchCount: UInt16(batch * 2))])
      publisher = AMQPPublisher(endpoint: relay.broker, name: "relay-\(number)")
      self.batch = batch
      consumer.start()
      publisher.start()
    }

    func run() async {
      while let deliveries = await consumer.nextBatch(max: batch) {
        do {
          try await store(deliveries)
        } catch {
          note("relay: \(error)")
          return
        }
        _ = await publisher.publish(
          deliveries.map {
            OutgoingMessage(
              exchange: "", routingKey: BareRelay.queue(number + 1), properties: $0.properties, body: $0.body)
          })
        consumer.acknowledge(deliveries)
      }
    }

    private func store(_ deliveries: [Delivery]) async throws {
      let (hop, ids) = (Int32(number), deliveries.map { Hex.encode($0.body.prefix(16)) })
      try await pool.transaction { tx in
        try tx.pipeline { pipe in
          try pipe.execute(
            "INSERT INTO relay.payload SELECT $1, id::uuid, body FROM unnest($2::text[], $3::bytea[]) AS m (id, body)",
            hop, ids, deliveries.map(\.body))
          try pipe.execute("INSERT INTO relay.seen SELECT $1, id::uuid FROM unnest($2::text[]) AS m (id)", hop, ids)
        }
      }
    }

    func stop() async {
      await consumer.cancel()
      await consumer.close()
      await publisher.close()
    }
  }
}
