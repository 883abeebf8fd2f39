import Crypto
import Domain
import JSON

/// What a provider says about whoever signed in (OpenID Connect Core 1.0, 2), as it came: nothing of it counts before it is
/// verified.
public struct IDToken: Sendable {
  private static let bytesMax = 16_384

  public let keyID: String?
  public let kind: SignatureKey.Kind
  private let claims: JSONValue
  private let signed: [UInt8]
  private let signature: [UInt8]

  /// Two algorithms are known, and the token does not choose what a key is used for: there is no `none`, and no shared secret.
  public init(_ text: String) throws(ProviderFault) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard text.utf8.count <= IDToken.bytesMax, parts.count == 3, let header = IDToken.json(parts[0]),
      let claims = IDToken.json(parts[1]), let signature = Base64.decodeURLSafe(String(parts[2]))
    else { throw .refused("the token cannot be read") }
    switch header["alg"]?.stringValue {
    case "RS256": kind = .rsa
    case "ES256": kind = .p256
    case let other: throw .refused("the token is signed with \((other ?? "nothing").prefix(20))")
    }
    guard header["crit"] == nil else { throw .refused("the token asks for what is not known") }
    keyID = header["kid"]?.stringValue
    self.claims = claims
    self.signature = signature
    signed = Array("\(parts[0]).\(parts[1])".utf8)
  }

  private static func json(_ part: Substring) -> JSONValue? {
    guard let bytes = Base64.decodeURLSafe(String(part)), let json = try? JSONParser.parse(bytes),
      json.objectValue != nil
    else { return nil }
    return json
  }

  /// What the token must say to be meant for us, and for this errand.
  public struct Expectation: Sendable {
    public var issuer: String
    public var clientID: String
    public var nonce: String

    public init(issuer: String, clientID: String, nonce: String) {
      self.issuer = issuer
      self.clientID = clientID
      self.nonce = nonce
    }
  }

  /// Clocks differ.
  private static let skew = Duration.seconds(60)
  /// A token is fetched right after it was made.
  private static let ageMax = Duration.seconds(600)

  /// Who signed in, if the token proves it.
  public func identity(
    by key: SignatureKey, _ expected: Expectation, at now: Instant
  ) throws(ProviderFault) -> Identity {
    guard key.kind == kind, key.verify(signature, for: signed) else { throw .refused("the signature is wrong") }
    guard claims["iss"]?.stringValue == expected.issuer else { throw .refused("the token is of another issuer") }
    try requireAudience(expected.clientID)
    try requireTime(now)
    guard let nonce = claims["nonce"]?.stringValue,
      constantTimeEquals(Array(nonce.utf8), Array(expected.nonce.utf8))
    else { throw .refused("the token was made for another sign-in") }
    guard let subject = claims["sub"]?.stringValue, (1...255).contains(subject.utf8.count),
      subject.unicodeScalars.allSatisfy({ $0.value >= 0x20 })
    else { throw .refused("the token names nobody") }
    return Identity(
      issuer: expected.issuer, subject: subject, email: claims["email"]?.stringValue?.lowercased(),
      isEmailVerified: claims["email_verified"] == true)
  }

  /// One that is made for several must say that it was given to us.
  private func requireAudience(_ clientID: String) throws(ProviderFault) {
    let audience = claims["aud"]?.arrayValue ?? claims["aud"].map { [$0] } ?? []
    let party = claims["azp"]
    guard audience.contains(.string(clientID)), party == nil || party == .string(clientID),
      audience.count == 1 || party != nil
    else { throw .refused("the token is for somebody else") }
  }

  private func requireTime(_ now: Instant) throws(ProviderFault) {
    guard let end = instant("exp"), let start = instant("iat") else { throw .refused("the token has no time") }
    guard now < end.adding(IDToken.skew) else { throw .refused("the token has expired") }
    guard start <= now.adding(IDToken.skew), start.adding(IDToken.ageMax + IDToken.skew) > now else {
      throw .refused("the token was not made just now")
    }
    if claims["nbf"] != nil {
      guard let from = instant("nbf"), from <= now.adding(IDToken.skew) else {
        throw .refused("the token does not hold yet")
      }
    }
  }

  /// Seconds since 1970, of which providers write fractions, too.
  private func instant(_ name: String) -> Instant? {
    guard let seconds = claims[name]?.doubleValue, (0...1e11).contains(seconds) else { return nil }
    return Instant(microseconds: Int64(seconds * 1_000_000))
  }
}

/// Somebody as a provider knows them.
public struct Identity: Hashable, Sendable {
  public var issuer: String
  /// Is never another's; an address may be.
  public var subject: String
  public var email: String?
  public var isEmailVerified: Bool

  public init(issuer: String, subject: String, email: String?, isEmailVerified: Bool) {
    self.issuer = issuer
    self.subject = subject
    self.email = email
    self.isEmailVerified = isEmailVerified
  }
}
