import IOThread

/// What the consumer's I/O thread does: connect, subscribe, hand deliveries over, send settlements.
struct ConsumerService: PollLoopService {
  typealias Instant = ContinuousClock.Instant

  enum Command: Sendable {
    case start
    case settle([DeliveryID], AckCoalescer.Verdict)
    case cancel(CheckedContinuation<Void, Never>)
    case pause
    case close
  }

  /// After so many deliveries, commands and settlements get their turn.
  private static let deliveriesPerTurnMax = 1000

  private let endpoint: AMQPEndpoint
  private let name: String
  private let subscriptions: [Subscription]
  /// By consumer tag.
  private let queueIndexes: [String: Int]
  private let limits: ConsumerLimits
  private let status: ConnectionStatus
  private let buffer: DeliveryBuffer
  private let watchdog: SendWatchdog

  private var machine = ConnectionStateMachine(random: SystemRandomNumberGenerator())
  private var connection: BrokerConnection?
  private var coalescer = AckCoalescer()
  private var awaitsRoom = false
  private var isClosing = false
  private var cancellation: Cancellation?

  private struct Cancellation {
    var consumersLeft: Int
    let deadline: Instant
    var waiters: [CheckedContinuation<Void, Never>]
    var isDone: Bool { consumersLeft == 0 }
  }

  init(
    endpoint: AMQPEndpoint, name: String, subscriptions: [Subscription], limits: ConsumerLimits,
    status: ConnectionStatus, buffer: DeliveryBuffer
  ) {
    self.endpoint = endpoint
    self.name = name
    self.subscriptions = subscriptions
    queueIndexes = Dictionary(
      uniqueKeysWithValues: subscriptions.indices.map { (Self.consumerTag(name, $0), $0) })
    self.limits = limits
    self.status = status
    self.buffer = buffer
    watchdog = SendWatchdog(patience: limits.sendTimeout)
  }

  mutating func handle(_ commands: [Command]) {
    for command in commands {
      switch command {
      case .start: if cancellation == nil { machine.start(now: .now) }
      case .settle(let ids, let verdict):
        for id in ids where id.epoch == machine.epoch { coalescer.settle(tag: id.tag, verdict) }
      case .cancel(let continuation): cancel(continuation)
      case .pause: pause()
      case .close: isClosing = true
      }
    }
  }

  mutating func refuse(_ commands: [Command]) {
    for case .cancel(let continuation) in commands { continuation.resume() }
  }

  mutating func turn() -> PollLoopWait {
    if isClosing { return finish() }
    if let due = machine.nextAttempt, due <= .now { connect() }
    let isDrained = connection.map { exchange(on: $0) } ?? true
    if let cancellation, !cancellation.isDone, cancellation.deadline <= .now {
      lose(AMQPError(.timeout, "the broker did not answer basic.cancel"))
    }
    status.value = machine.shown
    return isDrained
      ? .until(deadline: nextDeadline(), fd: connection?.fd ?? -1, writable: awaitsRoom) : .again
  }

  private func nextDeadline() -> Instant? {
    var deadline = machine.nextAttempt
    if let interval = connection?.serviceInterval { deadline = .now + interval }
    if let cancellation, !cancellation.isDone {
      deadline = min(deadline ?? cancellation.deadline, cancellation.deadline)
    }
    return deadline
  }
}

// The connection

extension ConsumerService {
  private mutating func connect() {
    status.value = machine.shown
    do throws(AMQPError) {
      let opened = try BrokerConnection(
        endpoint, name: name, times: ConnectionTimes(connect: limits.connectTimeout, request: limits.connectTimeout),
        bodyBytesMax: limits.bodyBytesMax)
      for (index, subscription) in subscriptions.enumerated() {
        try opened.consume(
          subscription.queue, consumerTag: consumerTag(index), prefetchCount: subscription.prefetchCount)
      }
      connection = opened
      coalescer = AckCoalescer()
      machine.opened(now: .now)
    } catch {
      machine.failed(error, now: .now)
    }
  }

  /// One round of settling and receiving; an error in either drops the connection. False when there is more to receive.
  private mutating func exchange(on connection: BrokerConnection) -> Bool {
    let result = watchdog.guarding(connection.fd) { () -> Result<Bool, AMQPError> in
      do throws(AMQPError) {
        try settle(on: connection)
        let isDrained = try receive(from: connection)
        // Deliveries over the size limit were rejected just now.
        try settle(on: connection)
        return .success(isDrained)
      } catch {
        return .failure(error)
      }
    }
    switch result {
    case .success(let isDrained): return isDrained
    case .failure(let error):
      lose(error)
      return true
    }
  }

  private mutating func lose(_ error: AMQPError) {
    drop()
    if cancellation == nil {
      machine.failed(error, now: .now)
    } else {
      // Nothing is left to settle or to receive: the broker delivers it to others.
      machine.stop()
      endCancellation()
    }
  }

