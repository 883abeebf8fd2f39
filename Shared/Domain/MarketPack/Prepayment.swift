import JSON

/// A tax on the importer's income that is collected at the border and credited later: paid, but no part of what the goods cost.
/// Which rate holds goes by who imports, so each is named beside the estimate.
public struct Prepayment: Hashable, Sendable {
  public var name: String
  public var rates: [Rate]
  public var source: RuleSource

  public struct Rate: Hashable, Sendable {
    public var condition: String
    /// Of customs value and duty.
    public var percent: Decimal

    public init(condition: String, percent: Decimal) {
      self.condition = condition
      self.percent = percent
    }
  }

  public init(name: String, rates: [Rate], source: RuleSource) {
    self.name = name
    self.rates = rates
    self.source = source
  }
}

extension Prepayment: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseOthers(than: ["name", "rates", "source"])
    self.init(
      name: try json.filledString("name"), rates: try json.list(Rate.self, "rates"),
      source: try json.strictSource("source"))
  }

  public var json: JSONValue { ["name": .string(name), "rates": .list(rates), "source": source.json] }
}

extension Prepayment.Rate: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseOthers(than: ["condition", "percent"])
    self.init(condition: try json.filledString("condition"), percent: try json.percent("percent"))
  }

  public var json: JSONValue { ["condition": .string(condition), "percent": percent.json] }
}
