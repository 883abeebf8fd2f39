import IOThread

/// What the publisher's I/O thread does: connect, send within the window, match confirms, give up in time.
struct PublisherService: PollLoopService {
  typealias Instant = ContinuousClock.Instant

  struct Submission: Sendable {
    let messages: [OutgoingMessage]
    let continuation: CheckedContinuation<[PublishOutcome], Never>

    func refuse() { continuation.resume(returning: Array(repeating: .unknown, count: messages.count)) }
  }

  enum Command: Sendable {
    case start
    case publish(Submission)
    case close
  }

  private struct Token {
    let batch: PublishBatch
    let index: Int
    var message: OutgoingMessage { batch.messages[index] }
  }

  private let endpoint: AMQPEndpoint
  private let name: String
  private let limits: PublisherLimits
  private let status: ConnectionStatus
  private let watchdog: SendWatchdog

  private var machine = ConnectionStateMachine(random: SystemRandomNumberGenerator())
  private var connection: BrokerConnection?
  private var confirms: PublisherConfirms<Token>
  /// Batches with messages that were not sent yet; and all that have an outcome outstanding.
  private var unsent = FIFO<PublishBatch>()
  private var unfinished: [ObjectIdentifier: PublishBatch] = [:]
  private var unavailableSince = Instant.now
  private var lastProgress = Instant.now
  private var awaitsRoom = false
  private var closeDeadline: Instant?

  init(endpoint: AMQPEndpoint, name: String, limits: PublisherLimits, status: ConnectionStatus) {
    self.endpoint = endpoint
    self.name = name
    self.limits = limits
    self.status = status
    watchdog = SendWatchdog(patience: limits.sendTimeout)
    // Twice the window: one slow confirm at the front does not hold the others up.
    confirms = PublisherConfirms(window: limits.windowMessages * 2)
  }

  mutating func handle(_ commands: [Command]) {
    for command in commands {
      switch command {
      case .start: if closeDeadline == nil { machine.start(now: .now) }
      case .publish(let submission): accept(submission)
      case .close: closeDeadline = closeDeadline ?? .now + limits.patience
      }
    }
  }

  mutating func refuse(_ commands: [Command]) {
    for case .publish(let submission) in commands { submission.refuse() }
  }

  mutating func turn() -> PollLoopWait {
    if let due = machine.nextAttempt, due <= .now { connect() }
    if let connection { exchange(on: connection) }
    giveUp(now: .now)
    if let closeDeadline, unfinished.isEmpty || closeDeadline <= .now || machine.isIdle { return finish() }
    status.value = machine.shown
    return .until(deadline: nextDeadline(), fd: connection?.fd ?? -1, writable: awaitsRoom)
  }

  private mutating func accept(_ submission: Submission) {
    if closeDeadline != nil { return submission.refuse() }
    let batch = PublishBatch(submission.messages, arrived: .now) { submission.continuation.resume(returning: $0) }
    unfinished[ObjectIdentifier(batch)] = batch
    unsent.append(batch)
  }
}

// The connection

extension PublisherService {
  private mutating func connect() {
    status.value = machine.shown
    do throws(AMQPError) {
      let opened = try BrokerConnection(
        endpoint, name: name, times: ConnectionTimes(connect: limits.connectTimeout, request: limits.connectTimeout),
        bodyBytesMax: limits.bodyBytesMax)
      try opened.selectConfirms()
      connection = opened
      machine.opened(now: .now)
      lastProgress = .now
    } catch {
      machine.failed(error, now: .now)
    }
  }

  /// One round of receiving and sending; an error in either drops the connection.
  private mutating func exchange(on connection: BrokerConnection) {
    let failure = watchdog.guarding(connection.fd) { () -> AMQPError? in
      do throws(AMQPError) {
        try receive(from: connection)
        try send(on: connection)
        return nil
      } catch {
        return error
      }
    }
    if let failure { lose(failure) }
  }

  private mutating func lose(_ error: AMQPError) {
    connection = nil
    awaitsRoom = false
    // A blocked connection has been unavailable for longer.
    if !machine.isBlocked { unavailableSince = .now }
    machine.failed(error, now: .now)
    // Before the callers go on: they may look at it.
    status.value = machine.shown
    for token in confirms.connectionLost() { resolve(token, .unknown) }
  }

