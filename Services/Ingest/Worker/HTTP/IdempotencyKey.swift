import Crypto
import HTTP

/// The key of a request, and what it was sent with.
struct IdempotencyKey: Hashable, Sendable {
  let text: String
  /// The same for the same request, whatever the order of its members or its spaces.
  let fingerprint: SHA256Digest

  /// nil when the request has none.
  init?(_ headers: HTTPHeaders, route: String, body: [UInt8]) throws(Problem) {
    guard let text = try IdempotencyKeyHeader.read(headers) else { return nil }
    self.text = text
    fingerprint = SHA256.hash(chunks: [Array(route.utf8), [0], body])
  }
}
