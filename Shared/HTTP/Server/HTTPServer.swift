import Glibc
import Synchronization

/// An HTTP/1.1 server: one thread for all connections, and a task for each request.
///
/// A handler's task is cancelled when its client goes away or when it takes too long.
public final class HTTPServer: Sendable {
  private enum Phase {
    case bound, running, stopped
  }

  /// The port that is listened on, also when 0 was asked for.
  public let port: Int

  private let listener: ListeningSocket
  private let mailbox = ServerMailbox()
  private let limits: HTTPLimits
  private let handler: @Sendable (HTTPRequest) async -> HTTPResponse
  private let phase = Mutex(Phase.bound)

  /// Listens at once, so that a port in use is known before anything starts. Port 0 means any.
  public init(
    host: String, port: Int, limits: HTTPLimits = HTTPLimits(),
    handler: @escaping @Sendable (HTTPRequest) async -> HTTPResponse
  ) throws(HTTPServerError) {
    listener = try ListeningSocket(host: host, port: port)
    self.port = listener.port
    self.limits = limits
    self.handler = handler
  }

  deinit {
    switch phase.withLock({ $0 }) {
    case .bound: Glibc.close(listener.descriptor)
    case .running: mailbox.post(.stop(nil))
    case .stopped: break
    }
  }

  /// Begins to answer.
  public func start() {
    let isFirst = phase.withLock { phase in
      guard phase == .bound else { return false }
      phase = .running
      return true
    }
    guard isFirst else { return }
    DedicatedThread.start(named: "http-server") { [listener, mailbox, limits, handler] in
      ServerLoop(listener: listener, mailbox: mailbox, limits: limits, handler: handler).run()
    }
  }

  /// Takes no new requests, answers those in progress, and returns when all connections are closed.
  public func stop() async {
    let before = phase.withLock { phase in
      let before = phase
      phase = .stopped
      return before
    }
    switch before {
    case .bound: Glibc.close(listener.descriptor)
    case .running, .stopped: await withCheckedContinuation { mailbox.post(.stop($0)) }
    }
  }
}
