import Domain

/// Duty and tax on one piece sent by itself, as the market's pack says they are computed. Every amount is exact until the step at which
/// the authority rounds it.
public struct LandedCost: Sendable {
  private let taxation: Taxation
  private let currency: CurrencyCode

  public init(_ pack: MarketPack) {
    taxation = pack.taxation
    currency = pack.currency
  }

  /// What is known of a sale: its price free on board, and freight and insurance where they are known.
  public struct Sale: Hashable, Sendable {
    public var goods: Money
    public var freight: Money?
    public var insurance: Money?
    public var origin: CountryCode?

    public init(goods: Money, freight: Money? = nil, insurance: Money? = nil, origin: CountryCode? = nil) {
      self.goods = goods
      self.freight = freight
      self.insurance = insurance
      self.origin = origin
    }
  }

  public func estimate(_ code: HSCode, _ sale: Sale, on date: CalendarDate) -> DutyEstimate {
    var working = Working(currency: currency)
    guard let value = CustomsValue(sale, taxation, currency, on: date, &working),
      let regime = regime(code, value, on: date, &working)
    else { return working.estimate(code, regime: "not determined") }

    let customsValue = taxation.rounding.customsValue(taxation.valuation.basis == .cif ? value.cif : value.fob)
    working.customsValue(customsValue, taxation.valuation.basis)
    let duty = duty(code, regime, customsValue, on: date, &working)
    let tax = tax(code, regime, value, customsValue, duty, on: date, &working)
    for charge in regime.unlistedCharges { working.unknown("not included: \(charge)") }
    working.total(duty?.paid, tax)
    return working.estimate(code, regime: regime.name)
  }

  private func regime(
    _ code: HSCode, _ value: CustomsValue, on date: CalendarDate, _ working: inout Working
  ) -> DutyRegime? {
    for regime in taxation.regimes where regime.validity.contains(date) && regime.covers(code) {
      if regime.above == nil, regime.upTo == nil { return regime }
      guard let rate = taxation.exchangeRates.perUnit(regime.limitCurrency, in: currency, on: date) else {
        working.unknown("exchange rate \(regime.limitCurrency) to \(currency) on \(date)")
        return nil
      }
      if regime.covers(regime.valueBasis == .cif ? value.cif : value.fob, rate: rate) { return regime }
    }
    working.unknown("duty regime on \(date)")
    return nil
  }

  private struct Duty {
    var exact: Decimal
    var paid: Decimal
  }

  private func duty(
    _ code: HSCode, _ regime: DutyRegime, _ customsValue: Decimal, on date: CalendarDate, _ working: inout Working
  ) -> Duty? {
    let percent: Decimal
    switch regime.duty {
    case .exempt:
      working.exempt("Duty", regime)
      working.duty = 0
      return Duty(exact: 0, paid: 0)
    case .flat(let general, let byPrefix):
      percent = byPrefix.longestMatch(for: code, on: date)?.percent ?? general
    case .ordinary:
      guard let rate = taxation.tariff.rate(for: code, on: date) else {
        working.unknown("ordinary duty rate of \(code.dotted)")
        return nil
      }
      percent = rate.percent
    }
    let exact = customsValue.share(percent)
    let paid = taxation.rounding.duty(exact)
    working.charge("Duty", percent, of: customsValue, exact: exact, paid: paid)
    working.duty = paid
    return Duty(exact: exact, paid: paid)
  }

  private func tax(
    _ code: HSCode, _ regime: DutyRegime, _ value: CustomsValue, _ customsValue: Decimal, _ duty: Duty?,
    on date: CalendarDate, _ working: inout Working
  ) -> Decimal? {
    if case .exempt = regime.tax {
      working.exempt("Tax", regime)
      working.tax = 0
      return 0
    }
    guard let tax = taxation.tax else {
      working.unknown("import tax")
      return nil
    }
    guard let rate = rate(tax, regime, code, on: date, &working) else { return nil }
    guard let base = taxBase(tax, regime, value, customsValue, duty, &working) else { return nil }
    let exact = base.share(rate)
    let paid = taxation.rounding.tax(exact)
    working.charge(tax.name, rate, of: base, exact: exact, paid: paid)
    working.tax = paid
    return paid
  }

  private func rate(
    _ tax: ImportTax, _ regime: DutyRegime, _ code: HSCode, on date: CalendarDate, _ working: inout Working
  ) -> Decimal? {
    if case .flat(let general, let byPrefix) = regime.tax {
      return byPrefix.longestMatch(for: code, on: date)?.percent ?? general
    }
    guard let rate = tax.rate(for: code, on: date) else {
      working.unknown("\(tax.name) rate of \(code.dotted) on \(date)")
      return nil
    }
    if let note = rate.note { working.note("\(tax.name): \(note)") }
    return rate.percent
  }

  private func taxBase(
    _ tax: ImportTax, _ regime: DutyRegime, _ value: CustomsValue, _ customsValue: Decimal, _ duty: Duty?,
    _ working: inout Working
  ) -> Decimal? {
    if regime.taxOnGoodsAlone { return value.fob }
    if tax.dutyInBase == .notIncluded { return customsValue }
    guard let duty else {
      working.unknown("\(tax.name), because its base contains the duty")
      return nil
    }
    return customsValue + (tax.dutyInBase == .asPaid ? duty.paid : duty.exact)
  }
}

extension ExchangeRates {
  /// One for the market's own currency.
  func perUnit(_ currency: CurrencyCode, in local: CurrencyCode, on date: CalendarDate) -> Decimal? {
    currency == local ? 1 : rate(currency, on: date)?.perUnit
  }
}

extension DutyRegime {
  fileprivate func covers(_ local: Decimal, rate: Decimal) -> Bool {
    (above.map { local > $0 * rate } ?? true) && (upTo.map { local <= $0 * rate } ?? true)
  }
}

extension Decimal {
  func share(_ percent: Decimal) -> Decimal { self * percent * Decimal(1, scale: 2) }
}