  private mutating func drop() {
    connection = nil
    awaitsRoom = false
    coalescer = AckCoalescer()
    buffer.discard()
  }

  private mutating func pause() {
    if let connection { sayFarewell(on: connection) }
    drop()
    machine.stop()
    if cancellation != nil { endCancellation() }
  }

  private mutating func finish() -> PollLoopWait {
    if let connection { sayFarewell(on: connection) }
    drop()
    machine.stop()
    cancellation = cancellation ?? Cancellation(consumersLeft: 0, deadline: .now, waiters: [])
    endCancellation()
    status.value = .closed
    return .finished
  }

  private mutating func sayFarewell(on connection: BrokerConnection) {
    let frames = coalescer.flush()
    watchdog.guarding(connection.fd) {
      do throws(AMQPError) {
        for frame in frames { try connection.settle(frame) }
        connection.close()
      } catch {
        // The connection is dropped in any case, and the broker delivers the unsettled messages again.
      }
    }
  }
}

// Deliveries

extension ConsumerService {
  /// False when it stopped before the socket was empty.
  private mutating func receive(from connection: BrokerConnection) throws(AMQPError) -> Bool {
    var received: [(queueIndex: Int, delivery: Delivery)] = []
    defer { if !received.isEmpty { buffer.append(received) } }
    while received.count < Self.deliveriesPerTurnMax {
      guard let event = try connection.nextEvent() else { return true }
      switch event {
      case .content(let content): if let delivery = try delivery(of: content) { received.append(delivery) }
      case .consumerCancelled, .cancelOk:
        // The buffer may end here: what came before must be in it.
        buffer.append(received)
        received = []
        try consumerEnded(event)
      case .blocked(let reason): machine.blocked(reason: reason)
      case .unblocked: machine.unblocked()
      case .confirmed, .getEmpty: break
      }
    }
    return false
  }

  private mutating func delivery(of content: Content) throws(AMQPError) -> (queueIndex: Int, delivery: Delivery)? {
    guard case .delivery(let consumerTag, let tag, let redelivered, let exchange, let routingKey) = content.head,
      let index = queueIndexes[consumerTag]
    else { throw AMQPError(.protocolViolation, "the broker sent a message that nobody subscribed to") }
    coalescer.delivered(tag: tag)
    if content.isOversize {
      coalescer.settle(tag: tag, .reject)
      return nil
    }
    let delivery = Delivery(
      queue: subscriptions[index].queue, exchange: exchange, routingKey: routingKey, redelivered: redelivered,
      properties: content.properties, body: content.body, tag: tag, epoch: machine.epoch)
    return (index, delivery)
  }

  private mutating func settle(on connection: BrokerConnection) throws(AMQPError) {
    awaitsRoom = false
    if coalescer.isIdle { return }
    guard connection.isWritable else {
      awaitsRoom = true
      return
    }
    for frame in coalescer.flush() { try connection.settle(frame) }
  }

  private func consumerTag(_ index: Int) -> String { Self.consumerTag(name, index) }

  private static func consumerTag(_ name: String, _ index: Int) -> String { "\(name)#\(index)" }
}

// Cancellation

extension ConsumerService {
  private mutating func cancel(_ continuation: CheckedContinuation<Void, Never>) {
    if cancellation != nil {
      cancellation?.waiters.append(continuation)
    } else {
      cancellation = Cancellation(
        consumersLeft: subscriptions.count, deadline: .now + limits.cancelTimeout, waiters: [continuation])
      guard let connection else {
        machine.stop()
        return endCancellation()
      }
      askToCancel(on: connection)
    }
    if cancellation?.isDone == true { endCancellation() }
  }

  private mutating func askToCancel(on connection: BrokerConnection) {
    let failure = watchdog.guarding(connection.fd) { () -> AMQPError? in
      do throws(AMQPError) {
        for index in subscriptions.indices { try connection.sendCancel(consumerTag: consumerTag(index)) }
        return nil
      } catch {
        return error
      }
    }
    if let failure { lose(failure) }
  }

  /// The answer to our cancel, or the broker's own: the queue was deleted or moved, and the whole connection is made anew.
  private mutating func consumerEnded(_ event: BrokerEvent) throws(AMQPError) {
    if case .consumerCancelled(let tag) = event, cancellation == nil {
      let queue = queueIndexes[tag].map { subscriptions[$0].queue } ?? tag
      throw AMQPError(.consumerCancelled, "the broker cancelled the consumer of '\(queue)'")
    }
    guard let left = cancellation?.consumersLeft, left > 0 else { return }
    cancellation?.consumersLeft = left - 1
    if left == 1 { endCancellation() }
  }

  private mutating func endCancellation() {
    cancellation?.consumersLeft = 0
    buffer.end()
    let waiters = cancellation?.waiters ?? []
    cancellation?.waiters = []
    for waiter in waiters { waiter.resume() }
  }
}
