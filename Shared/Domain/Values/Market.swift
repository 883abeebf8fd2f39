import JSON

/// A destination jurisdiction, named by its country code in capitals. Which markets exist, and all they require, is data.
public struct Market: Hashable, Sendable, Comparable, CustomStringConvertible {
  public let code: String

  public init?(_ text: String) {
    guard text.utf8.count == 2, text.utf8.allSatisfy({ (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }) else {
      return nil
    }
    code = text
  }

  /// As it stands in queue names and routing keys.
  public var key: String { code.lowercased() }
  public var description: String { code }
  public static func < (left: Market, right: Market) -> Bool { left.code < right.code }
}

extension Market: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self = try json.decode("a market such as SG") { $0.stringValue.flatMap { Market($0) } }
  }

  public var json: JSONValue { .string(code) }
}
