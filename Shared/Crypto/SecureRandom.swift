import COpenSSL

/// Random bytes for keys, tokens and salts.
public enum SecureRandom {
  public static func bytes(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      // Going on without randomness would make guessable tokens.
      guard count == 0 || RAND_bytes(buffer.baseAddress, Int32(count)) == 1 else {
        fatalError("the system has no randomness to give")
      }
      initialized = count
    }
  }
}
