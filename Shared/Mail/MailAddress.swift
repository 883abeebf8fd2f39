/// Where a letter goes: an address in ASCII with nothing in it that could end a line or a command. Others are no addresses
/// that every mail server takes.
public struct MailAddress: Hashable, Sendable, CustomStringConvertible {
  public let text: String

  public init?(_ text: String) {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, text.utf8.count <= 254, (1...64).contains(parts[0].utf8.count),
      parts[0].utf8.allSatisfy(MailAddress.isLocal), !parts[0].hasPrefix("."), !parts[0].hasSuffix("."),
      !parts[0].contains(".."), MailAddress.isHost(parts[1])
    else { return nil }
    self.text = text
  }

  public var host: String { String(text.split(separator: "@").last ?? "") }
  public var description: String { text }

  /// An atom of RFC 5322, without the quoted form that nobody uses.
  private static func isLocal(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || "!#$%&'*+-/=?^_`{|}~.".utf8.contains(byte)
  }

  private static func isHost(_ host: Substring) -> Bool {
    let labels = host.split(separator: ".", omittingEmptySubsequences: false)
    return labels.allSatisfy { label in
      (1...63).contains(label.utf8.count) && label.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
        && !label.hasPrefix("-") && !label.hasSuffix("-")
    }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}
