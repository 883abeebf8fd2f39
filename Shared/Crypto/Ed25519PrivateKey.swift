import COpenSSL

/// A key that signs (RFC 8032).
public struct Ed25519PrivateKey: Sendable {
  private let key: Ed25519Key

  public static func generate() -> Ed25519PrivateKey {
    let seed = SecureRandom.bytes(32)
    guard let pointer = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, seed.count) else {
      fatalError("libcrypto has no Ed25519")
    }
    return Ed25519PrivateKey(key: Ed25519Key(pointer))
  }

  private init(key: Ed25519Key) {
    self.key = key
  }

  /// The 32-byte seed.
  public init(rawBytes: [UInt8]) throws(CryptoError) {
    guard rawBytes.count == 32,
      let pointer = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, rawBytes, rawBytes.count)
    else { throw .invalidKey("an Ed25519 private key has 32 bytes") }
    key = Ed25519Key(pointer)
  }

  /// PKCS #8 in PEM, not encrypted.
  public init(pem: String) throws(CryptoError) {
    // Without a passphrase callback libcrypto would ask at the terminal.
    let read = Ed25519Key.read(pem: pem) { PEM_read_bio_PrivateKey($0, nil, { _, _, _, _ in -1 }, nil) }
    guard let read else { throw .invalidKey("the text is not an unencrypted PEM Ed25519 private key") }
    key = read
  }

  public var rawBytes: [UInt8] { key.rawBytes(EVP_PKEY_get_raw_private_key) }

  public var pem: String {
    key.pem { PEM_write_bio_PKCS8PrivateKey($0, $1, nil, nil, 0, nil, nil) }
  }

  public var publicKey: Ed25519PublicKey {
    guard let publicKey = try? Ed25519PublicKey(rawBytes: key.rawBytes(EVP_PKEY_get_raw_public_key)) else {
      fatalError("a private key has a public key")
    }
    return publicKey
  }

  public func sign(_ bytes: [UInt8]) -> [UInt8] {
    guard let context = EVP_MD_CTX_new() else { fatalError("libcrypto is out of memory") }
    defer { EVP_MD_CTX_free(context) }
    var signature = [UInt8](repeating: 0, count: 64)
    var count = signature.count
    let signed =
      EVP_DigestSignInit(context, nil, nil, nil, key.pointer) == 1
      && EVP_DigestSign(context, &signature, &count, bytes, bytes.count) == 1
    precondition(signed && count == 64, "signing with a valid key cannot fail")
    return signature
  }
}

extension Ed25519PrivateKey: CustomStringConvertible, CustomReflectable {
  public var description: String { "Ed25519PrivateKey(redacted)" }
  public var customMirror: Mirror { Mirror(self, children: []) }
}
