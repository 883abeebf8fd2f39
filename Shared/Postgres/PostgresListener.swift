import IOThread

/// Listens for NOTIFY on a connection of its own, and reconnects for as long as it is open.
///
/// A notification is a hint that there is work, never the work itself: equal pending ones are merged, and they get lost
/// while the connection is down. So look for work yourself after every `.reconnected`, and poll now and then.
public final class PostgresListener: Sendable {
  public enum Event: Sendable, Hashable {
    case notification(channel: String, payload: String)
    /// Listening has begun, again or for the first time, or pending notifications overflowed: some may be missing.
    case reconnected
  }

  /// For one consumer.
  public let notifications: AsyncStream<Event>

  private let stopSignal = WakeSignal()
  private let run: Task<Void, Never>
  private let queue: NotificationQueue

  public init(_ configuration: PostgresConfiguration, channels: [String]) {
    let queue = NotificationQueue(pendingMax: 1024)
    let connection = ListenerConnection(
      configuration, channels: channels, stopSignal: stopSignal, onEvent: { queue.push($0) })
    self.queue = queue
    notifications = AsyncStream { await queue.next() }
    run = Task.detached { await connection.run() }
  }

  deinit { stopSignal.raise() }

  /// Ends the stream, and returns when the connection is closed.
  public func close() async {
    queue.finish()
    stopSignal.raise()
    await run.value
  }
}
