import Domain

extension LandedCost {
  func duty(_ entry: Entry, _ working: inout Working) -> Duty? {
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
    case .known(let rate, let source, let note, let isConfirmed):
      working.note("Duty rate: \(rate) (\(source.instrument))" + (note.map { ", \($0)" } ?? ""))
      if !isConfirmed {
        working.unconfirmed(
          "ordinary duty rate of \(entry.code.dotted), \(rate): not confirmed against the instrument")
      }
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
  func inBase(_ duty: Duty) -> Decimal {
    taxation.tax?.dutyInBase == .beforeRounding ? duty.exact : duty.paid
  }
}
