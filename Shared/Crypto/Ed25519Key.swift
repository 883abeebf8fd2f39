import COpenSSL

/// Owns one libcrypto key.
///
/// `@unchecked Sendable`: an `EVP_PKEY` is not changed after it is made, and libcrypto lets threads share it; each
/// signature and verification has its own context.
final class Ed25519Key: @unchecked Sendable {
  let pointer: OpaquePointer

  /// Takes ownership.
  init(_ pointer: OpaquePointer) {
    self.pointer = pointer
  }

  deinit { EVP_PKEY_free(pointer) }

  func rawBytes(
    _ read: (OpaquePointer?, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<Int>?) -> Int32
  ) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 32)
    var count = bytes.count
    let result = read(pointer, &bytes, &count)
    precondition(result == 1 && count == 32, "an Ed25519 key has 32 raw bytes")
    return bytes
  }

  /// Text written by one of libcrypto's PEM writers.
  func pem(_ write: (OpaquePointer, OpaquePointer) -> Int32) -> String {
    guard let memory = BIO_new(BIO_s_mem()) else { fatalError("libcrypto is out of memory") }
    defer { BIO_free(memory) }
    let written = write(memory, pointer)
    precondition(written == 1, "writing a key to memory cannot fail")
    var bytes = [UInt8](repeating: 0, count: Int(BIO_ctrl_pending(memory)))
    let count = BIO_read(memory, &bytes, Int32(bytes.count))
    precondition(Int(count) == bytes.count, "reading back from memory cannot fail")
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The key in a PEM text, if it is one and is an Ed25519 key.
  static func read(pem: String, _ read: (OpaquePointer) -> OpaquePointer?) -> Ed25519Key? {
    let bytes = Array(pem.utf8)
    return bytes.withUnsafeBytes { buffer in
      guard let memory = BIO_new_mem_buf(buffer.baseAddress, Int32(buffer.count)) else { return nil }
      defer { BIO_free(memory) }
      guard let pointer = read(memory) else { return nil }
      let key = Ed25519Key(pointer)
      return EVP_PKEY_get_id(pointer) == EVP_PKEY_ED25519 ? key : nil
    }
  }
}
