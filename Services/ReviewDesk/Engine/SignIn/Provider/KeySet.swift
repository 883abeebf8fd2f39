import Crypto
import JSON

/// The keys that a provider signs with today (RFC 7517). Those of other kinds or for other purposes are left out.
public struct KeySet: Sendable {
  private struct Entry: Sendable {
    var id: String?
    var key: SignatureKey
  }

  private let entries: [Entry]

  public init(_ json: JSONValue) throws(ProviderFault) {
    guard let keys = json["keys"]?.arrayValue else { throw .unreachable("its keys cannot be read") }
    entries = keys.prefix(100).compactMap { json in
      KeySet.key(json).map { Entry(id: json["kid"]?.stringValue, key: $0) }
    }
  }

  private static func key(_ json: JSONValue) -> SignatureKey? {
    guard json["use"].map({ $0 == "sig" }) ?? true else { return nil }
    func bytes(_ name: String) -> [UInt8]? { json[name]?.stringValue.flatMap { Base64.decodeURLSafe($0) } }
    let algorithm = json["alg"]?.stringValue
    switch json["kty"]?.stringValue {
    case "RSA" where algorithm == nil || algorithm == "RS256":
      guard let modulus = bytes("n"), let exponent = bytes("e") else { return nil }
      return try? SignatureKey(rsaModulus: modulus, exponent: exponent)
    case "EC" where json["crv"] == "P-256" && (algorithm == nil || algorithm == "ES256"):
      guard let x = bytes("x"), let y = bytes("y") else { return nil }
      return try? SignatureKey(p256X: x, y: y)
    default: return nil
    }
  }

  /// - Parameter id: nil where the token names none, which only says which where there is one key of the kind.
  public func key(_ id: String?, of kind: SignatureKey.Kind) -> SignatureKey? {
    let fitting = entries.filter { $0.key.kind == kind && (id == nil || $0.id == id) }
    return fitting.count == 1 ? fitting[0].key : nil
  }
}
