/// A URL that has been checked for its shape and kept as text.
public struct URLText: Hashable, Sendable, CustomStringConvertible {
  public let text: String
  public let scheme: String

  /// Nil unless it is `scheme://authority…` of visible ASCII.
  public init?(_ text: String) {
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\\") }),
      let separator = text.firstRange(of: "://")
    else { return nil }
    let scheme = text[..<separator.lowerBound]
    let authority = text[separator.upperBound...].prefix { !"/?#".contains($0) }
    let host = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
    guard let first = scheme.first, first.isLetter, !host.isEmpty, !host.hasPrefix(":"),
      scheme.allSatisfy({ $0.isLetter || $0.isNumber || "+-.".contains($0) })
    else { return nil }
    self.text = text
    self.scheme = scheme.lowercased()
  }

  /// The URL without the password and the query, both of which carry credentials in practice.
  public var description: String {
    guard let separator = text.firstRange(of: "://") else { return "[redacted]" }
    let rest = text[separator.upperBound...]
    let authority = rest.prefix { !"/?#".contains($0) }
    let path = rest[authority.endIndex...].prefix { $0 != "?" && $0 != "#" }
    let hidden = rest.endIndex == path.endIndex ? "" : "?[redacted]"
    guard let at = authority.lastIndex(of: "@") else { return "\(scheme)://\(authority)\(path)\(hidden)" }
    let user = authority[..<at].prefix { $0 != ":" }
    return "\(scheme)://\(user):[redacted]\(authority[at...])\(path)\(hidden)"
  }
}
