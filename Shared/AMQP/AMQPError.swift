/// A failure of the connection, or an answer of the broker that says no.
public struct AMQPError: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Kind: Sendable, Equatable {
    /// The endpoint's text is not an AMQP URL.
    case invalidEndpoint
    /// Nobody answers, or the connection broke.
    case connection
    /// The TLS handshake failed, or the broker's certificate did not verify.
    case tls
    /// Wrong user, password or virtual host.
    case authentication
    /// The broker answered with an exception; see `replyCode`.
    case refusedByBroker
    /// The broker cancelled the consumer: its queue was deleted or moved.
    case consumerCancelled
    /// No answer in time, or missed heartbeats.
    case timeout
    /// The broker sent what this client does not understand.
    case protocolViolation
    /// Closed by this side.
    case closed
  }

  public let kind: Kind
  public let description: String
  /// AMQP reply code, such as 404 or 406, where the broker gave one.
  public let replyCode: Int?

  public init(_ kind: Kind, _ description: String, replyCode: Int? = nil) {
    self.kind = kind
    self.description = description
    self.replyCode = replyCode
  }

  /// Whether the same call can succeed later without anybody changing anything.
  public var isRetriable: Bool {
    switch kind {
    case .connection, .timeout, .consumerCancelled: true
    // 320 forced by an operator, 541 internal: both pass. 404, 406 and the like need a change of topology.
    case .refusedByBroker: replyCode == 320 || replyCode == 541
    case .invalidEndpoint, .tls, .authentication, .protocolViolation, .closed: false
    }
  }
}
