import CRabbitMQ
import IOThread

/// Declares, binds, counts and peeks: for the operator and for tests, one request at a time.
///
/// It connects at the first request and again after an error, on a thread of its own. Messages that `get` took and
/// nobody settled go back to their queue when it closes or an error ends its connection.
public final class AMQPAdmin: Sendable {
  private let loop: PollLoop<AdminService.Command>

  public init(endpoint: AMQPEndpoint, name: String = "pabean-admin", requestTimeout: Duration = .seconds(10)) {
    loop = PollLoop(name: "amqp-admin")
    loop.start { AdminService(endpoint: endpoint, name: name, requestTimeout: requestTimeout) }
  }

  deinit { _ = loop.submit(.close) }

  public func close() async {
    _ = loop.submit(.close)
    await loop.finished()
  }

  public func declareExchange(
    _ name: String, type: String = "topic", durable: Bool = true, arguments: FieldTable = [:]
  ) async throws(AMQPError) {
    try await perform { session throws(AMQPError) in
      try session.broker.declareExchange(name, type: type, durable: durable, arguments: arguments)
    }
  }

  public func declareQueue(
    _ name: String, durable: Bool = true, exclusive: Bool = false, autoDelete: Bool = false,
    arguments: FieldTable = ["x-queue-type": "quorum"]
  ) async throws(AMQPError) {
    try await perform { session throws(AMQPError) in
      try session.broker.declareQueue(
        name, durable: durable, exclusive: exclusive, autoDelete: autoDelete, arguments: arguments)
    }
  }

  public func bind(
    queue: String, exchange: String, routingKey: String, arguments: FieldTable = [:]
  ) async throws(AMQPError) {
    try await perform { session throws(AMQPError) in
      try session.broker.bind(queue: queue, exchange: exchange, routingKey: routingKey, arguments: arguments)
    }
  }

  public func unbind(
    queue: String, exchange: String, routingKey: String, arguments: FieldTable = [:]
  ) async throws(AMQPError) {
    try await perform { session throws(AMQPError) in
      try session.broker.unbind(queue: queue, exchange: exchange, routingKey: routingKey, arguments: arguments)
    }
  }

  /// Removes the messages that no consumer holds, and says how many.
  @discardableResult
  public func purge(_ queue: String) async throws(AMQPError) -> Int {
    try await perform { session throws(AMQPError) in try session.broker.purge(queue) }
  }

  public func deleteQueue(_ name: String) async throws(AMQPError) {
    try await perform { session throws(AMQPError) in try session.broker.deleteQueue(name) }
  }

  public func deleteExchange(_ name: String) async throws(AMQPError) {
    try await perform { session throws(AMQPError) in try session.broker.deleteExchange(name) }
  }

  /// The messages ready in the queue, without those that consumers hold. It needs no right to configure.
  public func messageCount(_ queue: String) async throws(AMQPError) -> Int {
    try await perform { session throws(AMQPError) in try session.broker.counts(queue).messages }
  }

  public func consumerCount(_ queue: String) async throws(AMQPError) -> Int {
    try await perform { session throws(AMQPError) in try session.broker.counts(queue).consumers }
  }

  /// Takes one message, unsettled; nil when the queue has none ready.
  public func get(_ queue: String) async throws(AMQPError) -> Delivery? {
    try await perform { session throws(AMQPError) in try session.get(queue) }
  }

  public func acknowledge(_ delivery: Delivery) async throws(AMQPError) { try await settle(delivery, .acknowledge) }

  public func requeue(_ delivery: Delivery) async throws(AMQPError) { try await settle(delivery, .requeue) }

  public func reject(_ delivery: Delivery) async throws(AMQPError) { try await settle(delivery, .reject) }

  private func settle(_ delivery: Delivery, _ verdict: AckCoalescer.Verdict) async throws(AMQPError) {
    let id = DeliveryID(epoch: delivery.epoch, tag: delivery.tag)
    try await perform { session throws(AMQPError) in try session.settle(id, verdict) }
  }

  private func perform<Value: Sendable>(
    _ request: @escaping @Sendable (AdminSession) throws(AMQPError) -> Value
  ) async throws(AMQPError) -> Value {
    let result = await withCheckedContinuation { (answer: CheckedContinuation<Result<Value, AMQPError>, Never>) in
      let command = AdminService.Command.request { session in
        let result = Result { () throws(AMQPError) in try request(try session.get()) }
        answer.resume(returning: result)
        if case .failure(let error) = result { return error }
        return nil
      }
      if !loop.submit(command) { answer.resume(returning: .failure(AdminService.closed)) }
    }
    return try result.get()
  }
}
