import COpenSSL
import Crypto
import JSON

/// A key with which the provider of sign-in that the tests play signs.
///
/// `@unchecked Sendable`: as `SignatureKey`; each signature has its own context.
final class SigningKey: @unchecked Sendable {
  enum Kind: String { case rsa = "RSA", p256 = "EC" }

  let kind: Kind
  let id: String
  private let pointer: OpaquePointer

  init(_ kind: Kind, id: String) {
    self.kind = kind
    self.id = id
    guard let context = EVP_PKEY_CTX_new_from_name(nil, kind.rawValue, nil) else { fatalError("no \(kind)") }
    defer { EVP_PKEY_CTX_free(context) }
    var made: OpaquePointer?
    precondition(EVP_PKEY_keygen_init(context) == 1)
    if kind == .p256 { precondition(EVP_PKEY_CTX_set_group_name(context, "prime256v1") == 1) }
    precondition(EVP_PKEY_generate(context, &made) == 1)
    guard let made else { fatalError("no \(kind)") }
    pointer = made
  }

  deinit { EVP_PKEY_free(pointer) }

  var algorithm: String { kind == .rsa ? "RS256" : "ES256" }

  /// As providers publish it.
  var published: JSONValue {
    var json = JSONObject([
      ("kty", .string(kind.rawValue)), ("kid", .string(id)), ("use", "sig"), ("alg", .string(algorithm)),
    ])
    for (name, number) in kind == .rsa ? [("n", "n"), ("e", "e")] : [("x", "qx"), ("y", "qy")] {
      json[name] = .string(Base64.encodeURLSafe(self.number(number)))
    }
    if kind == .p256 { json["crv"] = "P-256" }
    return .object(json)
  }

  private func number(_ name: String) -> [UInt8] {
    var number: OpaquePointer?
    precondition(EVP_PKEY_get_bn_param(pointer, name, &number) == 1)
    defer { BN_free(number) }
    let count = kind == .p256 ? 32 : (Int(BN_num_bits(number)) + 7) / 8
    return SigningKey.bytes(number, count)
  }

  private static func bytes(_ number: OpaquePointer?, _ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    precondition(BN_bn2binpad(number, &bytes, Int32(count)) == Int32(count))
    return bytes
  }

  func sign(_ bytes: [UInt8]) -> [UInt8] {
    guard let context = EVP_MD_CTX_new() else { fatalError("libcrypto is out of memory") }
    defer { EVP_MD_CTX_free(context) }
    var signature = [UInt8](repeating: 0, count: 1024)
    var count = signature.count
    precondition(EVP_DigestSignInit(context, nil, EVP_sha256(), nil, pointer) == 1)
    precondition(EVP_DigestSign(context, &signature, &count, bytes, bytes.count) == 1)
    let encoded = Array(signature.prefix(count))
    return kind == .rsa ? encoded : SigningKey.pair(encoded)
  }

  /// The two numbers of 32 bytes that tokens carry, and not DER.
  private static func pair(_ encoded: [UInt8]) -> [UInt8] {
    encoded.withUnsafeBufferPointer { buffer in
      var start = buffer.baseAddress
      guard let pair = d2i_ECDSA_SIG(nil, &start, buffer.count) else { fatalError("no signature") }
      defer { ECDSA_SIG_free(pair) }
      return bytes(ECDSA_SIG_get0_r(pair), 32) + bytes(ECDSA_SIG_get0_s(pair), 32)
    }
  }

  /// A token, complete.
  func token(_ claims: JSONValue, header: JSONObject? = nil) -> String {
    let header = header ?? JSONObject([("alg", .string(algorithm)), ("kid", .string(id)), ("typ", "JWT")])
    let signed = SigningKey.unsigned(header, claims)
    return "\(signed).\(Base64.encodeURLSafe(sign(Array(signed.utf8))))"
  }

  static func unsigned(_ header: JSONObject, _ claims: JSONValue) -> String {
    "\(Base64.encodeURLSafe(JSONValue.object(header).bytes)).\(Base64.encodeURLSafe(claims.bytes))"
  }
}
