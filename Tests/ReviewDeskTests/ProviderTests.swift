import Crypto
import Domain
import JSON
import Testing

@testable import ReviewDeskEngine

@Suite("What a provider says") struct ProviderTests {
  private static let now = Instant("2026-11-20T10:00:00Z")!
  private static let seconds = now.microseconds / 1_000_000
  private static let expected = IDToken.Expectation(issuer: "https://id.example", clientID: "desk", nonce: "n-1")
  private static let rsa = SigningKey(.rsa, id: "r")
  private static let p256 = SigningKey(.p256, id: "p")

  private static func claims(_ changes: [String: JSONValue] = [:]) -> JSONValue {
    var claims = JSONObject([
      ("iss", "https://id.example"), ("aud", "desk"), ("sub", "s-1"), ("iat", .integer(seconds)),
      ("exp", .integer(seconds + 300)), ("nonce", "n-1"), ("email", "Mei@Acme.example"), ("email_verified", true),
    ])
    for (name, value) in changes { claims[name] = value }
    return .object(claims)
  }

  private static func identity(_ text: String) throws -> Identity {
    let keys = try KeySet(["keys": [rsa.published, p256.published]])
    let token = try IDToken(text)
    let key = try #require(keys.key(token.keyID, of: token.kind))
    return try token.identity(by: key, expected, at: now)
  }

  @Test func `a token of either kind says who signed in`() throws {
    for key in [Self.rsa, Self.p256] {
      let identity = try Self.identity(key.token(Self.claims()))
      let mei = Identity(issuer: "https://id.example", subject: "s-1", email: "mei@acme.example", isEmailVerified: true)
      #expect(identity == mei)
    }
    let several: [String: JSONValue] = ["aud": ["desk", "other"], "azp": "desk", "iat": .number("\(Self.seconds).5")]
    #expect(try Self.identity(Self.rsa.token(Self.claims(several))).subject == "s-1")
    #expect(try !Self.identity(Self.rsa.token(Self.claims(["email_verified": "true"]))).isEmailVerified)
    // Clocks that differ by less than a minute.
    for near in [["exp": -59], ["iat": 59], ["nbf": 59]] as [[String: Int64]] {
      let changes = near.mapValues { JSONValue.integer(Self.seconds + $0) }
      #expect(try Self.identity(Self.p256.token(Self.claims(changes))).subject == "s-1")
    }
  }

  @Test(
    arguments: [
      ["iss": "https://id.example/"], ["iss": .null], ["aud": "other"], ["aud": []], ["aud": ["desk", "other"]],
      ["azp": "other"], ["sub": ""], ["sub": 7], ["sub": .string(String(repeating: "s", count: 256))], ["sub": "a\nb"],
      ["nonce": "n-2"], ["nonce": .null], ["exp": .null], ["exp": "9999999999"], ["iat": .null],
      ["exp": .integer(seconds - 61)], ["iat": .integer(seconds + 61)], ["iat": .integer(seconds - 661)],
      ["nbf": .integer(seconds + 61)], ["exp": .number("1e300")],
    ] as [[String: JSONValue]])
  func `a token that is not meant for this sign-in, now, proves nothing`(changes: [String: JSONValue]) throws {
    #expect(throws: ProviderFault.self) { try Self.identity(Self.rsa.token(Self.claims(changes))) }
  }

