import Glibc

/// The server's thread: it moves bytes between sockets and `ServerConnection`s, and starts the tasks that handle
/// requests. Everything here is touched by that thread alone.
final class ServerLoop {
  private final class Connection {
    let descriptor: Int32
    var state: ServerConnection
    var interest: Epoll.Interest
    var bodyBytesHeld = 0
    var handler: Task<Void, Never>?
    /// A stream that waits for room.
    var waitingForRoom: CheckedContinuation<Bool, Never>?

    init(descriptor: Int32, state: ServerConnection, interest: Epoll.Interest) {
      self.descriptor = descriptor
      self.state = state
      self.interest = interest
    }
  }

  private static let listenerToken: UInt64 = 0
  private static let mailboxToken: UInt64 = 1
  private static let acceptsPerTurn = 64
  private static let exhaustedPause = Duration.milliseconds(100)
  private static let busyAnswer = Array(
    "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nretry-after: 1\r\nconnection: close\r\n\r\n".utf8)

  private let listener: ListeningSocket
  private let mailbox: ServerMailbox
  private let limits: HTTPLimits
  private let handler: @Sendable (HTTPRequest) async -> HTTPResponse

  private var epoll = Epoll()
  private var connections: [UInt64: Connection] = [:]
  private var nextToken: UInt64 = 2
  private var readBuffer = [UInt8](repeating: 0, count: 65_536)
  private var bodyBytesHeld = 0
  /// No deadline is earlier than this.
  private var nextSweep: ContinuousClock.Instant?
  private var acceptsAgainAt: ContinuousClock.Instant?
  private var now = ServerConnection.Moment(instant: .now, date: "")
  private var dateSecond = 0
  private var stopWaiters: [CheckedContinuation<Void, Never>] = []
  private var stopDeadline: ContinuousClock.Instant?
  private var isStopping: Bool { stopDeadline != nil }

  init(
    listener: ListeningSocket, mailbox: ServerMailbox, limits: HTTPLimits,
    handler: @escaping @Sendable (HTTPRequest) async -> HTTPResponse
  ) {
    self.listener = listener
    self.mailbox = mailbox
    self.limits = limits
    self.handler = handler
  }

  func run() {
    epoll.add(listener.descriptor, .read, token: Self.listenerToken)
    epoll.add(mailbox.wakeDescriptor, .read, token: Self.mailboxToken)
    while !isStopping || !connections.isEmpty {
      var ready: [(UInt64, Epoll.Interest)] = []
      epoll.wait(milliseconds: waitMilliseconds()) { ready.append(($0, $1)) }
      updateNow()
      for (token, interest) in ready {
        switch token {
        // Once it is closed its number may be another's.
        case Self.listenerToken: if !isStopping { acceptConnections() }
        case Self.mailboxToken: receiveMessages()
        default: serve(token, interest)
        }
      }
      sweep()
    }
    mailbox.close()
    for waiter in stopWaiters { waiter.resume() }
  }

  // MARK: Time

  private func updateNow() {
    let second = time(nil)
    let date = second == dateSecond ? now.date : ResponseWriter.date(secondsSince1970: second)
    dateSecond = second
    now = ServerConnection.Moment(instant: .now, date: date)
  }

  private func waitMilliseconds() -> Int32? {
    guard let next = [nextSweep, acceptsAgainAt, stopDeadline].compactMap({ $0 }).min() else { return nil }
    let (seconds, attoseconds) = (next - .now).components
    // Rounded up, or the loop would spin through the last fraction.
    return Int32(clamping: max(0, seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1))
  }

  /// Finds the deadlines that have passed. Deadlines mostly move away before they come, so they are not kept sorted.
  private func sweep() {
    if let acceptsAgainAt, acceptsAgainAt <= now.instant {
      self.acceptsAgainAt = nil
      if !isStopping { epoll.change(listener.descriptor, .read, token: Self.listenerToken) }
    }
    if let stopDeadline, stopDeadline <= now.instant {
      for (token, connection) in connections { close(token, connection) }
    }
    guard let nextSweep, nextSweep <= now.instant else { return }
    self.nextSweep = nil
    for (token, connection) in connections {
      if let deadline = connection.state.deadline, deadline <= now.instant {
        perform(connection.state.deadlinePassed(now: now), token, connection)
        settle(token, connection)
      } else {
        noteDeadline(connection)
      }
    }
  }

  private func noteDeadline(_ connection: Connection) {
    guard let deadline = connection.state.deadline else { return }
    nextSweep = min(nextSweep ?? deadline, deadline)
  }

  // MARK: Connections

  private func acceptConnections() {
    for _ in 0..<Self.acceptsPerTurn {
      switch listener.accept() {
      case .none: return
      case .exhausted:
        // The listener stays readable, so watching it now would spin.
        epoll.change(listener.descriptor, [], token: Self.listenerToken)
        acceptsAgainAt = now.instant + Self.exhaustedPause
        return
      case .connection(let descriptor, let remoteAddress):
        if connections.count >= limits.connections {
          _ = Self.busyAnswer.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
          Glibc.close(descriptor)
        } else {
          open(descriptor, remoteAddress)
        }
      }
    }
  }

  private func open(_ descriptor: Int32, _ remoteAddress: String) {
    let token = nextToken
    nextToken += 1
    let state = ServerConnection(limits: limits, remoteAddress: remoteAddress, now: now)
    let connection = Connection(descriptor: descriptor, state: state, interest: [.read, .peerClosed])
    connections[token] = connection
    epoll.add(descriptor, connection.interest, token: token)
    noteDeadline(connection)
  }

