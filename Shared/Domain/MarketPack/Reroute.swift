import JSON

/// Another way that a rule leaves open where it bars this one: another market, another mode of transport, or what to do first.
public struct Reroute: Hashable, Sendable {
  /// One plain sentence for the person who decides.
  public var text: String
  public var market: Market?
  /// As shipments name it, such as `sea`.
  public var mode: String?

  public init(text: String, market: Market? = nil, mode: String? = nil) {
    self.text = text
    self.market = market
    self.mode = mode
  }
}

extension Reroute: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseOthers(than: ["text", "market", "mode"])
    self.init(
      text: try json.filledString("text"), market: try json.optional(Market.self, "market"),
      mode: try json.optionalString("mode"))
  }

  public var json: JSONValue {
    var object = JSONObject([("text", .string(text))])
    object.set("market", market?.json)
    object.set("mode", mode.map { .string($0) })
    return .object(object)
  }
}