  @Test func `a token chooses neither how it is signed nor what a key is for`() throws {
    let claims = Self.claims()
    func header(_ algorithm: JSONValue, _ more: (String, JSONValue)...) -> JSONObject {
      JSONObject([("alg", algorithm), ("kid", "r")] + more)
    }
    for header in [header("none"), header("HS256"), header("RS512"), header("rs256"), header(.null)] {
      #expect(throws: ProviderFault.self) { try IDToken(Self.rsa.token(claims, header: header)) }
    }
    #expect(throws: ProviderFault.self) {
      try IDToken(Self.rsa.token(claims, header: header("RS256", ("crit", ["x"]))))
    }
    // Signed by one key, said to be by the other.
    let keys = try KeySet(["keys": [Self.rsa.published, Self.p256.published]])
    let crossed = try IDToken(Self.rsa.token(claims, header: JSONObject([("alg", "ES256"), ("kid", "r")])))
    #expect(keys.key(crossed.keyID, of: crossed.kind) == nil)
    let p256 = try #require(keys.key("p", of: .p256))
    #expect(throws: ProviderFault.self) { try crossed.identity(by: p256, Self.expected, at: Self.now) }
    let honest = Self.rsa.token(claims)
    for text in ["", "a.b.c", honest + ".x", String(honest.dropLast(4)), honest + "AA", honest + "="] {
      #expect(throws: (any Error).self) { try Self.identity(text) }
    }
  }

  @Test func `a key that is for something else, too weak or not to be told apart is no key`() throws {
    func with(_ name: String, _ value: JSONValue) -> JSONValue {
      var json = Self.rsa.published.objectValue ?? JSONObject()
      json[name] = value
      return .object(json)
    }
    for key in [with("use", "enc"), with("alg", "RS512"), with("kty", "oct"), with("n", "AQAB"), with("n", "%")] {
      #expect(try KeySet(["keys": [key]]).key("r", of: .rsa) == nil)
    }
    let twice = try KeySet(["keys": [Self.rsa.published, with("kid", "other")]])
    #expect(twice.key("r", of: .rsa) != nil && twice.key(nil, of: .rsa) == nil)
    #expect(try KeySet(["keys": [Self.rsa.published]]).key(nil, of: .rsa) != nil)
    #expect(throws: ProviderFault.self) { try KeySet(["keys": 1]) }
  }

  @Test func `its document names itself, and addresses over https`() throws {
    let good: [String: JSONValue] = [
      "issuer": "https://id.example", "authorization_endpoint": "https://id.example/a?tenant=1",
      "token_endpoint": "https://id.example/t", "jwks_uri": "https://id.example/k",
    ]
    func document(_ changes: [String: JSONValue] = [:]) throws -> ProviderDocument {
      let json = JSONObject(good.merging(changes) { $1 }.map { ($0.key, $0.value) })
      return try ProviderDocument(.object(json), of: "https://id.example")
    }
    #expect(try !document().wantsSecretInForm)
    #expect(try document(["token_endpoint_auth_methods_supported": ["client_secret_post"]]).wantsSecretInForm)
    for changes in [
      ["issuer": "https://other.example"], ["token_endpoint": "http://id.example/t"], ["jwks_uri": .null],
      ["authorization_endpoint": "javascript:alert(1)"], ["token_endpoint": "https://user@id.example/"],
    ] as [[String: JSONValue]] {
      #expect(throws: ProviderFault.self) { try document(changes) }
    }
    #expect(
      ProviderDocument.address(of: "https://id.example/x/") == "https://id.example/x/.well-known/openid-configuration")
    for (address, isAllowed) in [
      ("https://id.example", true), ("http://127.0.0.1:8080/x", true), ("http://[::1]:1/", true),
      ("http://localhost", true), ("http://127.0.0.1.evil.example", false), ("http://localhost@evil.example", false),
      ("http://evil.example/127.0.0.1", false), ("https://", false), ("ftp://127.0.0.1", false),
    ] { #expect(SecureAddress.allows(address) == isAllowed, "\(address)") }
  }

  @Test func `an errand follows from its key, and shows neither it nor one part by another`() throws {
    let errand = try #require(ProviderErrand(key: [UInt8](repeating: 7, count: 32)))
    let again = try #require(ProviderErrand(cookie: errand.cookie))
    #expect(again.state == errand.state && again.verifier == errand.verifier)
    let parts = [errand.cookie, errand.state, errand.nonce, errand.verifier, errand.challenge]
    #expect(Set(parts).count == 5 && parts.allSatisfy { $0.utf8.count == 43 })
    #expect(ProviderErrand.begin().state != ProviderErrand.begin().state)
    for cookie in ["", "x", errand.state + "AA", "%00"] { #expect(ProviderErrand(cookie: cookie) == nil) }
    let document = ProviderDocument(
      authorization: "https://id.example/a?tenant=1", token: "", keys: "", wantsSecretInForm: false)
    let address = errand.address(at: document, clientID: "desk & co", callback: "https://desk.example/back")
    #expect(address.hasPrefix("https://id.example/a?tenant=1&response_type=code&client_id=desk%20%26%20co&"))
    #expect(address.contains("&code_challenge=\(errand.challenge)&") && !address.contains(errand.verifier))
    // RFC 7636, appendix B.
    #expect(
      Base64.encodeURLSafe(SHA256.hash("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").bytes)
        == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
  }
}
