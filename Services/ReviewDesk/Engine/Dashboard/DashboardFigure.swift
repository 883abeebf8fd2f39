import Domain

/// One count of what happened, as it is kept.
public struct DashboardFigure: Hashable, Sendable {
  public enum Measure: String, Sendable, CaseIterable {
    case lane, reason, duty, description, confidence, decision, chapter, judged, stated, wait, handling, overturned,
      delivery
    /// Second opinions that were asked for, with their tokens: of all markets together.
    case opinion
  }

  /// nil in a sum over days.
  public var day: CalendarDate?
  /// nil in a sum over markets.
  public var market: Market?
  public var measure: Measure
  public var key: String
  public var count: Int64
  public var total: Int64

  public init(
    day: CalendarDate? = nil, market: Market? = nil, _ measure: Measure, _ key: String, count: Int64, total: Int64 = 0
  ) {
    self.day = day
    self.market = market
    self.measure = measure
    self.key = key
    self.count = count
    self.total = total
  }
}
