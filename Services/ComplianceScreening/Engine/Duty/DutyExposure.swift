import Domain

/// What is at stake in the choice between candidate codes, and in choosing a market: each code's ordinary rate and estimate,
/// beside one another.
public struct DutyExposure: Sendable {
  public struct Entry: Sendable {
    public var market: Market
    public var code: HSCode
    public var estimate: DutyEstimate
    /// The least and the greatest duty that may hold, in percent of the customs value; nil when unknown.
    public var percentages: ClosedRange<Decimal>?

    init(_ code: HSCode, _ landedCost: LandedCost, _ estimate: DutyEstimate, on date: CalendarDate) {
      market = landedCost.market
      self.code = code
      self.estimate = estimate
      percentages =
        estimate.dutyShare.map { $0...$0 } ?? landedCost.ordinaryRate(code, on: date).percentages
    }
  }

  public let entries: [Entry]

  public init(_ entries: [Entry]) { self.entries = entries }

  /// One product's candidate codes in each market.
  public init(
    _ codes: [HSCode], _ markets: [LandedCost], _ sale: LandedCost.Sale, on date: CalendarDate,
    under programme: TradeProgramme? = nil
  ) {
    entries = markets.flatMap { landedCost in
      codes.map { code in
        Entry(code, landedCost, landedCost.estimate(code, sale, on: date, under: programme), on: date)
      }
    }
  }

  public var markets: [Market] {
    var seen: Set<Market> = []
    return entries.map(\.market).filter { seen.insert($0).inserted }
  }

  /// Between the cheapest and the dearest candidate of a market, in percentage points; nil when a candidate's rate is unknown.
  public func spread(in market: Market) -> Decimal? {
    let ranges = entries.filter { $0.market == market }.map(\.percentages)
    let known = ranges.compactMap(\.self)
    guard known.count == ranges.count, let least = known.map(\.lowerBound).min(),
      let most = known.map(\.upperBound).max()
    else { return nil }
    return most - least
  }

  /// Between the dearest and the cheapest candidate in money, where both totals are known.
  public func amountAtStake(in market: Market) -> Money? {
    let totals = entries.filter { $0.market == market }.compactMap(\.estimate.total)
    guard let least = totals.map(\.minorUnits).min(), let most = totals.map(\.minorUnits).max(),
      let currency = totals.first?.currency
    else { return nil }
    let (units, overflows) = most.subtractingReportingOverflow(least)
    return overflows ? nil : Money(minorUnits: units, currency: currency)
  }
}

extension DutyEstimate {
  /// Duty as it was charged, in percent of the customs value: the rate where it goes by value, else the amount's share.
  var dutyShare: Decimal? {
    guard let duty, let customsValue, customsValue.minorUnits > 0 else { return nil }
    if duty.minorUnits == 0 { return 0 }
    if let percent = dutyRate.flatMap({ DutyRate($0) })?.percent { return percent }
    return (duty.amount * 100).divided(by: customsValue.amount, places: 2, .halfUp)
  }
}