  private mutating func finish() -> PollLoopWait {
    for batch in unfinished.values { batch.abandon() }
    unfinished = [:]
    if let connection { watchdog.guarding(connection.fd) { connection.close() } }
    connection = nil
    machine.stop()
    status.value = .closed
    return .finished
  }
}

// Messages

extension PublisherService {
  private mutating func receive(from connection: BrokerConnection) throws(AMQPError) {
    var resolutions: [PublisherConfirms<Token>.Resolution] = []
    defer { for resolution in resolutions { resolve(resolution.token, resolution.outcome) } }
    while let event = try connection.nextEvent() {
      switch event {
      case .confirmed(let tag, let multiple, let refused):
        confirms.confirmed(tag: tag, multiple: multiple, refused: refused, into: &resolutions)
        lastProgress = .now
      case .content(let content): noteReturned(content)
      case .blocked(let reason):
        if !machine.isBlocked { unavailableSince = .now }
        machine.blocked(reason: reason)
      case .unblocked:
        machine.unblocked()
        lastProgress = .now
      case .consumerCancelled, .cancelOk, .getEmpty: break
      }
    }
  }

  private mutating func noteReturned(_ content: Content) {
    guard case .returned(let code, let text, let exchange, let routingKey) = content.head else { return }
    _ = confirms.returned(code: code, text: text) { token in
      let message = token.message
      return message.exchange == exchange && message.routingKey == routingKey
        && message.properties.messageID == content.properties.messageID
        && (content.isOversize || message.body == content.body)
    }
  }

  /// Sends while the window and the kernel have room.
  private mutating func send(on connection: BrokerConnection) throws(AMQPError) {
    awaitsRoom = false
    while let batch = unsent.first, !machine.isBlocked {
      guard let message = batch.nextToSend else {
        _ = unsent.popFirst()
        continue
      }
      let token = Token(batch: batch, index: batch.nextIndex)
      guard message.isCarriable(bodyBytesMax: limits.bodyBytesMax) else {
        batch.advance()
        resolve(token, .refused)
        continue
      }
      guard windowHasRoom(for: message.body.count) else { return }
      guard connection.isWritable else {
        awaitsRoom = true
        return
      }
      if confirms.isEmpty { lastProgress = .now }
      batch.advance()
      confirms.sent(token, bytes: message.body.count)
      try connection.publish(message)
    }
  }

  private func windowHasRoom(for bytes: Int) -> Bool {
    confirms.count < limits.windowMessages && confirms.hasRoom
      && (confirms.isEmpty || confirms.bytes + bytes <= limits.windowBytes)
  }

  private mutating func resolve(_ token: Token, _ outcome: PublishOutcome) {
    if token.batch.resolve(token.index, outcome) { unfinished[ObjectIdentifier(token.batch)] = nil }
  }
}

// Deadlines

extension PublisherService {
  private var isAvailable: Bool { machine.isOpen && !machine.isBlocked }

  /// Ends what has waited for too long: batches without a usable connection, and a connection without confirms.
  private mutating func giveUp(now: Instant) {
    if isAvailable {
      if let deadline = confirmDeadline, deadline <= now {
        lose(AMQPError(.timeout, "the broker confirmed nothing for \(limits.confirmTimeout)"))
      }
      return
    }
    for (id, batch) in unfinished where patienceDeadline(of: batch) <= now {
      batch.abandon()
      unfinished[id] = nil
    }
    while let batch = unsent.first, batch.isFinished { _ = unsent.popFirst() }
  }

  private var confirmDeadline: Instant? { confirms.isEmpty ? nil : lastProgress + limits.confirmTimeout }

  private func patienceDeadline(of batch: PublishBatch) -> Instant {
    max(batch.arrived, unavailableSince) + limits.patience
  }

  private func nextDeadline() -> Instant? {
    var deadlines = [machine.nextAttempt, closeDeadline].compactMap { $0 }
    if let interval = connection?.serviceInterval { deadlines.append(.now + interval) }
    if isAvailable {
      if let confirmDeadline { deadlines.append(confirmDeadline) }
    } else {
      deadlines += unfinished.values.map(patienceDeadline(of:))
    }
    return deadlines.min()
  }
}
