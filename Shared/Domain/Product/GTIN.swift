import JSON

/// A GS1 trade item number of 8, 12, 13 or 14 digits whose check digit is right.
public struct GTIN: Hashable, Sendable, CustomStringConvertible {
  public let digits: String

  public init?(_ text: String) {
    let values = text.utf8.compactMap { number([$0]) }
    guard values.count == text.utf8.count, [8, 12, 13, 14].contains(values.count) else { return nil }
    let weighted = values.dropLast().reversed().enumerated().map { $1 * ($0 % 2 == 0 ? 3 : 1) }
    guard (10 - weighted.reduce(0, +) % 10) % 10 == values[values.count - 1] else { return nil }
    digits = text
  }

  public var description: String { digits }
}

extension GTIN: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self = try json.decode("a GTIN with a correct check digit") { $0.stringValue.flatMap { GTIN($0) } }
  }

  public var json: JSONValue { .string(digits) }
}
