import Glibc
import IOThread

/// Blocks its own thread until a notification, the end of the connection or the stop signal arrives.
actor ListenerConnection {
  private nonisolated let executor = ThreadExecutor()
  private let configuration: PostgresConfiguration
  private let channels: [String]
  private let stopSignal: WakeSignal
  private let onEvent: @Sendable (PostgresListener.Event) -> Void

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(
    _ configuration: PostgresConfiguration, channels: [String], stopSignal: WakeSignal,
    onEvent: @escaping @Sendable (PostgresListener.Event) -> Void
  ) {
    self.configuration = configuration
    self.channels = channels
    self.stopSignal = stopSignal
    self.onEvent = onEvent
  }

  deinit { executor.stop() }

  func run() {
    var failuresInRow = 0
    while true {
      if let session = try? listen() {
        failuresInRow = 0
        onEvent(.reconnected)
        if forward(session) == .stopped { return }
      }
      failuresInRow += 1
      let pause = PoolStateMachine.backoff(failuresInRow: failuresInRow, jitter: .random(in: 0...1))
      if stopSignal.wait(for: pause) { return }
    }
  }

  private func listen() throws(PostgresError) -> Session {
    let session = try Session(configuration)
    for channel in channels {
      try session.simple("LISTEN \(SQL.quoted(identifier: channel))", statement: "LISTEN")
    }
    return session
  }

  private enum Ending { case stopped, connectionLost }

  private func forward(_ session: Session) -> Ending {
    while true {
      while let (channel, payload) = session.nextNotification() {
        onEvent(.notification(channel: channel, payload: payload))
      }
      var descriptors = [
        pollfd(fd: session.socket, events: Int16(POLLIN), revents: 0),
        pollfd(fd: stopSignal.descriptor, events: Int16(POLLIN), revents: 0),
      ]
      let ready = poll(&descriptors, 2, -1)
      if ready < 0 && errno == EINTR { continue }
      if descriptors[1].revents != 0 { return .stopped }
      guard session.consumeInput(), !session.isBroken else { return .connectionLost }
    }
  }
}
