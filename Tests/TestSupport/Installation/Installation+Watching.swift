import AMQP
import Contracts
import Domain
import JSON
import Postgres
import Store

public struct NotReached: Error, CustomStringConvertible {
  public let description: String

  public init(description: String) { self.description = description }
}

/// Waits for a condition at the outermost edge of a test; everything inside is signalled, not polled.
public func eventually<T>(
  _ what: String, within deadline: Duration = .seconds(120), _ condition: () async throws -> T?
) async throws -> T {
  let end = ContinuousClock.now + deadline
  var lastError: (any Error)?
  while ContinuousClock.now < end {
    do {
      if let value = try await condition() { return value }
    } catch {
      lastError = error
    }
    try await Task.sleep(for: .milliseconds(50))
  }
  throw NotReached(description: "not reached in \(deadline): \(what)\(lastError.map { " (\($0))" } ?? "")")
}

extension Installation {
  /// Publishes a product as its ERP does.
  public func publish(
    _ products: [JSONValue], as tenant: TenantID = Installation.tenant, ids: [String]? = nil,
    kind: SubmissionKind = .product
  ) async throws {
    let messages = products.enumerated().map { index, product in
      OutgoingMessage(
        exchange: Topology.submissions.text, routingKey: Topology.submission(kind, of: tenant).text,
        properties: MessageProperties(
          contentType: "application/json", messageID: ids?[index] ?? "\(product["sku"]?.text ?? "") \(index)"),
        body: product.bytes)
    }
    try await publish(messages)
  }

  public func publish(_ messages: [OutgoingMessage]) async throws {
    let publisher = AMQPPublisher(endpoint: broker, name: "erp", limits: .init(bodyBytesMax: 64 << 20))
    publisher.start()
    let outcomes = await publisher.publish(messages)
    await publisher.close()
    guard outcomes.allSatisfy({ $0 == .confirmed }) else {
      throw NotReached(description: "the broker did not take the submissions: \(outcomes)")
    }
  }

  public func states(of tenant: TenantID = Installation.tenant) async throws -> [CaseState: Int64] {
    try await pool.transaction(readOnly: true) { tx in
      let rows = try tx.query(
        "SELECT state, count(*) FROM customs_case WHERE tenant = $1 GROUP BY state", tenant.slug)
      return Dictionary(uniqueKeysWithValues: try rows.map(CaseState.self, Int64.self) { ($0, $1) })
    }
  }

  /// Waits until the tenant has this many cases and each is in a terminal state or waits for a person.
  public func settled(
    _ count: Int64, of tenant: TenantID = Installation.tenant, within deadline: Duration = .seconds(90)
  )
    async throws -> [CaseState: Int64]
  {
    try await eventually("\(count) settled cases", within: deadline) {
      let states = try await states(of: tenant)
      let settled = states.filter { $0.key.isTerminal || $0.key.waitsForPerson }.values.reduce(0, +)
      return settled == count && states.values.reduce(0, +) == count ? states : nil
    }
  }

  public func parked() async throws -> [ParkedMessages.Stored] {
    try await pool.transaction(readOnly: true) { tx in
      try ParkedMessages.list(tenant: nil, includeReplayed: false, limit: 1000, tx)
    }
  }

  public func count(_ sql: SQL) async throws -> Int64 {
    try await pool.transaction(readOnly: true) { tx in try tx.query(dynamic: sql).decode(row: 0, as: Int64.self) }
  }

  /// The depth of every work queue of the topology, those that are not empty.
  public func queueDepths() async throws -> [String: Int] {
    let admin = AMQPAdmin(endpoint: broker)
    var depths: [String: Int] = [:]
    let topology = Topology(markets: markets, tenants: [])
    for name in topology.queueNames {
      let depth = try await admin.messageCount(name.text)
      if depth > 0 { depths[name.text] = depth }
    }
    await admin.close()
    return depths
  }

  /// What the tenant's ERP finds in its queue.
  public func outcomes(
    of tenant: TenantID = Installation.tenant, atLeast count: Int, within deadline: Duration = .seconds(30)
  ) async throws -> [JSONValue] {
    let consumer = AMQPConsumer(
      endpoint: broker, name: "erp",
      subscriptions: [Subscription(queue: Topology.outcomesQueue(tenant).text, prefetchCount: 500)])
    consumer.start()
    let timer = Task {
      try await Task.sleep(for: deadline)
      await consumer.cancel()
    }
    var received: [JSONValue] = []
    while received.count < count, let batch = await consumer.nextBatch(max: 500) {
      received += try batch.map { try JSONParser.parse($0.body) }
      consumer.acknowledge(batch)
    }
    timer.cancel()
    await consumer.close()
    return received
  }

  /// Why cases were not cleared, for the message of a test that expected them to be.
  public func routingReasons(of sku: String? = nil) async throws -> [String] {
    try await pool.transaction(readOnly: true) { tx in
      try tx.query(
        """
        SELECT s.routing::text FROM case_screening s JOIN customs_case c ON c.id = s.case_id
        WHERE $1::text IS NULL OR c.sku = $1
        """, sku
      ).map(String.self) { $0 }
    }
  }
}
