import Domain

/// Duty and tax on one sale sent by itself, as the market's pack says they are computed. Every amount is exact until the step at
/// which the authority rounds it.
public struct LandedCost: Sendable {
  public let market: Market
  public let currency: CurrencyCode
  private let taxation: Taxation
  private let ordinaryDuty: OrdinaryDuty

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
  private struct Entry {
    let code: HSCode
    let sale: Sale
    let date: CalendarDate
    let programme: TradeProgramme?
    let regime: DutyRegime
    let fob: Decimal
    let customsValue: Decimal
  }

  private struct Duty {
    var exact: Decimal
    var paid: Decimal
  }

  private struct Fees {
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

// MARK: Duty

extension LandedCost {
  private func duty(_ entry: Entry, _ working: inout Working) -> Duty? {
    if let programme = entry.programme, !usesTariff(entry.regime) {
      working.note("\(programme.id) does not apply: \(entry.regime.name) has its own rate")
    }
    if let stated = entry.sale.dutyRate, !usesTariff(entry.regime) {
      working.note("The stated duty rate of \(stated) is not used: \(entry.regime.name) has its own rate")
    }
    switch entry.regime.duty {
    case .exempt:
      working.exempt("Duty", entry.regime)
      working.duty = 0
      return Duty(exact: 0, paid: 0)
    case .flat(let percent, let byPrefix):
      let line = byPrefix.longestMatch(for: entry.code, on: entry.date)
      return charge(line?.rate ?? DutyRate(percent: percent), entry, &working)
    case .ordinary:
      return tariffRate(entry, &working).flatMap { charge($0, entry, &working) }
    }
  }

  private func tariffRate(_ entry: Entry, _ working: inout Working) -> DutyRate? {
    if let stated = entry.sale.dutyRate {
      working.note("Duty rate: \(stated), as stated")
      return stated
    }
    if let programme = entry.programme { return preferentialRate(programme, entry, &working) }
    switch ordinaryDuty.rate(for: entry.code, on: entry.date) {
    case .known(let rate, let source, let note):
      working.note("Duty rate: \(rate) (\(source.instrument))" + (note.map { ", \($0)" } ?? ""))
      return rate
    case .varies(let lines):
      working.unknown("ordinary duty rate of \(entry.code.dotted): \(OrdinaryDuty.text(lines))")
    case .unknown: working.unknown("ordinary duty rate of \(entry.code.dotted)")
    case .unreadable(let problem): working.unknown("ordinary duty rate of \(entry.code.dotted): \(problem)")
    }
    return nil
  }

  private func preferentialRate(
    _ programme: TradeProgramme, _ entry: Entry, _ working: inout Working
  ) -> DutyRate? {
    guard let origin = entry.sale.origin, programme.joins(origin, to: market, on: entry.date) else {
      working.unknown("\(programme.id) between \(entry.sale.origin?.code ?? "an unknown origin") and \(market)")
      return nil
    }
    guard let rate = rate(programme, entry.code, from: origin, on: entry.date) else {
      working.unknown("\(programme.id) rate of \(entry.code.dotted)")
      return nil
    }
    working.note("Duty rate: \(rate.rate) under \(programme.id) (\(rate.source.instrument))")
    return rate.rate
  }

  /// Of a code that national lines divide, the rate that they all have.
  private func rate(
    _ programme: TradeProgramme, _ code: HSCode, from origin: CountryCode, on date: CalendarDate
  ) -> TradeProgramme.Rate? {
    if let rate = programme.rate(for: code, from: origin, to: market, on: date) { return rate }
    guard !code.isNational else { return nil }
    let rates = ordinaryDuty.lines(of: code).map { programme.rate(for: $0, from: origin, to: market, on: date) }
    guard let first = rates.first ?? nil, rates.allSatisfy({ $0?.rate == first.rate }) else { return nil }
    return first
  }

  private func charge(_ rate: DutyRate, _ entry: Entry, _ working: inout Working) -> Duty? {
    guard let exact = working.amount("Duty", rate, of: entry.customsValue, entry.sale.quantities) else { return nil }
    let paid = taxation.rounding.duty(exact)
    working.rounded("Duty", exact, to: paid)
    working.duty = paid
    working.dutyRate = rate
    return Duty(exact: exact, paid: paid)
  }

  /// The duty as it stands in the base of what is charged upon it.
  private func inBase(_ duty: Duty) -> Decimal {
    taxation.tax?.dutyInBase == .beforeRounding ? duty.exact : duty.paid
  }
}

// MARK: Excise, fees and tax

extension LandedCost {
  private func excise(_ entry: Entry, _ duty: Duty?, _ working: inout Working) -> Decimal? {
    // A regime without tax is one without excise: goods that bear excise are left out of it by their prefixes.
    if case .exempt = entry.regime.tax { return working.setExcise(0) }
    var sum: Decimal = 0
    for excise in taxation.excises {
      for line in excise.finerLines(than: entry.code, on: entry.date) {
        working.unknown("whether \(excise.name) is due: goods of \(line.prefix) bear it")
        return nil
      }
      guard let line = excise.line(for: entry.code, on: entry.date) else { continue }
      guard let rate = line.rate else {
        working.unknown("\(excise.name) rate of \(entry.code.dotted)" + (line.note.map { " (\($0))" } ?? ""))
        return nil
      }
      var base = entry.customsValue
      if excise.base == .customsValueAndDuty, rate.percent != nil {
        guard let duty else {
          working.unknown("\(excise.name), because its base contains the duty")
          return nil
        }
        base = base + inBase(duty)
      }
      guard let exact = working.amount(excise.name, rate, of: base, entry.sale.quantities) else { return nil }
      let paid = taxation.rounding.tax(exact)
      working.rounded(excise.name, exact, to: paid)
      sum = sum + paid
    }
    return working.setExcise(sum)
  }

