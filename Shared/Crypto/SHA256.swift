import COpenSSL

/// SHA-256 by libcrypto.
public enum SHA256 {
  public static func hash(_ bytes: [UInt8]) -> SHA256Digest {
    bytes.withUnsafeBytes { hash($0) }
  }

  public static func hash(_ bytes: UnsafeRawBufferPointer) -> SHA256Digest {
    var hasher = SHA256Hasher()
    hasher.update(bytes)
    return hasher.finish()
  }

  /// The hash of the UTF-8 bytes.
  public static func hash(_ text: String) -> SHA256Digest {
    var text = text
    return text.withUTF8 { hash(UnsafeRawBufferPointer($0)) }
  }

  /// The hash of the chunks one after another, without joining them.
  public static func hash(chunks: [[UInt8]]) -> SHA256Digest {
    var hasher = SHA256Hasher()
    for chunk in chunks { hasher.update(chunk) }
    return hasher.finish()
  }
}

/// A SHA-256 computation in progress.
public struct SHA256Hasher: ~Copyable {
  private let context: OpaquePointer

  public init() {
    guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex2(context, SHA256Algorithm.fetched, nil) == 1 else {
      fatalError("libcrypto cannot compute SHA-256")
    }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  public mutating func update(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { update($0) }
  }

  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    let updated = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    precondition(updated == 1, "SHA-256 over bytes in memory cannot fail")
  }

  public consuming func finish() -> SHA256Digest {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: SHA256Digest.byteCount) { buffer in
      let finished = EVP_DigestFinal_ex(context, buffer.baseAddress, nil)
      precondition(finished == 1, "SHA-256 over bytes in memory cannot fail")
      return SHA256Digest(rawBytes: UnsafeRawBufferPointer(buffer))
    }
  }
}

/// Looked up once: a lookup for each hash would cost more than the hash of a small message.
enum SHA256Algorithm {
  // Immutable after the fetch, and libcrypto shares it between threads.
  nonisolated(unsafe) static let fetched: OpaquePointer = {
    guard let algorithm = EVP_MD_fetch(nil, "SHA256", nil) else { fatalError("libcrypto has no SHA-256") }
    return algorithm
  }()
}
