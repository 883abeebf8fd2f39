import COpenSSL

/// A key that verifies (RFC 8032).
public struct Ed25519PublicKey: Hashable, Sendable {
  public let rawBytes: [UInt8]
  private let key: Ed25519Key

  public init(rawBytes: [UInt8]) throws(CryptoError) {
    guard rawBytes.count == 32,
      let pointer = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, rawBytes, rawBytes.count)
    else { throw .invalidKey("an Ed25519 public key has 32 bytes") }
    self.rawBytes = rawBytes
    key = Ed25519Key(pointer)
  }

  /// SubjectPublicKeyInfo in PEM.
  public init(pem: String) throws(CryptoError) {
    guard let read = Ed25519Key.read(pem: pem, { PEM_read_bio_PUBKEY($0, nil, nil, nil) }) else {
      throw .invalidKey("the text is not a PEM Ed25519 public key")
    }
    rawBytes = read.rawBytes(EVP_PKEY_get_raw_public_key)
    key = read
  }

  public var pem: String { key.pem { PEM_write_bio_PUBKEY($0, $1) } }

  public func verify(_ signature: [UInt8], for bytes: [UInt8]) -> Bool {
    guard let context = EVP_MD_CTX_new() else { fatalError("libcrypto is out of memory") }
    defer { EVP_MD_CTX_free(context) }
    return EVP_DigestVerifyInit(context, nil, nil, nil, key.pointer) == 1
      && EVP_DigestVerify(context, signature, signature.count, bytes, bytes.count) == 1
  }

  public static func == (a: Self, b: Self) -> Bool { a.rawBytes == b.rawBytes }
  public func hash(into hasher: inout Hasher) { hasher.combine(rawBytes) }
}
