import Crypto
import Domain

/// Signs and verifies messages as Standard Webhooks 1.0.0 says, so that a receiver can use a ready library.
public struct StandardWebhooks: Sendable {
  /// A key that signs. During a rotation there are two: the receiver accepts either.
  public enum SigningKey: Sendable {
    case symmetric(WebhookSecret)
    case asymmetric(Ed25519PrivateKey)
  }

  public enum VerifyingKey: Sendable {
    case symmetric(WebhookSecret)
    case asymmetric(Ed25519PublicKey)
  }

  public enum Rejection: Error, Hashable, Sendable {
    case missingHeader(String)
    case malformedTimestamp
    case tooOld
    case fromTheFuture
    case noMatchingSignature
  }

  /// The three headers of a message.
  public struct Headers: Hashable, Sendable {
    public var id: String
    public var timestamp: String
    public var signature: String

    public init(id: String, timestamp: String, signature: String) {
      self.id = id
      self.timestamp = timestamp
      self.signature = signature
    }

    public var pairs: [(name: String, value: String)] {
      [("webhook-id", id), ("webhook-timestamp", timestamp), ("webhook-signature", signature)]
    }
  }

  /// How far the clocks of sender and receiver may differ, as in the published libraries.
  public static let toleranceSeconds: Int64 = 300

  /// The same id on every attempt is what lets the receiver drop a repeated delivery; the time is that of the attempt.
  public static func sign(id: String, at time: Instant, body: [UInt8], keys: [SigningKey]) -> Headers {
    precondition(
      !id.isEmpty && !id.utf8.contains(UInt8(ascii: ".")), "a dot in the id would make two messages sign alike")
    precondition(!keys.isEmpty, "a message without a signature would be refused")
    let timestamp = String(seconds(time))
    let content = signedContent(id, timestamp, body)
    let signatures = keys.map { key in
      switch key {
      case .symmetric(let secret): "v1," + Base64.encode(HMACSHA256.authenticate(content, key: secret.bytes))
      case .asymmetric(let key): "v1a," + Base64.encode(key.sign(content))
      }
    }
    return Headers(id: id, timestamp: timestamp, signature: signatures.joined(separator: " "))
  }

  /// Accepts when any signature matches any key of its own kind.
  public static func verify(
    _ headers: Headers, body: [UInt8], keys: [VerifyingKey], now: Instant
  ) throws(Rejection) {
    guard !headers.id.isEmpty else { throw .missingHeader("webhook-id") }
    guard !headers.timestamp.isEmpty else { throw .missingHeader("webhook-timestamp") }
    guard !headers.signature.isEmpty else { throw .missingHeader("webhook-signature") }
    guard headers.timestamp.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      headers.timestamp.utf8.count <= 12, let sent = Int64(headers.timestamp)
    else { throw .malformedTimestamp }
    guard sent >= seconds(now) - toleranceSeconds else { throw .tooOld }
    guard sent <= seconds(now) + toleranceSeconds else { throw .fromTheFuture }
    let content = signedContent(headers.id, headers.timestamp, body)
    // A receiver's cost is bounded whatever the header holds.
    let signatures = headers.signature.split(separator: " ").prefix(16)
    for signature in signatures where keys.contains(where: { matches(signature, $0, content) }) { return }
    throw .noMatchingSignature
  }

  private static func matches(_ signature: Substring, _ key: VerifyingKey, _ content: [UInt8]) -> Bool {
    let parts = signature.split(separator: ",", maxSplits: 1)
    guard parts.count == 2, let bytes = Base64.decode(String(parts[1])) else { return false }
    switch key {
    case .symmetric(let secret): return parts[0] == "v1" && HMACSHA256.verify(bytes, for: content, key: secret.bytes)
    case .asymmetric(let key): return parts[0] == "v1a" && key.verify(bytes, for: content)
    }
  }

  private static func signedContent(_ id: String, _ timestamp: String, _ body: [UInt8]) -> [UInt8] {
    Array("\(id).\(timestamp).".utf8) + body
  }

  private static func seconds(_ time: Instant) -> Int64 {
    let (quotient, remainder) = time.microseconds.quotientAndRemainder(dividingBy: 1_000_000)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
