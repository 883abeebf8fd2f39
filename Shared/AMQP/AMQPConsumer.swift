import IOThread

public struct Subscription: Sendable, Hashable {
  public var queue: String
  /// Deliveries on their way or unsettled at a time; at least 1. It bounds the memory of the consumer: prefetch counts
  /// times the largest message.
  public var prefetchCount: UInt16

  public init(queue: String, prefetchCount: UInt16) {
    self.queue = queue
    self.prefetchCount = max(prefetchCount, 1)
  }
}

public struct ConsumerLimits: Sendable {
  /// A larger delivery is rejected without being buffered, so that the broker dead-letters it.
  public var bodyBytesMax: Int
  /// A settlement that the kernel does not take for this long loses the connection.
  public var sendTimeout: Duration
  /// For connecting, and again for logging in.
  public var connectTimeout: Duration
  /// How long `cancel` waits for the broker's answer.
  public var cancelTimeout: Duration

  public init(
    bodyBytesMax: Int = 16 << 20, sendTimeout: Duration = .seconds(10), connectTimeout: Duration = .seconds(5),
    cancelTimeout: Duration = .seconds(5)
  ) {
    self.bodyBytesMax = bodyBytesMax
    self.sendTimeout = sendTimeout
    self.connectTimeout = connectTimeout
    self.cancelTimeout = cancelTimeout
  }
}

/// Takes messages from queues on a connection of its own, and recovers it for ever.
///
/// All I/O runs on one thread that this owns. Deliveries wait in a bounded buffer; the tasks that take them run on
/// Swift's pool, never on that thread. Each queue's order is kept. When the connection breaks, or the broker cancels a
/// consumer, everything unsettled is delivered again by the next connection, and settling the old delivery does nothing.
public final class AMQPConsumer: Sendable {
  private let loop: PollLoop<ConsumerService.Command>
  private let status = ConnectionStatus()
  private let buffer: DeliveryBuffer

  /// - Precondition: at least one subscription.
  public init(
    endpoint: AMQPEndpoint, name: String, subscriptions: [Subscription], limits: ConsumerLimits = .init()
  ) {
    precondition(!subscriptions.isEmpty, "a consumer needs a queue")
    loop = PollLoop(name: "amqp-consume")
    buffer = DeliveryBuffer(queueCount: subscriptions.count)
    loop.start { [status, buffer] in
      ConsumerService(
        endpoint: endpoint, name: name, subscriptions: subscriptions, limits: limits, status: status, buffer: buffer)
    }
  }

  deinit { _ = loop.submit(.close) }

  /// Connects in the background, and again after every failure until `cancel` or `close`.
  public func start() { _ = loop.submit(.start) }

  /// Returns as soon as at least one delivery is there, with at most `max`, taking from the queues in turn. Nil once
  /// cancelled or closed and drained, and when the calling task is cancelled.
  public func nextBatch(max: Int) async -> [Delivery]? { await buffer.next(max: max) }

  /// Tells the broker to forget them. Returns at once; the acks go out together, in as few frames as possible.
  public func acknowledge(_ deliveries: [Delivery]) { settle(deliveries, .acknowledge) }

  /// Gives them back to their queue. It counts towards the queue's delivery limit: never use it as a retry.
  public func requeue(_ deliveries: [Delivery]) { settle(deliveries, .requeue) }

  /// Gives them to the queue's dead-letter exchange, or drops them where there is none.
  public func reject(_ deliveries: [Delivery]) { settle(deliveries, .reject) }

  private func settle(_ deliveries: [Delivery], _ verdict: AckCoalescer.Verdict) {
    if deliveries.isEmpty { return }
    _ = loop.submit(.settle(deliveries.map { DeliveryID(epoch: $0.epoch, tag: $0.tag) }, verdict))
  }

  /// Stops new deliveries gracefully, and returns when the broker has stopped. What is buffered can still be taken and
  /// settled; then `nextBatch` returns nil. `close` must follow.
  public func cancel() async {
    await withCheckedContinuation { continuation in
      if !loop.submit(.cancel(continuation)) { continuation.resume() }
    }
  }

  /// Closes the connection, so that the broker gives the unsettled deliveries to others, until `resume`. `nextBatch`
  /// waits meanwhile. It counts towards the queues' delivery limits: meant for the long absence of a dependency.
  public func pause() { _ = loop.submit(.pause) }

  public func resume() { _ = loop.submit(.start) }

  public var state: ConnectionState { status.value }

  /// Sends the settlements that were asked for, and closes. `nextBatch` returns nil; unsettled deliveries go back to their
  /// queues. AMQP confirms no ack: a quorum queue that lags may lose the last ones and deliver those messages again.
  public func close() async {
    _ = loop.submit(.close)
    await loop.finished()
  }
}

/// A delivery as the broker knows it.
struct DeliveryID: Sendable {
  let epoch: UInt64
  let tag: UInt64
}
