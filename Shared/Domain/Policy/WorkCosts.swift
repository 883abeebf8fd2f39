import JSON

/// What a tenant reckons its work to cost, so that the dashboard can say what a decision costs.
public struct WorkCosts: Hashable, Sendable {
  public var currency: CurrencyCode
  /// Of a person who decides.
  public var hour: Decimal
  /// Of second opinions.
  public var millionTokens: Decimal

  public init(currency: CurrencyCode, hour: Decimal, millionTokens: Decimal = 0) {
    self.currency = currency
    self.hour = hour
    self.millionTokens = millionTokens
  }

  public func cost(seconds: Int64, tokens: Int64) -> Money {
    let people = (hour * Decimal(Int128(seconds))).divided(by: 3600, places: 6, .halfUp)
    let amount = people + Decimal(1, scale: 6) * (millionTokens * Decimal(Int128(tokens)))
    return Money(rounding: amount, currency)
  }

  func issues() -> [ValidationIssue] {
    [("hour", hour), ("millionTokens", millionTokens)].filter { $0.1.isNegative }.map { name, value in
      ValidationIssue(
        field: "/costs/\(name)", kind: .invalid, problem: "\(value) is below zero", remedy: "give what it costs, or 0")
    }
  }
}

extension WorkCosts: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseUnknownMembers(["currency", "hour", "millionTokens"])
    self.init(
      currency: try json.decode(CurrencyCode.self, "currency"), hour: try json.decode(Decimal.self, "hour"),
      millionTokens: try json.optional(Decimal.self, "millionTokens") ?? 0)
  }

  public var json: JSONValue {
    ["currency": currency.json, "hour": hour.json, "millionTokens": millionTokens.json]
  }
}
