import JSON

/// Tax on low-value goods that a seller registered for it charges with the price, without freight, insurance and duty.
public struct SaleTax: Hashable, Sendable {
  public var name: String
  public var percent: Decimal
  /// Whether the seller is taken to be registered when nobody says.
  public var isAssumed: Bool

  public init(name: String, percent: Decimal, isAssumed: Bool) {
    self.name = name
    self.percent = percent
    self.isAssumed = isAssumed
  }
}

extension SaleTax: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseOthers(than: ["name", "percent", "isAssumed"])
    self.init(
      name: try json.filledString("name"), percent: try json.percent("percent"),
      isAssumed: try json.bool("isAssumed"))
  }

  public var json: JSONValue {
    ["name": .string(name), "percent": percent.json, "isAssumed": .bool(isAssumed)]
  }
}
