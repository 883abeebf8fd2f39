import Domain

/// Duty and tax on one sale sent by itself, as the market's pack says they are computed. Every amount is exact until the step at
/// which the authority rounds it.
public struct LandedCost: Sendable {
  public let market: Market
  public let currency: CurrencyCode
  let taxation: Taxation
  let ordinaryDuty: OrdinaryDuty

  public init(_ pack: MarketPack, tariffs: TariffLibrary = .empty) {
    market = pack.market
    currency = pack.currency
    taxation = pack.taxation
    ordinaryDuty = OrdinaryDuty(market: pack.market, tariff: pack.taxation.tariff, library: tariffs)
  }

  /// Under the ordinary rate, or under a programme's where one is named.
  public func estimate(
    _ code: HSCode, _ sale: Sale, on date: CalendarDate, under programme: TradeProgramme? = nil
  ) -> DutyEstimate {
    var working = Working(currency: currency)
    let converter = Converter(taxation.exchangeRates, into: currency, on: date, sale)
    guard let value = CustomsValue(sale, taxation.valuation, converter, &working),
      let regime = regime(code, sale, value, converter, on: date, &working)
    else { return working.estimate(code, regime: "not determined", programme: nil) }

    let customsValue = taxation.rounding.customsValue(taxation.valuation.basis == .cif ? value.cif : value.fob)
    working.customsValue(customsValue, taxation.valuation.basis)
    let entry = Entry(
      code: code, sale: sale, date: date, programme: programme, regime: regime, fob: value.fob,
      customsValue: customsValue)
    let duty = duty(entry, &working)
    let excise = excise(entry, duty, &working)
    let fees = fees(entry, &working)
    let tax = tax(entry, duty, excise, fees, &working)
    prepayments(entry, duty, &working)
    for charge in regime.unlistedCharges { working.unknown("not included: \(charge)") }
    working.total(duty?.paid, excise, tax, fees?.due)
    return working.estimate(code, regime: regime.name, programme: usesTariff(regime) ? programme?.id : nil)
  }

  /// The ordinary rate that the code bears, as it stands in the tariff.
  public func ordinaryRate(_ code: HSCode, on date: CalendarDate) -> OrdinaryDuty.Lookup {
    ordinaryDuty.rate(for: code, on: date)
  }

  /// By the market's own table of rates; nil where it does not say.
  public func convert(_ amount: Money, to other: CurrencyCode, on date: CalendarDate) -> Money? {
    guard amount.currency == currency, let perUnit = taxation.exchangeRates.perUnit(other, in: currency, on: date)
    else { return nil }
    return Money(amount.amount.divided(by: perUnit, places: other.minorUnitDigits, .halfUp), other)
  }

  /// The national lines below the code, where they are known.
  public func nationalLines(of code: HSCode) -> [HSCode] { ordinaryDuty.lines(of: code) }

  func usesTariff(_ regime: DutyRegime) -> Bool { regime.duty == .ordinary }

  /// All that the steps have in common.
  struct Entry {
    let code: HSCode
    let sale: Sale
    let date: CalendarDate
    let programme: TradeProgramme?
    let regime: DutyRegime
    let fob: Decimal
    let customsValue: Decimal
  }

  struct Duty {
    var exact: Decimal
    var paid: Decimal
  }

  struct Fees {
    var due: Decimal
    var inTaxBase: Decimal
  }
}

// MARK: Regime

extension LandedCost {
  private func regime(
    _ code: HSCode, _ sale: Sale, _ value: CustomsValue, _ converter: Converter, on date: CalendarDate,
    _ working: inout Working
  ) -> DutyRegime? {
    let kind = sale.consignment ?? .parcel
    for regime in taxation.regimes
    where regime.validity.contains(date) && regime.covers(code) && regime.covers(kind) {
      if regime.above != nil || regime.upTo != nil {
        guard let rate = converter.perUnit(regime.limitCurrency) else {
          working.unknown("exchange rate \(regime.limitCurrency) to \(currency) on \(date)")
          return nil
        }
        guard regime.covers(regime.valueBasis == .cif ? value.cif : value.fob, rate: rate) else { continue }
      }
      if regime.isConfirmed { return regime }
      working.note("Not applied: \(regime.name), which is not confirmed (\(regime.source.instrument))")
    }
    working.unknown("duty regime on \(date)")
    return nil
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
