import JSON

/// A tariff code of 2 to 12 digits: chapter, heading, subheading, then national digits.
public struct HSCode: Hashable, Sendable, Comparable, CustomStringConvertible {
  public let digits: String

  /// Accepts the dots and spaces that people write: `8517.13.00`.
  public init?(_ text: String) {
    var digits = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "0"..."9": digits.unicodeScalars.append(scalar)
      case ".", " ": continue
      default: return nil
      }
    }
    guard (2...12).contains(digits.utf8.count), digits.utf8.count % 2 == 0 || digits.utf8.count > 6 else { return nil }
    self.digits = digits
  }

  public var chapter: String { String(digits.prefix(2)) }
  public var heading: String { String(digits.prefix(4)) }
  public var subheading: String { String(digits.prefix(6)) }
  public var isNational: Bool { digits.utf8.count > 6 }
  public func hasPrefix(_ prefix: String) -> Bool { digits.hasPrefix(prefix) }

  public var description: String { digits }
  public static func < (left: HSCode, right: HSCode) -> Bool { left.digits < right.digits }

  /// `8517.13.00`, as brokers read it.
  public var dotted: String {
    var parts = [heading]
    var rest = digits.dropFirst(4)
    while !rest.isEmpty {
      parts.append(String(rest.prefix(2)))
      rest = rest.dropFirst(2)
    }
    return parts.joined(separator: ".")
  }
}

extension HSCode: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self = try json.decode("a tariff code of 2 to 12 digits") { $0.stringValue.flatMap { HSCode($0) } }
  }

  public var json: JSONValue { .string(digits) }
}
