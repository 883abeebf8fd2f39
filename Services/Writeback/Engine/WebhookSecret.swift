import Crypto

/// A shared secret of 24 to 64 bytes, written `whsec_` and base 64. It never shows in text.
public struct WebhookSecret: Sendable {
  public static let prefix = "whsec_"
  public static let byteCounts = 24...64

  let bytes: [UInt8]

  public init?(_ serialized: String) {
    guard serialized.hasPrefix(WebhookSecret.prefix),
      let bytes = Base64.decode(String(serialized.dropFirst(WebhookSecret.prefix.count)))
    else { return nil }
    self.init(bytes: bytes)
  }

  public init?(bytes: [UInt8]) {
    guard WebhookSecret.byteCounts.contains(bytes.count) else { return nil }
    self.bytes = bytes
  }

  public static func generate() -> WebhookSecret { WebhookSecret(unchecked: SecureRandom.bytes(32)) }

  private init(unchecked bytes: [UInt8]) { self.bytes = bytes }

  /// What the receiver is given, once.
  public var serialized: String { WebhookSecret.prefix + Base64.encode(bytes) }
}

extension WebhookSecret: CustomStringConvertible, CustomReflectable {
  public var description: String { "WebhookSecret(redacted)" }
  public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Ed25519PrivateKey {
  /// The seed as `whsk_` and base 64.
  public init?(webhookKey serialized: String) {
    guard serialized.hasPrefix("whsk_"), let bytes = Base64.decode(String(serialized.dropFirst(5))),
      let key = try? Ed25519PrivateKey(rawBytes: Array(bytes.prefix(32))), bytes.count == 32 || bytes.count == 64
    else { return nil }
    // Some tools write seed and public key together; a pair that does not belong together is refused.
    if bytes.count == 64, key.publicKey.rawBytes != Array(bytes.suffix(32)) { return nil }
    self = key
  }

  public var webhookKey: String { "whsk_" + Base64.encode(rawBytes) }
}

extension Ed25519PublicKey {
  public init?(webhookKey serialized: String) {
    guard serialized.hasPrefix("whpk_"), let bytes = Base64.decode(String(serialized.dropFirst(5))),
      let key = try? Ed25519PublicKey(rawBytes: bytes)
    else { return nil }
    self = key
  }

  public var webhookKey: String { "whpk_" + Base64.encode(rawBytes) }
}
