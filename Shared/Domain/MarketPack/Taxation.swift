import JSON

/// How one market values goods and what it charges on them.
public struct Taxation: Hashable, Sendable {
  public var valuation: Valuation
  /// In the order they are tried: the first whose days, value and goods fit is the one that applies.
  public var regimes: [DutyRegime]
  public var tax: ImportTax?
  public var excises: [Excise]
  public var rounding: DutyRounding
  public var exchangeRates: ExchangeRates
  public var tariff: Tariff

  public init(
    valuation: Valuation, regimes: [DutyRegime], tax: ImportTax?, excises: [Excise] = [],
    rounding: DutyRounding, exchangeRates: ExchangeRates, tariff: Tariff
  ) {
    self.valuation = valuation
    self.regimes = regimes
    self.tax = tax
    self.excises = excises
    self.rounding = rounding
    self.exchangeRates = exchangeRates
    self.tariff = tariff
  }
}

extension Taxation: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseOthers(than: [
      "valuation", "regimes", "tax", "excises", "rounding", "exchangeRates", "tariff",
    ])
    self.init(
      valuation: try json.decode(Valuation.self, "valuation"), regimes: try json.list(DutyRegime.self, "regimes"),
      tax: try json.optional(ImportTax.self, "tax"), excises: try json.list(Excise.self, "excises"),
      rounding: try json.decode(DutyRounding.self, "rounding"),
      exchangeRates: try json.decode(ExchangeRates.self, "exchangeRates"),
      tariff: try json.decode(Tariff.self, "tariff"))
    if regimes.isEmpty {
      throw JSONError(at: .pointer(json.pointer + "/regimes"), "must hold at least one regime")
    }
  }

  public var json: JSONValue {
    var object = JSONObject([("valuation", valuation.json), ("regimes", .list(regimes))])
    object.set("tax", tax?.json)
    if !excises.isEmpty { object["excises"] = .list(excises) }
    object["rounding"] = rounding.json
    object["exchangeRates"] = exchangeRates.json
    object["tariff"] = tariff.json
    return .object(object)
  }
}
