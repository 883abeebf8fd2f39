/// Why there is no answer.
public enum HTTPClientError: Error, Hashable, Sendable {
  /// The request cannot be sent by anyone.
  case invalidRequest(String)
  /// Every address of the host is one that the policy refuses.
  case refusedByPolicy(String)
  case resolve(String)
  case connect(String)
  case tls(String)
  case timeout(requestSent: Bool)
  /// The connection broke.
  case interrupted(String, requestSent: Bool)
  /// The answer is larger than was asked for. The request was received.
  case tooLarge
  case cancelled(requestSent: Bool)

  /// Whether the other side may have acted on the request. Without this it is safe to send it again.
  public var mayHaveBeenProcessed: Bool {
    switch self {
    case .invalidRequest, .refusedByPolicy, .resolve, .connect, .tls: false
    case .timeout(let sent), .interrupted(_, let sent), .cancelled(let sent): sent
    case .tooLarge: true
    }
  }
}
