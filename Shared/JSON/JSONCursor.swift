/// A value together with where it stands, so that a wrong one is reported by its JSON Pointer.
public struct JSONCursor: Sendable {
  public let value: JSONValue
  private let place: Place

  /// The way here, put into words only when something is wrong.
  private indirect enum Place: Sendable {
    case start(String)
    case member(String, of: Place)
    case element(Int, of: Place)

    var pointer: String {
      switch self {
      case .start(let pointer): pointer
      case .member(let key, let parent): "\(parent.pointer)/\(JSONCursor.escaped(key))"
      case .element(let index, let parent): "\(parent.pointer)/\(index)"
      }
    }
  }

  public var pointer: String { place.pointer }

  public init(_ value: JSONValue, pointer: String = "") {
    self.init(value, .start(pointer))
  }

  private init(_ value: JSONValue, _ place: Place) {
    self.value = value
    self.place = place
  }

  public func has(_ key: String) -> Bool { optional(key) != nil }

  /// The member, or nil when it is absent or null.
  public func optional(_ key: String) -> JSONCursor? {
    guard let member = value[key], !member.isNull else { return nil }
    return JSONCursor(member, .member(key, of: place))
  }

  public func required(_ key: String) throws(JSONError) -> JSONCursor {
    guard let member = optional(key) else {
      throw JSONError(at: .pointer(Place.member(key, of: place).pointer), "is missing")
    }
    return member
  }

  public func string() throws(JSONError) -> String {
    guard let text = value.stringValue else { throw failure("must be text") }
    return text
  }

  public func integer() throws(JSONError) -> Int64 {
    guard let number = value.integerValue else { throw failure("must be a whole number") }
    return number
  }

  public func double() throws(JSONError) -> Double {
    guard let number = value.doubleValue else { throw failure("must be a number") }
    return number
  }

  public func bool() throws(JSONError) -> Bool {
    guard let flag = value.boolValue else { throw failure("must be true or false") }
    return flag
  }

  public func elements() throws(JSONError) -> [JSONCursor] {
    guard let values = value.arrayValue else { throw failure("must be a list") }
    return values.enumerated().map { JSONCursor($1, .element($0, of: place)) }
  }

  public func members() throws(JSONError) -> [(key: String, value: JSONCursor)] {
    guard let object = value.objectValue else { throw failure("must be an object") }
    return object.members.map { ($0.key, JSONCursor($0.value, .member($0.key, of: place))) }
  }

  public func string(_ key: String) throws(JSONError) -> String { try required(key).string() }
  public func integer(_ key: String) throws(JSONError) -> Int64 { try required(key).integer() }
  public func double(_ key: String) throws(JSONError) -> Double { try required(key).double() }
  public func bool(_ key: String) throws(JSONError) -> Bool { try required(key).bool() }
  public func elements(_ key: String) throws(JSONError) -> [JSONCursor] { try optional(key)?.elements() ?? [] }
  public func strings(_ key: String) throws(JSONError) -> [String] {
    try elements(key).map { element throws(JSONError) in try element.string() }
  }

  /// Decodes through a failable reader and says what was expected when it declines.
  public func decode<T>(_ expected: String, _ read: (JSONValue) -> T?) throws(JSONError) -> T {
    guard let result = read(value) else { throw failure("must be \(expected)") }
    return result
  }

  public func failure(_ reason: String) -> JSONError { JSONError(at: .pointer(pointer), reason) }

  private static func escaped(_ key: String) -> String {
    var escaped = ""
    for scalar in key.unicodeScalars {
      switch scalar {
      case "~": escaped += "~0"
      case "/": escaped += "~1"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
