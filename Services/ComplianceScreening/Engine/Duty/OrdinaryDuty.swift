import Domain

/// Finds a code's ordinary rate: in the market's national lines where they are known, and in its pack.
public struct OrdinaryDuty: Sendable {
  public enum Lookup: Hashable, Sendable {
    /// With what should be said about how it was found, and whether it was read in what the authority published.
    case known(DutyRate, RuleSource, note: String?, isConfirmed: Bool = true)
    /// The national lines below the code, each with its rate.
    case varies([TariffSchedule.Line: DutyRate])
    case unknown
    /// The tariff's file cannot be read.
    case unreadable(String)
  }

  let market: Market
  let tariff: Tariff
  let library: TariffLibrary

  public func rate(for code: HSCode, on date: CalendarDate) -> Lookup {
    let schedule: TariffSchedule?
    do { schedule = try library.schedule(market) } catch { return .unreadable(error.description) }
    let pack = tariff.rate(for: code, on: date)
    switch schedule?.rate(for: code, on: date) ?? .unknown {
    case .known(let rate):
      // The pack is newer than what stands beside the product, so at the same depth it stands.
      if schedule?.prevails != true, let pack, let source = pack.source,
        pack.prefix.utf8.count >= rate.prefix.utf8.count
      {
        return .known(pack.rate, source, note: nil)
      }
      return .known(
        rate.rate, rate.source, note: OrdinaryDuty.note(code, schedule), isConfirmed: rate.isConfirmed)
    case .varies(let lines):
      return .varies(lines.mapValues(\.rate))
    case .unknown:
      guard let pack, let source = pack.source else { return .unknown }
      return .known(pack.rate, source, note: nil)
    }
  }

  func lines(of code: HSCode) -> [HSCode] {
    guard let schedule = try? library.schedule(market) else { return [] }
    return schedule.lines(of: code).map(\.code)
  }

  private static func note(_ code: HSCode, _ schedule: TariffSchedule?) -> String? {
    guard !code.isNational, let lines = schedule?.lines(of: code), lines.count > 1 else { return nil }
    return "the same for all \(lines.count) national lines"
  }

  static func text(_ lines: [TariffSchedule.Line: DutyRate]) -> String {
    let byRate = Dictionary(grouping: lines.keys, by: { lines[$0]?.description ?? "" })
    let parts = byRate.keys.sorted().map { rate in
      let codes = (byRate[rate] ?? []).map(\.code).sorted().prefix(3).map(\.dotted).joined(separator: ", ")
      let more = (byRate[rate]?.count ?? 0) > 3 ? " …" : ""
      return "\(rate) for \(codes)\(more)"
    }
    return "\(parts.joined(separator: "; "))"
  }
}

extension OrdinaryDuty.Lookup {
  /// The least and the greatest percentage that may hold; nil when that cannot be said.
  public var percentages: ClosedRange<Decimal>? {
    switch self {
    case .known(let rate, _, _, _): return rate.percent.map { $0...$0 }
    case .varies(let lines):
      let percentages = lines.values.compactMap(\.percent)
      guard percentages.count == lines.count, let least = percentages.min(), let most = percentages.max() else {
        return nil
      }
      return least...most
    case .unknown, .unreadable: return nil
    }
  }
}
