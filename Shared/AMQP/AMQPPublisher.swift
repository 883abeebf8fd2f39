import IOThread

public struct PublisherLimits: Sendable {
  /// Unconfirmed messages on the wire. One at a time reaches about 700 per second, 256 about 32 000.
  public var windowMessages: Int
  /// Unconfirmed bytes on the wire; a single larger message still goes, alone.
  public var windowBytes: Int
  /// Larger messages are refused before they are sent.
  public var bodyBytesMax: Int
  /// How long a publish waits for a connection, or for a blocked one, before the rest of its messages are `unknown`.
  public var patience: Duration
  /// An open connection that confirms nothing for this long, with messages unconfirmed, is dropped.
  public var confirmTimeout: Duration
  /// A send that the kernel does not take for this long loses its connection.
  public var sendTimeout: Duration
  /// For connecting, and again for logging in.
  public var connectTimeout: Duration

  public init(
    windowMessages: Int = 256, windowBytes: Int = 4 << 20, bodyBytesMax: Int = 16 << 20,
    patience: Duration = .seconds(5), confirmTimeout: Duration = .seconds(30), sendTimeout: Duration = .seconds(10),
    connectTimeout: Duration = .seconds(5)
  ) {
    self.windowMessages = windowMessages
    self.windowBytes = windowBytes
    self.bodyBytesMax = bodyBytesMax
    self.patience = patience
    self.confirmTimeout = confirmTimeout
    self.sendTimeout = sendTimeout
    self.connectTimeout = connectTimeout
  }
}

/// Publishes with confirms, `mandatory`, on a connection of its own, and recovers it for ever.
///
/// All I/O runs on one thread that this owns; `publish` may be called from any number of tasks. A failure of the
/// connection never throws: it shows in the outcomes and in `state`.
public final class AMQPPublisher: Sendable {
  private let loop: PollLoop<PublisherService.Command>
  private let status = ConnectionStatus()

  public init(endpoint: AMQPEndpoint, name: String, limits: PublisherLimits = .init()) {
    loop = PollLoop(name: "amqp-publish")
    loop.start { [status] in PublisherService(endpoint: endpoint, name: name, limits: limits, status: status) }
  }

  deinit { _ = loop.submit(.close) }

  /// Connects in the background, and again after every failure until `close`.
  public func start() { _ = loop.submit(.start) }

  /// Publishes in order, window by window, and returns one outcome per message, in the same order, when all are known.
  ///
  /// Cancelling the task does not cut it short: the messages may be on their way already.
  public func publish(_ messages: [OutgoingMessage]) async -> [PublishOutcome] {
    if messages.isEmpty { return [] }
    return await withCheckedContinuation { continuation in
      let submission = PublisherService.Submission(messages: messages, continuation: continuation)
      if !loop.submit(.publish(submission)) { submission.refuse() }
    }
  }

  public var state: ConnectionState { status.value }

  /// Waits for the confirms of what was submitted, at most for the patience, and closes. Later publishes are `unknown`.
  public func close() async {
    _ = loop.submit(.close)
    await loop.finished()
  }
}
