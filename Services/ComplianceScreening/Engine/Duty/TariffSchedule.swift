import Domain

/// One market's national lines and the ordinary duty rates that are known for them. A rate stands for all lines that begin with
/// its prefix; a line without one has an unknown rate, not a free one.
public struct TariffSchedule: Sendable {
  public struct Rate: Hashable, Sendable {
    public var prefix: String
    public var rate: DutyRate
    public var from: CalendarDate
    /// The last day on which it holds; nil where no end is set.
    public var until: CalendarDate?
    public var source: RuleSource
    /// Whether it was read in what the authority published, and not in what others compiled from it.
    public var isConfirmed = true
  }

  /// A national code and the unit that its quantity is declared in.
  public struct Line: Hashable, Sendable {
    public var code: HSCode
    public var unit: QuantityUnit?
  }

  public let edition: String
  /// Whether its rates hold also where the market's pack says otherwise: what an authority published as a whole does.
  public let prevails: Bool
  /// In the order of their codes.
  public let lines: [Line]
  private let rates: [String: [Rate]]

  public init(edition: String, lines: [Line], rates: [Rate], prevails: Bool = false) {
    self.edition = edition
    self.prevails = prevails
    self.lines = lines.sorted { $0.code < $1.code }
    self.rates = Dictionary(grouping: rates, by: \.prefix)
  }

  /// The line itself, or every line below a shorter code.
  public func lines(of code: HSCode) -> ArraySlice<Line> {
    let start = lines.partitioningIndex { $0.code.digits >= code.digits }
    let rest = lines[start...]
    return rest.prefix { $0.code.hasPrefix(code.digits) }
  }

  public enum Lookup: Hashable, Sendable {
    case known(Rate)
    /// The lines of a shorter code differ, so which one it is decides.
    case varies([Line: Rate])
    case unknown
  }

  public func rate(for code: HSCode, on date: CalendarDate) -> Lookup {
    let below = lines(of: code)
    guard below.contains(where: { $0.code != code }) else {
      return longest(for: code, on: date).map { .known($0) } ?? .unknown
    }
    var found: [Line: Rate] = [:]
    for line in below {
      guard let rate = longest(for: line.code, on: date) else { return .unknown }
      found[line] = rate
    }
    let each = below.compactMap { found[$0] }
    guard let first = each.first else { return .unknown }
    guard each.allSatisfy({ $0.rate == first.rate }) else { return .varies(found) }
    // All of them are as sure as the least sure.
    return .known(each.first { !$0.isConfirmed } ?? first)
  }

  private func longest(for code: HSCode, on date: CalendarDate) -> Rate? {
    for length in stride(from: code.digits.utf8.count, through: 2, by: -1) {
      let inForce = rates[String(code.digits.prefix(length))]?.filter {
        $0.from <= date && $0.until.map { date <= $0 } != false
      }
      if let newest = inForce?.max(by: { $0.from < $1.from }) { return newest }
    }
    return nil
  }
}

extension Array {
  /// The first index whose element satisfies a predicate that holds from some place on.
  fileprivate func partitioningIndex(where belongsToEnd: (Element) -> Bool) -> Int {
    var low = startIndex
    var high = endIndex
    while low < high {
      let middle = low + (high - low) / 2
      if belongsToEnd(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