  private func fees(_ entry: Entry, _ working: inout Working) -> Fees? {
    var fees = Fees(due: 0, inTaxBase: 0)
    for fee in entry.regime.fees where fee.validity.contains(entry.date) {
      guard let amount = fee.amount(for: entry.customsValue) else {
        working.unknown(fee.name)
        return nil
      }
      working.note("\(fee.name): \(amount) \(currency)" + (fee.isDue ? "" : ", in the tax base alone"))
      if fee.isDue { fees.due = fees.due + amount }
      if fee.isInTaxBase { fees.inTaxBase = fees.inTaxBase + amount }
    }
    working.fees = fees.due
    return fees
  }

  private func tax(
    _ entry: Entry, _ duty: Duty?, _ excise: Decimal?, _ fees: Fees?, _ working: inout Working
  ) -> Decimal? {
    if let stated = entry.sale.taxRate, entry.regime.tax == .exempt {
      working.note("The stated tax rate of \(stated) % is not used: \(entry.regime.name) has its own rule")
    }
    if let saleTax = entry.regime.saleTax { return saleTax.charged(entry.sale, entry.fob, taxation, &working) }
    if case .exempt = entry.regime.tax {
      working.exempt("Tax", entry.regime)
      working.tax = 0
      return 0
    }
    guard let tax = taxation.tax else {
      working.unknown("import tax")
      return nil
    }
    guard let percent = percent(tax, entry, &working),
      let base = base(tax, entry, duty, excise, fees, &working)
    else { return nil }
    let exact = base.share(percent)
    let paid = taxation.rounding.tax(exact)
    working.share(tax.name, percent, of: base, exact: exact)
    working.rounded(tax.name, exact, to: paid)
    working.tax = paid
    return paid
  }

  private func percent(_ tax: ImportTax, _ entry: Entry, _ working: inout Working) -> Decimal? {
    if let stated = entry.sale.taxRate {
      working.note("\(tax.name): \(stated) %, as stated")
      return stated
    }
    if case .flat(let general, let byPrefix) = entry.regime.tax {
      return byPrefix.longestMatch(for: entry.code, on: entry.date)?.rate.percent ?? general
    }
    guard let rate = tax.rate(for: entry.code, on: entry.date) else {
      working.unknown("\(tax.name) rate of \(entry.code.dotted) on \(entry.date)")
      return nil
    }
    if let note = rate.note { working.note("\(tax.name): \(note)") }
    return rate.percent
  }

  private func base(
    _ tax: ImportTax, _ entry: Entry, _ duty: Duty?, _ excise: Decimal?, _ fees: Fees?, _ working: inout Working
  ) -> Decimal? {
    guard let excise, let fees else {
      working.unknown("\(tax.name), because its base contains what is not known")
      return nil
    }
    let base = entry.customsValue + excise + fees.inTaxBase
    if tax.dutyInBase == .notIncluded { return base }
    guard let duty else {
      working.unknown("\(tax.name), because its base contains the duty")
      return nil
    }
    return base + inBase(duty)
  }

  private func prepayments(_ entry: Entry, _ duty: Duty?, _ working: inout Working) {
    guard let duty else { return }
    let base = entry.customsValue + inBase(duty)
    for prepayment in entry.regime.prepayments {
      for rate in prepayment.rates {
        let amount = taxation.rounding.tax(base.share(rate.percent))
        working.prepaid("\(prepayment.name), \(rate.condition): \(base) × \(rate.percent) % = \(amount) \(currency)")
      }
    }
  }
}

extension SaleTax {
  fileprivate func charged(
    _ sale: LandedCost.Sale, _ goods: Decimal, _ taxation: Taxation, _ working: inout Working
  ) -> Decimal {
    let exact = goods.share(percent)
    let paid = taxation.rounding.tax(exact)
    guard sale.sellerIsRegistered ?? isAssumed else {
      working.note("\(name): none at the border; a registered seller charges \(percent) % of \(goods) = \(paid)")
      working.tax = 0
      return 0
    }
    let isTaken = sale.sellerIsRegistered == nil ? ", taking the seller to be registered" : ""
    working.share("\(name), charged with the price\(isTaken)", percent, of: goods, exact: exact)
    working.rounded(name, exact, to: paid)
    working.tax = paid
    return paid
  }
}

extension Decimal {
  func share(_ percent: Decimal) -> Decimal { self * percent * Decimal(1, scale: 2) }
}
