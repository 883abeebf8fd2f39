import JSON

public struct Attribute: Hashable, Sendable {
  public var name: String
  public var value: String

  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

extension Attribute: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self.init(try json.string("name"), try json.string("value"))
  }

  public var json: JSONValue { ["name": .string(name), "value": .string(value)] }
}
