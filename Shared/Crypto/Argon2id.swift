import CArgon2

/// Password hashing (RFC 9106) by libargon2. Slow by intent, so never call it on a thread that others wait for.
public enum Argon2id {
  public struct Cost: Hashable, Sendable {
    public var memoryKiB: UInt32
    public var passes: UInt32
    public var lanes: UInt32

    public init(memoryKiB: UInt32, passes: UInt32, lanes: UInt32) {
      self.memoryKiB = memoryKiB
      self.passes = passes
      self.lanes = lanes
    }

    /// OWASP Password Storage Cheat Sheet: 19 MiB, two passes, one lane.
    public static let standard = Cost(memoryKiB: 19_456, passes: 2, lanes: 1)
  }

  /// The hash as a PHC string, with a fresh salt and the cost inside.
  public static func hash(_ password: String, cost: Cost = .standard) -> String {
    hash(password, salt: SecureRandom.bytes(16), cost: cost)
  }

  static func hash(_ password: String, salt: [UInt8], cost: Cost, byteCount: Int = 32) -> String {
    let passwordBytes = Array(password.utf8)
    let capacity = argon2_encodedlen(
      cost.passes, cost.memoryKiB, cost.lanes, UInt32(salt.count), UInt32(byteCount), Argon2_id)
    var encoded = [CChar](repeating: 0, count: capacity)
    let result = argon2id_hash_encoded(
      cost.passes, cost.memoryKiB, cost.lanes, passwordBytes, passwordBytes.count, salt, salt.count, byteCount,
      &encoded, capacity)
    guard result == ARGON2_OK.rawValue else {
      fatalError("Argon2id failed: \(String(cString: argon2_error_message(result)))")
    }
    return String(decoding: encoded.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// False for a wrong password and for text that is not an Argon2id hash.
  public static func verify(_ password: String, against encoded: String) -> Bool {
    let passwordBytes = Array(password.utf8)
    return argon2id_verify(encoded, passwordBytes, passwordBytes.count) == ARGON2_OK.rawValue
  }
}
