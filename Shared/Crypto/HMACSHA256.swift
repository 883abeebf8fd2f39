import COpenSSL

/// HMAC with SHA-256 (RFC 2104) by libcrypto.
public enum HMACSHA256 {
  public static func authenticate(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
    // A null key pointer would mean "the key used before" to libcrypto, so an empty key points at a byte of length 0.
    let keyBytes = key.isEmpty ? [0] : key
    return [UInt8](unsafeUninitializedCapacity: SHA256Digest.byteCount) { output, count in
      let result = HMAC(
        SHA256Algorithm.fetched, keyBytes, Int32(key.count), bytes, bytes.count, output.baseAddress, nil)
      precondition(result != nil, "HMAC over bytes in memory cannot fail")
      count = SHA256Digest.byteCount
    }
  }

  /// Compares in constant time.
  public static func verify(_ code: [UInt8], for bytes: [UInt8], key: [UInt8]) -> Bool {
    constantTimeEquals(code, authenticate(bytes, key: key))
  }
}
