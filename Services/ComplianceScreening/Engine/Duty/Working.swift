import Domain

/// Collects an estimate's amounts and the lines a broker would write beside them.
struct Working {
  let currency: CurrencyCode
  private var customsValue: Decimal?
  var duty: Decimal?
  var tax: Decimal?
  private var total: Decimal?
  private var lines: [String] = []
  private var unknowns: [String] = []

  init(currency: CurrencyCode) { self.currency = currency }

  mutating func note(_ line: String) { lines.append(line) }
  mutating func unknown(_ what: String) { unknowns.append(what) }

  mutating func customsValue(_ value: Decimal, _ basis: Valuation.Basis) {
    customsValue = value
    note("Customs value (\(basis.rawValue)): \(value) \(currency)")
  }

  mutating func exempt(_ charge: String, _ regime: DutyRegime) {
    note("\(charge): none under \(regime.name) (\(regime.source.instrument))")
  }

  mutating func assumed(_ name: String, _ charge: DefaultCharge, of base: Decimal) -> Decimal {
    let amount = base.share(charge.percent)
    let origin = charge.isAssumption ? "our assumption, not an authority's figure" : "the authority's default"
    note("\(name): \(base) × \(charge.percent) % = \(amount) \(currency) (\(origin))")
    return amount
  }

  mutating func charge(_ name: String, _ percent: Decimal, of base: Decimal, exact: Decimal, paid: Decimal) {
    let rounded = exact == paid ? "" : ", rounded to \(paid)"
    note("\(name): \(base) × \(percent) % = \(exact)\(rounded) \(currency)")
  }

  /// A total only of what is complete.
  mutating func total(_ duty: Decimal?, _ tax: Decimal?) {
    guard let duty, let tax, unknowns.isEmpty else { return }
    total = duty + tax
    note("Total: \(duty) + \(tax) = \(duty + tax) \(currency)")
  }

  func estimate(_ code: HSCode, regime: String) -> DutyEstimate {
    DutyEstimate(
      code: code, customsValue: money(customsValue), duty: money(duty), tax: money(tax), total: money(total),
      regime: regime, working: lines, unknown: unknowns)
  }

  private func money(_ amount: Decimal?) -> Money? { amount.flatMap { Money(withinRange: $0, currency) } }
}

extension Money {
  /// Rounded half up to the currency's unit; nil instead of a trap when it does not fit.
  fileprivate init?(withinRange amount: Decimal, _ currency: CurrencyCode) {
    self.init(amount.rounded(places: currency.minorUnitDigits, .halfUp), currency)
  }
}
