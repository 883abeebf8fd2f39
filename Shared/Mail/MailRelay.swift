/// The mail server that takes our letters, as a URL:
///
///     smtp://user:password@host:587     TLS by STARTTLS, or no letter at all
///     smtps://user:password@host:465    TLS from the start
///     smtp+plain://host:25              no TLS, for a relay on the same machine; with no password
public struct MailRelay: Hashable, Sendable {
  public enum Security: Hashable, Sendable { case startTLS, tls, none }

  public struct Credentials: Hashable, Sendable {
    public var user: String
    public var password: String
  }

  public let security: Security
  public let host: String
  public let port: Int
  public let credentials: Credentials?

  public init?(_ url: String) {
    guard let colon = url.firstRange(of: "://") else { return nil }
    switch url[..<colon.lowerBound] {
    case "smtp": security = .startTLS
    case "smtps": security = .tls
    case "smtp+plain": security = .none
    default: return nil
    }
    let authority = url[colon.upperBound...].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard authority.count == 1 || authority[1].isEmpty else { return nil }
    let parts = authority[0].split(separator: "@", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let (host, port) = MailRelay.place(parts[parts.count - 1]) else { return nil }
    self.host = host
    self.port = port ?? (security == .tls ? 465 : security == .startTLS ? 587 : 25)
    credentials = parts.count == 2 ? MailRelay.credentials(parts[0]) : nil
    // A password never travels in the clear.
    if parts.count == 2, credentials == nil || security == .none { return nil }
  }

  private static func place(_ text: Substring) -> (String, Int?)? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let isHost = { (byte: UInt8) in
      byte < 0x80 && (Character(Unicode.Scalar(byte)).isLetter || Character(Unicode.Scalar(byte)).isNumber)
        || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
    }
    guard (1...2).contains(parts.count), !parts[0].isEmpty, parts[0].utf8.allSatisfy(isHost) else { return nil }
    guard parts.count == 2 else { return (String(parts[0]), nil) }
    guard let port = Int(parts[1]), (1...65_535).contains(port) else { return nil }
    return (String(parts[0]), port)
  }

  private static func credentials(_ text: Substring) -> Credentials? {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(decoded)
    guard parts.count == 2, let user = parts[0], let password = parts[1], !user.isEmpty, !password.isEmpty else {
      return nil
    }
    return Credentials(user: user, password: password)
  }

  private static func decoded(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else { return nil }
      bytes.append(high << 4 | low)
    }
    guard !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { return nil }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    byte < 0x80 ? Character(Unicode.Scalar(byte)).hexDigitValue.map { UInt8($0) } : nil
  }
}

extension MailRelay: CustomStringConvertible, CustomReflectable {
  /// Without the password.
  public var description: String { "\(host):\(port)" }
  public var customMirror: Mirror { Mirror(self, children: []) }
}
