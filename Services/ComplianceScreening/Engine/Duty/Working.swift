import Domain

/// Collects an estimate's amounts and the lines a broker would write beside them.
struct Working {
  let currency: CurrencyCode
  private var customsValue: Decimal?
  var duty: Decimal?
  var dutyRate: DutyRate?
  var tax: Decimal?
  var fees: Decimal?
  private var excise: Decimal?
  private var total: Decimal?
  private var lines: [String] = []
  private var prepayments: [String] = []
  private var unknowns: [String] = []
  private var outOfDate: [String] = []
  private var unconfirmed: [String] = []

  init(currency: CurrencyCode) { self.currency = currency }

  mutating func note(_ line: String) { lines.append(line) }
  mutating func prepaid(_ line: String) { prepayments.append(line) }
  mutating func unknown(_ what: String) { unknowns.append(what) }
  mutating func unconfirmed(_ what: String) { unconfirmed.append(what) }

  mutating func outOfDate(_ what: String) {
    if !outOfDate.contains(what) { outOfDate.append(what) }
  }

  mutating func customsValue(_ value: Decimal, _ basis: Valuation.Basis) {
    customsValue = value
    note("Customs value (\(basis.rawValue)): \(value) \(currency)")
  }

  mutating func setExcise(_ amount: Decimal) -> Decimal {
    excise = amount
    return amount
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

  mutating func share(_ name: String, _ percent: Decimal, of base: Decimal, exact: Decimal) {
    note("\(name): \(base) × \(percent) % = \(exact) \(currency)")
  }

  /// Says nothing where rounding changes nothing.
  mutating func rounded(_ name: String, _ exact: Decimal, to paid: Decimal) {
    if exact != paid { note("\(name), rounded: \(paid) \(currency)") }
  }

  /// Before rounding; nil when a quantity that the rate needs was not stated.
  mutating func amount(
    _ name: String, _ rate: DutyRate, of value: Decimal, _ quantities: [QuantityUnit: Decimal]
  ) -> Decimal? {
    var amounts: [Decimal] = []
    for term in rate.terms {
      switch term {
      case .percent(let percent):
        amounts.append(value.share(percent))
        share(name, percent, of: value, exact: value.share(percent))
      case .specific(let each, let unit):
        guard let quantity = quantities[unit], !quantity.isNegative else {
          unknown("\(name) at \(rate), because the quantity in \(unit.name) is not stated")
          return nil
        }
        amounts.append(each * quantity)
        note("\(name): \(quantity) \(unit.rawValue) × \(each) = \(each * quantity) \(currency)")
      }
    }
    guard amounts.count > 1 else { return amounts.first }
    let result = rate.combination == .sum ? amounts.reduce(0, +) : amounts.max() ?? 0
    note("\(name): \(rate.combination == .sum ? "together" : "the higher"), \(result) \(currency)")
    return result
  }

  /// A total only of what is complete.
  mutating func total(_ parts: Decimal?...) {
    let known = parts.compactMap(\.self)
    guard known.count == parts.count, unknowns.isEmpty else { return }
    let sum = known.reduce(0, +)
    total = sum
    let shown = known.filter { !$0.isZero }
    note("Total: \(shown.count > 1 ? shown.map(\.description).joined(separator: " + ") + " = " : "")\(sum) \(currency)")
  }

  func estimate(_ code: HSCode, regime: String, programme: String?) -> DutyEstimate {
    DutyEstimate(
      code: code, customsValue: money(customsValue), duty: money(duty), excise: money(excise), tax: money(tax),
      fees: money(fees), total: money(total), regime: regime, programme: programme,
      dutyRate: dutyRate?.description, prepayments: prepayments, outOfDate: outOfDate,
      unconfirmed: unconfirmed, working: lines, unknown: unknowns)
  }

  private func money(_ amount: Decimal?) -> Money? { amount.flatMap { Money(withinRange: $0, currency) } }
}

extension Money {
  /// Rounded half up to the currency's unit; nil instead of a trap when it does not fit.
  fileprivate init?(withinRange amount: Decimal, _ currency: CurrencyCode) {
    self.init(amount.rounded(places: currency.minorUnitDigits, .halfUp), currency)
  }
}
