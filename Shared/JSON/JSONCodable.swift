/// A value with one JSON form, written by hand so that what is stored and hashed is visible in one place.
public protocol JSONCodable {
  init(json: JSONCursor) throws(JSONError)
  var json: JSONValue { get }
}

extension JSONCursor {
  public func decode<T: JSONCodable>(_ type: T.Type) throws(JSONError) -> T { try T(json: self) }

  public func decode<T: JSONCodable>(_ type: T.Type, _ key: String) throws(JSONError) -> T {
    try T(json: try required(key))
  }

  public func optional<T: JSONCodable>(_ type: T.Type, _ key: String) throws(JSONError) -> T? {
    guard let member = optional(key) else { return nil }
    return try T(json: member)
  }

  public func list<T: JSONCodable>(_ type: T.Type, _ key: String) throws(JSONError) -> [T] {
    try elements(key).map { element throws(JSONError) in try T(json: element) }
  }

  public func optionalString(_ key: String) throws(JSONError) -> String? { try optional(key)?.string() }
  public func optionalInteger(_ key: String) throws(JSONError) -> Int64? { try optional(key)?.integer() }
}

extension JSONValue {
  public static func list<T: JSONCodable>(_ values: [T]) -> JSONValue { .array(values.map(\.json)) }
  public static func strings(_ values: [String]) -> JSONValue { .array(values.map { .string($0) }) }
}
