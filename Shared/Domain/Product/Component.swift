import JSON

/// A material or ingredient and its share of the whole, where the seller gave one.
public struct Component: Hashable, Sendable {
  public var name: String
  public var percent: Decimal?

  public init(_ name: String, percent: Decimal? = nil) {
    self.name = name
    self.percent = percent
  }
}

extension Component: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self.init(try json.string("name"), percent: try json.optional(Decimal.self, "percent"))
  }

  public var json: JSONValue {
    var object = JSONObject([("name", .string(name))])
    object.set("percent", percent?.json)
    return .object(object)
  }
}
