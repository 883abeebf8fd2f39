import Crypto
import Domain
import HTTP
import JSON
import ReviewDeskEngine
import Synchronization
import WorkerRuntime

/// A provider of sign-in over HTTP, which can also lie. It is as strict with the desk as a real one.
final class ScriptedProvider: Sendable {
  enum Manner: String, CaseIterable, Sendable {
    case honest
    case wrongNonce, noNonce, wrongAudience, severalAudiences, otherParty, wrongIssuer, expired, fromTheFuture, old
    case noAlgorithm, sharedSecret, forged, otherKey, unknownKey, noSubject, noToken, garbage, denies, otherAnswerer
    case away
  }

  struct Account: Sendable {
    var subject = "sub-1"
    var email: String? = "mei@acme.example"
    var isVerified: JSONValue = true
  }

  fileprivate struct Grant: Sendable {
    var challenge: String
    var nonce: String
    var callback: String
  }

  struct State: Sendable {
    var issuer = ""
    var manner = Manner.honest
    var account = Account()
    var key: SigningKey
    /// Whether people see a page there first.
    var asks = false
    var keysServed = 0
    fileprivate var grants: [String: Grant] = [:]
  }

  static let (clientID, secret) = ("desk & co", "s3cret:%/+")
  /// Which the provider never publishes.
  private static let otherKey = SigningKey(.rsa, id: "one")

  private final class Box: Sendable {
    let state = Mutex(State(key: SigningKey(.rsa, id: "one")))
  }

  private let box: Box
  private let server: HTTPServer

  init() throws {
    let box = Box()
    self.box = box
    server = try HTTPServer(host: "127.0.0.1", port: 0) { request in
      box.state.withLock { ScriptedProvider.answer(request, &$0) }
    }
    // Not 127.0.0.1, as which the desk is opened: to a browser it is another site.
    let issuer = "http://localhost:\(server.port)"
    box.state.withLock { $0.issuer = issuer }
    server.start()
  }

  func stop() async { await server.stop() }

  func set(_ change: @Sendable (inout State) -> Void) { box.state.withLock { change(&$0) } }

  var keysServed: Int { box.state.withLock { $0.keysServed } }

  /// - Parameter desk: as browsers reach it.
  func settings(desk: String, tenants: String = "acme") -> [String: String] {
    [
      "PABEAN_OIDC_ISSUER": box.state.withLock { $0.issuer }, "PABEAN_OIDC_CLIENT_ID": ScriptedProvider.clientID,
      "PABEAN_OIDC_CLIENT_SECRET": ScriptedProvider.secret, "PABEAN_OIDC_TENANTS": tenants, "PABEAN_PUBLIC_URL": desk,
    ]
  }

  // MARK: Answering

  private static func answer(_ request: HTTPRequest, _ state: inout State) -> HTTPResponse {
    if state.manner == .away { return .text("away", status: 503) }
    switch request.path {
    case "/.well-known/openid-configuration":
      return .json([
        "issuer": .string(state.issuer), "authorization_endpoint": .string("\(state.issuer)/authorize"),
        "token_endpoint": .string("\(state.issuer)/token"), "jwks_uri": .string("\(state.issuer)/keys"),
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
      ])
    case "/authorize": return authorize(request, &state)
    case "/token": return token(request, &state)
    case "/keys":
      state.keysServed += 1
      return .json(["keys": [["kty": "oct", "k": "AAAA"], state.key.published]])
    default: return .text("nothing here", status: 404)
    }
  }

