import Crypto

/// One way of a browser to the provider and back. All that belongs to it follows from a key that this browser alone keeps, in
/// a cookie: nobody finishes what another began, any process of the desk can finish it, and nothing is stored.
public struct ProviderErrand: Sendable {
  private static let keyBytes = 32

  private let key: [UInt8]

  /// - Parameter key: 32 bytes that nobody can guess.
  public init?(key: [UInt8]) {
    guard key.count == ProviderErrand.keyBytes else { return nil }
    self.key = key
  }

  public init?(cookie: String) {
    guard let key = Base64.decodeURLSafe(cookie) else { return nil }
    self.init(key: key)
  }

  public static func begin() -> ProviderErrand {
    guard let errand = ProviderErrand(key: SecureRandom.bytes(keyBytes)) else { preconditionFailure("its own bytes") }
    return errand
  }

  public var cookie: String { Base64.encodeURLSafe(key) }
  /// Shows that the answer belongs to this browser's errand.
  public var state: String { derived("state") }
  /// Shows that the token was made for this errand.
  public var nonce: String { derived("nonce") }
  /// Shows the provider that whoever exchanges the code began the errand (RFC 7636).
  public var verifier: String { derived("verifier") }
  public var challenge: String { Base64.encodeURLSafe(SHA256.hash(verifier).bytes) }

  private func derived(_ purpose: String) -> String {
    Base64.encodeURLSafe(HMACSHA256.authenticate(Array(purpose.utf8), key: key))
  }

  /// - Parameter callback: where the provider sends the browser back to.
  public func address(at provider: ProviderDocument, clientID: String, callback: String) -> String {
    let query = QueryString.encoded([
      ("response_type", "code"), ("client_id", clientID), ("redirect_uri", callback), ("scope", "openid email"),
      ("state", state), ("nonce", nonce), ("code_challenge", challenge), ("code_challenge_method", "S256"),
    ])
    return provider.authorization + (provider.authorization.contains("?") ? "&" : "?") + query
  }

  /// The body with which the code is exchanged.
  public func exchange(of code: String, callback: String, client: [(name: String, value: String)]) -> [UInt8] {
    Array(
      QueryString.encoded(
        [
          ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", callback), ("code_verifier", verifier),
        ] + client
      ).utf8)
  }

  /// As a provider reads them from the header: each encoded like a field of a form (RFC 6749, 2.3.1).
  public static func basic(_ clientID: String, _ secret: String) -> String {
    let pair = "\(QueryString.encoded(clientID)):\(QueryString.encoded(secret))"
    return "Basic \(Base64.encode(Array(pair.utf8)))"
  }
}
