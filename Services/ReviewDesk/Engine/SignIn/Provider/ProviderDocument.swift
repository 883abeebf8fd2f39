import JSON

/// What a provider says of itself at its well-known address (OpenID Connect Discovery 1.0).
public struct ProviderDocument: Hashable, Sendable {
  /// Where the browser is sent.
  public var authorization: String
  /// Where the code is exchanged.
  public var token: String
  public var keys: String
  /// It takes the client's secret in the form alone, and not in a header as is usual.
  public var wantsSecretInForm: Bool

  init(authorization: String, token: String, keys: String, wantsSecretInForm: Bool) {
    self.authorization = authorization
    self.token = token
    self.keys = keys
    self.wantsSecretInForm = wantsSecretInForm
  }

  public static func address(of issuer: String) -> String {
    (issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer) + "/.well-known/openid-configuration"
  }

  /// - Parameter issuer: as it was configured: a document that names another is another's.
  public init(_ json: JSONValue, of issuer: String) throws(ProviderFault) {
    func endpoint(_ name: String) throws(ProviderFault) -> String {
      guard let address = json[name]?.stringValue, SecureAddress.allows(address) else {
        throw .unreachable("its document has no \(name) over https")
      }
      return address
    }
    guard json["issuer"]?.stringValue == issuer else { throw .unreachable("its document names another issuer") }
    authorization = try endpoint("authorization_endpoint")
    token = try endpoint("token_endpoint")
    keys = try endpoint("jwks_uri")
    let methods = json["token_endpoint_auth_methods_supported"]?.arrayValue?.compactMap(\.stringValue)
    wantsSecretInForm =
      methods.map { !$0.contains("client_secret_basic") && $0.contains("client_secret_post") } ?? false
  }
}