  private static func authorize(_ request: HTTPRequest, _ state: inout State) -> HTTPResponse {
    guard request.queryValue("client_id") == clientID, request.queryValue("response_type") == "code",
      request.queryValue("code_challenge_method") == "S256", let challenge = request.queryValue("code_challenge"),
      let nonce = request.queryValue("nonce"), let callback = request.queryValue("redirect_uri"),
      let back = request.queryValue("state"), request.queryValue("scope")?.contains("openid") == true
    else { return .text("not a request of OpenID Connect: \(request.query)", status: 400) }
    if state.manner == .denies { return go("\(callback)?error=access_denied&state=\(back)") }
    let code = Base64.encodeURLSafe(SecureRandom.bytes(16))
    state.grants[code] = Grant(challenge: challenge, nonce: nonce, callback: callback)
    let other = state.manner == .otherAnswerer ? "&iss=https://other.example" : ""
    let address = "\(callback)?code=\(code)&state=\(back)\(other)"
    guard state.asks else { return go(address) }
    let page = "<!doctype html><title>Provider</title><h1>Who are you?</h1><a href=\"\(address)\">Mei</a>"
    return .bytes(Array(page.utf8), contentType: "text/html")
  }

  private static func go(_ address: String) -> HTTPResponse {
    HTTPResponse(status: 303, headers: ["location": address])
  }

  /// Each code is good once, for whoever knows the secret and began the sign-in.
  private static func token(_ request: HTTPRequest, _ state: inout State) -> HTTPResponse {
    guard request.headers["authorization"] == ProviderErrand.basic(clientID, secret) else {
      return .json(["error": "invalid_client"], status: 401)
    }
    guard let form = FormFields(request.body), form["grant_type"] == "authorization_code",
      let grant = state.grants.removeValue(forKey: form["code"] ?? ""), grant.callback == form["redirect_uri"],
      let verifier = form["code_verifier"],
      Base64.encodeURLSafe(SHA256.hash(verifier).bytes) == grant.challenge
    else { return .json(["error": "invalid_grant"], status: 400) }
    guard state.manner != .noToken else { return .json(["access_token": "x"]) }
    return .json(["access_token": "x", "token_type": "Bearer", "id_token": .string(idToken(grant.nonce, state))])
  }

  private static func idToken(_ nonce: String, _ state: State) -> String {
    let claims = JSONValue.object(self.claims(nonce, state))
    switch state.manner {
    case .garbage: return "a.b"
    case .noAlgorithm: return SigningKey.unsigned(JSONObject([("alg", "none")]), claims) + "."
    case .sharedSecret:
      let signed = SigningKey.unsigned(JSONObject([("alg", "HS256"), ("kid", .string(state.key.id))]), claims)
      let code = HMACSHA256.authenticate(Array(signed.utf8), key: state.key.published.bytes)
      return "\(signed).\(Base64.encodeURLSafe(code))"
    case .forged:
      let honest = state.key.token(claims).split(separator: ".")
      var lie = self.claims(nonce, state)
      lie["sub"] = "somebody else"
      return "\(honest[0]).\(Base64.encodeURLSafe(JSONValue.object(lie).bytes)).\(honest[2])"
    case .otherKey: return otherKey.token(claims)
    case .unknownKey:
      return state.key.token(claims, header: JSONObject([("alg", .string(state.key.algorithm)), ("kid", "who")]))
    default: return state.key.token(claims)
    }
  }

  private static func claims(_ nonce: String, _ state: State) -> JSONObject {
    let now = SystemClock.now().microseconds / 1_000_000
    var claims = JSONObject([
      ("iss", .string(state.issuer)), ("aud", .string(clientID)), ("sub", .string(state.account.subject)),
      ("iat", .integer(now)), ("exp", .integer(now + 300)), ("nonce", .string(nonce)),
      ("email_verified", state.account.isVerified),
    ])
    claims.set("email", state.account.email.map { .string($0) })
    switch state.manner {
    case .wrongNonce: claims["nonce"] = "x"
    case .noNonce: claims["nonce"] = .null
    case .wrongAudience: claims["aud"] = "another"
    case .severalAudiences: claims["aud"] = ["another", .string(clientID)]
    case .otherParty: claims["azp"] = "another"
    case .wrongIssuer: claims["iss"] = "https://other.example"
    case .expired: claims["exp"] = .integer(now - 90)
    case .fromTheFuture: claims["iat"] = .integer(now + 120)
    case .old: claims["iat"] = .integer(now - 900)
    case .noSubject: claims["sub"] = .null
    default: break
    }
    return claims
  }
}
