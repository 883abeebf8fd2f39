import Domain

/// What changes from one tariff of a market to another.
public struct TariffDifference: Sendable {
  public struct Change: Hashable, Sendable {
    public var code: HSCode
    /// nil where it was not known.
    public var before: DutyRate?
    public var after: DutyRate?
  }

  public private(set) var added: [HSCode] = []
  public private(set) var removed: [HSCode] = []
  public private(set) var changed: [Change] = []
  private let before: Side
  private let after: Side
  private let day: CalendarDate

  /// A tariff with the rates of the market's pack beside it.
  private struct Side: Sendable {
    let schedule: TariffSchedule?
    let duty: OrdinaryDuty

    func rate(_ code: HSCode, on day: CalendarDate) -> DutyRate? {
      guard case .known(let rate, _, _, _) = duty.rate(for: code, on: day) else { return nil }
      return rate
    }

    func words(_ code: HSCode, on day: CalendarDate) -> String {
      switch duty.rate(for: code, on: day) {
      case .known(let rate, _, _, _): rate.description
      case .varies(let lines): OrdinaryDuty.text(lines)
      case .unknown, .unreadable: "not known"
      }
    }
  }

  public init(
    from before: TariffSchedule?, to after: TariffSchedule?, of market: Market, beside pack: Tariff = Tariff(),
    on day: CalendarDate
  ) {
    func side(_ schedule: TariffSchedule?) -> Side {
      let library = schedule.map { TariffLibrary(nil, replacing: [market: $0]) } ?? .empty
      return Side(schedule: schedule, duty: OrdinaryDuty(market: market, tariff: pack, library: library))
    }
    self.before = side(before)
    self.after = side(after)
    self.day = day
    let old = Set((before?.lines ?? []).map(\.code))
    let new = Set((after?.lines ?? []).map(\.code))
    added = new.subtracting(old).sorted()
    removed = old.subtracting(new).sorted()
    changed = old.intersection(new).sorted().compactMap { [self] code in
      let (earlier, later) = (self.before.rate(code, on: day), self.after.rate(code, on: day))
      return earlier == later ? nil : Change(code: code, before: earlier, after: later)
    }
  }

  /// What the change means for goods that were cleared under a code; nil where it means nothing.
  public func effect(on code: HSCode) -> String? {
    if code.isNational, before.schedule?.lines(of: code).isEmpty == false,
      after.schedule?.lines(of: code).isEmpty != false
    {
      return "\(code.dotted) is no line of the tariff any more"
    }
    let (earlier, later) = (before.words(code, on: day), after.words(code, on: day))
    return earlier == later ? nil : "the duty of \(code.dotted) was \(earlier) and is \(later)"
  }
}
