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
  private let before: TariffSchedule?
  private let after: TariffSchedule?
  private let day: CalendarDate

  public init(from before: TariffSchedule?, to after: TariffSchedule?, on day: CalendarDate) {
    (self.before, self.after, self.day) = (before, after, day)
    let old = Set((before?.lines ?? []).map(\.code))
    let new = Set((after?.lines ?? []).map(\.code))
    added = new.subtracting(old).sorted()
    removed = old.subtracting(new).sorted()
    changed = old.intersection(new).sorted().compactMap { code in
      let (earlier, later) = (rate(before, code), rate(after, code))
      return earlier == later ? nil : Change(code: code, before: earlier, after: later)
    }
  }

  private func rate(_ schedule: TariffSchedule?, _ code: HSCode) -> DutyRate? {
    guard case .known(let rate)? = schedule?.rate(for: code, on: day) else { return nil }
    return rate.rate
  }

  /// What the change means for goods that were cleared under a code; nil where it means nothing.
  public func effect(on code: HSCode) -> String? {
    if code.isNational, before?.lines(of: code).isEmpty == false, after?.lines(of: code).isEmpty != false {
      return "\(code.dotted) is no line of the tariff any more"
    }
    let (earlier, later) = (words(before, code), words(after, code))
    return earlier == later ? nil : "the duty of \(code.dotted) was \(earlier) and is \(later)"
  }

  private func words(_ schedule: TariffSchedule?, _ code: HSCode) -> String {
    switch schedule?.rate(for: code, on: day) ?? .unknown {
    case .known(let rate): rate.rate.description
    case .varies(let lines): OrdinaryDuty.text(lines.mapValues(\.rate))
    case .unknown: "not known"
    }
  }
}
