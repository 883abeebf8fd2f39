import COpenSSL

/// A public key that others sign with, of the two kinds that every provider of sign-in has: RSA with PKCS #1 v1.5, and ECDSA on
/// P-256, both over SHA-256.
///
/// `@unchecked Sendable`: an `EVP_PKEY` is not changed after it is made, and libcrypto lets threads share it; each
/// verification has its own context.
public final class SignatureKey: @unchecked Sendable {
  public enum Kind: Sendable { case rsa, p256 }

  public let kind: Kind
  private let pointer: OpaquePointer

  /// Shorter ones can be broken (NIST SP 800-131A); longer ones only cost time.
  private static let rsaBits = 2048...8192

  /// Unsigned, the first byte the weightiest.
  public init(rsaModulus modulus: [UInt8], exponent: [UInt8]) throws(CryptoError) {
    guard modulus.count <= SignatureKey.rsaBits.upperBound / 8, (1...8).contains(exponent.count),
      let pointer = SignatureKey.rsa(modulus, exponent)
    else { throw .invalidKey("these numbers make no RSA key") }
    self.pointer = pointer
    kind = .rsa
    guard SignatureKey.rsaBits.contains(Int(EVP_PKEY_get_bits(pointer))) else {
      throw .invalidKey("an RSA key has 2048 bits or more")
    }
  }

  /// The coordinates of a point on the curve.
  public init(p256X x: [UInt8], y: [UInt8]) throws(CryptoError) {
    guard x.count == 32, y.count == 32, let pointer = SignatureKey.p256(x + y) else {
      throw .invalidKey("these are no coordinates of a point on P-256")
    }
    self.pointer = pointer
    kind = .p256
  }

  deinit { EVP_PKEY_free(pointer) }

  /// - Parameter signature: of ECDSA the two numbers of 32 bytes one after another (RFC 7518, 3.4).
  public func verify(_ signature: [UInt8], for bytes: [UInt8]) -> Bool {
    switch kind {
    case .rsa: verify(encoded: signature, bytes)
    case .p256: SignatureKey.der(signature).map { verify(encoded: $0, bytes) } ?? false
    }
  }

  private func verify(encoded signature: [UInt8], _ bytes: [UInt8]) -> Bool {
    guard let context = EVP_MD_CTX_new() else { fatalError("libcrypto is out of memory") }
    defer { EVP_MD_CTX_free(context) }
    return EVP_DigestVerifyInit(context, nil, SHA256Algorithm.fetched, nil, pointer) == 1
      && EVP_DigestVerify(context, signature, signature.count, bytes, bytes.count) == 1
  }

  // MARK: Making

  private static func rsa(_ modulus: [UInt8], _ exponent: [UInt8]) -> OpaquePointer? {
    rsa_public_key(modulus, Int32(modulus.count), exponent, Int32(exponent.count))
  }

  /// libcrypto refuses a point that is not on the curve.
  private static func p256(_ coordinates: [UInt8]) -> OpaquePointer? {
    let point = [0x04] + coordinates
    return p256_public_key(point, point.count)
  }

  /// libcrypto wants ECDSA signatures in DER.
  private static func der(_ signature: [UInt8]) -> [UInt8]? {
    guard signature.count == 64, let pair = ECDSA_SIG_new() else { return nil }
    defer { ECDSA_SIG_free(pair) }
    let r = BN_bin2bn(Array(signature[..<32]), 32, nil)
    let s = BN_bin2bn(Array(signature[32...]), 32, nil)
    // The pair owns both from here on.
    guard ECDSA_SIG_set0(pair, r, s) == 1 else { return nil }
    var bytes = [UInt8](repeating: 0, count: 80)
    let count = bytes.withUnsafeMutableBufferPointer { buffer in
      var end = buffer.baseAddress
      return i2d_ECDSA_SIG(pair, &end)
    }
    return count > 0 && count <= bytes.count ? Array(bytes.prefix(Int(count))) : nil
  }
}