  private func close(_ token: UInt64, _ connection: Connection) {
    guard connections.removeValue(forKey: token) != nil else { return }
    connection.handler?.cancel()
    connection.waitingForRoom?.resume(returning: false)
    connection.waitingForRoom = nil
    bodyBytesHeld -= connection.bodyBytesHeld
    Glibc.close(connection.descriptor)
  }

  private func serve(_ token: UInt64, _ ready: Epoll.Interest) {
    // It may have been closed by an earlier event of this turn.
    guard let connection = connections[token] else { return }
    if !ready.isDisjoint(with: .failed) {
      close(token, connection)
      return
    }
    if ready.contains(.read), connection.state.wantsToRead { read(token, connection) }
    if connections[token] != nil { watchLess(ready, token, connection) }
    settle(token, connection)
  }

  /// Readiness that cannot be used now would be reported again and again.
  private func watchLess(_ ready: Epoll.Interest, _ token: UInt64, _ connection: Connection) {
    var interest = connection.interest
    if ready.contains(.read), !connection.state.wantsToRead { interest.remove(.read) }
    if ready.contains(.peerClosed) { interest.remove(.peerClosed) }
    if interest != connection.interest {
      connection.interest = interest
      epoll.change(connection.descriptor, interest, token: token)
    }
    if ready.contains(.peerClosed) { perform(connection.state.peerClosed(), token, connection) }
  }

  private func read(_ token: UInt64, _ connection: Connection) {
    let count = readBuffer.withUnsafeMutableBytes { recv(connection.descriptor, $0.baseAddress, $0.count, 0) }
    if count > 0 {
      let actions = readBuffer.withUnsafeBytes { bytes in
        connection.state.received(UnsafeRawBufferPointer(rebasing: bytes[..<count]), now: now)
      }
      perform(actions, token, connection)
    } else if count == 0 {
      perform(connection.state.receivedEnd(now: now), token, connection)
    } else if errno != EAGAIN && errno != EINTR {
      close(token, connection)
    }
  }

  /// Brings the outside in line with the state after each event: bytes sent, interest, room for streams, memory.
  private func settle(_ token: UInt64, _ connection: Connection) {
    guard connections[token] != nil else { return }
    countBodyBytes(connection)
    if bodyBytesHeld > limits.bodyBytesOfAll {
      perform(connection.state.refuseForMemory(now: now), token, connection)
      countBodyBytes(connection)
    }
    send(token, connection)
    guard connections[token] != nil else { return }
    if connection.state.wantsChunks, let waiting = connection.waitingForRoom {
      connection.waitingForRoom = nil
      waiting.resume(returning: true)
    }
    var interest = connection.interest
    if connection.state.wantsToRead { interest.insert(.read) }
    if connection.state.unsent.isEmpty { interest.remove(.write) } else { interest.insert(.write) }
    if interest != connection.interest {
      connection.interest = interest
      epoll.change(connection.descriptor, interest, token: token)
    }
    noteDeadline(connection)
  }

  private func countBodyBytes(_ connection: Connection) {
    bodyBytesHeld += connection.state.bodyBytesHeld - connection.bodyBytesHeld
    connection.bodyBytesHeld = connection.state.bodyBytesHeld
  }

  private func send(_ token: UInt64, _ connection: Connection) {
    while connections[token] != nil, !connection.state.unsent.isEmpty {
      let count = connection.state.unsent.withUnsafeBytes {
        Glibc.send(connection.descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count < 0 {
        if errno == EINTR { continue }
        if errno != EAGAIN { close(token, connection) }
        return
      }
      perform(connection.state.sent(count, now: now), token, connection)
    }
  }

  // MARK: Handlers

  private func perform(_ actions: [ServerConnection.Action], _ token: UInt64, _ connection: Connection) {
    for action in actions {
      switch action {
      case .handle(let request):
        connection.handler = Task { [mailbox, handler] in
          mailbox.post(.responded(connection: token, await handler(request)))
        }
      case .cancelHandler: connection.handler?.cancel()
      case .pump(let stream):
        connection.handler = Task { [mailbox] in
          for await chunk in stream {
            guard await mailbox.send(chunk, to: token) else { return }
          }
          mailbox.post(.streamEnded(connection: token))
        }
      case .shutdownSending: shutdown(connection.descriptor, Int32(SHUT_WR))
      case .close: close(token, connection)
      }
    }
  }

  private func receiveMessages() {
    for message in mailbox.take() {
      switch message {
      case .responded(let token, let response):
        guard let connection = connections[token] else { continue }
        perform(connection.state.responded(response, now: now), token, connection)
        settle(token, connection)
      case .chunk(let token, let bytes, let continuation):
        guard let connection = connections[token] else {
          continuation.resume(returning: false)
          continue
        }
        connection.state.streamed(bytes, now: now)
        connection.waitingForRoom = continuation
        settle(token, connection)
      case .streamEnded(let token):
        guard let connection = connections[token] else { continue }
        perform(connection.state.streamEnded(now: now), token, connection)
        settle(token, connection)
      case .stop(let continuation): stop(continuation)
      }
    }
  }

  private func stop(_ continuation: CheckedContinuation<Void, Never>?) {
    if let continuation { stopWaiters.append(continuation) }
    guard stopDeadline == nil else { return }
    stopDeadline = now.instant + limits.stopTimeout
    acceptsAgainAt = nil
    // Closing also takes it out of the epoll set.
    Glibc.close(listener.descriptor)
    for (token, connection) in connections {
      perform(connection.state.stop(now: now), token, connection)
      settle(token, connection)
    }
  }
}
