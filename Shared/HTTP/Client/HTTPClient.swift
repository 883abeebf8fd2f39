import Synchronization

/// An HTTP/1.1 client over libcurl. All requests share one thread and its kept-alive connections.
///
/// It follows no redirects and uses no proxy. libcurl itself sends a request again on a new connection when a reused
/// one turns out to have been closed before a byte of the answer came: give requests with effects an idempotency key.
public final class HTTPClient: Sendable {
  private let mailbox: ClientMailbox
  private let nextID = Atomic<UInt64>(0)

  /// `certificateAuthorities` is the path of a PEM file that replaces those of the system.
  public init(
    policy: AddressPolicy = .publicOnly, connectionsPerHost: Int = 16, certificateAuthorities: String? = nil
  ) {
    let mailbox = ClientMailbox(connectionsPerHost: connectionsPerHost)
    self.mailbox = mailbox
    DedicatedThread.start(named: "http-client") {
      ClientLoop(mailbox: mailbox, policy: policy, certificateAuthorities: certificateAuthorities).run()
    }
  }

  deinit { mailbox.post(.stop) }

  public func send(_ request: HTTPClientRequest) async throws(HTTPClientError) -> HTTPClientResponse {
    try Self.check(request)
    if Task.isCancelled { throw .cancelled(requestSent: false) }
    let id = nextID.wrappingAdd(1, ordering: .relaxed).newValue
    let outcome = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        mailbox.post(.begin(id, request, continuation))
        // A cancellation from just before found nothing to cancel.
        if Task.isCancelled { mailbox.post(.cancel(id)) }
      }
    } onCancel: {
      mailbox.post(.cancel(id))
    }
    return try outcome.get()
  }

  /// libcurl writes methods and headers as they are, so what would change the framing is refused here.
  private static func check(_ request: HTTPClientRequest) throws(HTTPClientError) {
    guard request.headers.areWellFormed else { throw .invalidRequest("A header is not well-formed.") }
    guard !request.method.rawValue.isEmpty, request.method.rawValue.utf8.allSatisfy(\.isHTTPToken) else {
      throw .invalidRequest("The method is not a token.")
    }
    guard request.url.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
      throw .invalidRequest("The URL is not visible ASCII.")
    }
    let framing = ["content-length", "transfer-encoding", "connection", "host"]
    guard !framing.contains(where: request.headers.contains) else {
      throw .invalidRequest("\(framing.joined(separator: ", ")) are set by the client itself.")
    }
  }
}
