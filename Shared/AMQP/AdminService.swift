import IOThread

/// What the admin's I/O thread does: answer one request after the other, and keep the connection alive between them.
struct AdminService: PollLoopService {
  enum Command: Sendable {
    /// Answers its caller by itself, and returns the error that makes the connection unusable.
    case request(@Sendable (Result<AdminSession, AMQPError>) -> AMQPError?)
    case close
  }

  static let closed = AMQPError(.closed, "the connection was closed by this side")

  private let endpoint: AMQPEndpoint
  private let name: String
  private let requestTimeout: Duration
  private let watchdog: SendWatchdog
  private var session: AdminSession?
  private var connectionCount: UInt64 = 0
  private var isClosing = false

  init(endpoint: AMQPEndpoint, name: String, requestTimeout: Duration) {
    self.endpoint = endpoint
    self.name = name
    self.requestTimeout = requestTimeout
    watchdog = SendWatchdog(patience: requestTimeout * 2)
  }

  mutating func handle(_ commands: [Command]) {
    for command in commands {
      if isClosing { refuse([command]) } else { handle(command) }
    }
  }

  mutating func refuse(_ commands: [Command]) {
    for case .request(let request) in commands { _ = request(.failure(Self.closed)) }
  }

  mutating func turn() -> PollLoopWait {
    if isClosing {
      if let broker = session?.broker { watchdog.guarding(broker.fd) { broker.close() } }
      session = nil
      return .finished
    }
    guard let broker = session?.broker else { return .until(deadline: nil, fd: -1, writable: false) }
    do throws(AMQPError) {
      // Heartbeats, and the broker's own farewell.
      while try broker.nextEvent() != nil {}
    } catch {
      session = nil
      return .again
    }
    let deadline = broker.serviceInterval.map { ContinuousClock.now + $0 }
    return .until(deadline: deadline, fd: broker.fd, writable: false)
  }

  private mutating func handle(_ command: Command) {
    switch command {
    case .close: isClosing = true
    case .request(let request):
      let session = connected()
      let failure =
        switch session {
        case .success(let open): watchdog.guarding(open.broker.fd) { request(session) }
        case .failure: request(session)
        }
      if failure != nil { self.session = nil }
    }
  }

  private mutating func connected() -> Result<AdminSession, AMQPError> {
    if let session { return .success(session) }
    return Result { () throws(AMQPError) in
      let broker = try BrokerConnection(
        endpoint, name: name, times: ConnectionTimes(connect: requestTimeout, request: requestTimeout),
        bodyBytesMax: 128 << 20)
      connectionCount += 1
      let opened = AdminSession(broker: broker, epoch: connectionCount, requestTimeout: requestTimeout)
      session = opened
      return opened
    }
  }
}

/// One connection of the admin, on its I/O thread.
struct AdminSession {
  let broker: BrokerConnection
  let epoch: UInt64
  let requestTimeout: Duration

  func get(_ queue: String) throws(AMQPError) -> Delivery? {
    try broker.requestMessage(queue)
    while true {
      switch try broker.nextEvent(within: requestTimeout) {
      case .getEmpty: return nil
      case .content(let content):
        guard case .fetched(let tag, let redelivered, let exchange, let routingKey) = content.head else { continue }
        return Delivery(
          queue: queue, exchange: exchange, routingKey: routingKey, redelivered: redelivered,
          properties: content.properties, body: content.body, tag: tag, epoch: epoch)
      default: continue
      }
    }
  }

  func settle(_ id: DeliveryID, _ verdict: AckCoalescer.Verdict) throws(AMQPError) {
    guard id.epoch == epoch else {
      throw AMQPError(.connection, "the connection that the message came by is gone; it is in its queue again")
    }
    switch verdict {
    case .acknowledge: try broker.settle(.ack(tag: id.tag, multiple: false))
    case .requeue: try broker.settle(.nack(tag: id.tag, requeue: true))
    case .reject: try broker.settle(.nack(tag: id.tag, requeue: false))
    }
  }
}
