import JSON

/// Who did something: a worker, or a person by the name of their account.
public struct Actor: Hashable, Sendable, CustomStringConvertible {
  public let name: String

  public static func system(_ component: String) -> Actor { Actor(name: "system:\(component)") }
  public static func person(_ account: String) -> Actor { Actor(name: "person:\(account)") }

  public init(name: String) { self.name = name }
  public var isPerson: Bool { name.hasPrefix("person:") }
  public var description: String { name }
}

extension Actor: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) { self.init(name: try json.string()) }
  public var json: JSONValue { .string(name) }
}
