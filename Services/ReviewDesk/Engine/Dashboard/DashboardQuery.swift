import Domain

/// Which part of the figures is asked for: the latest days, in one market or all.
public struct DashboardQuery: Hashable, Sendable {
  public static let periods = [7, 28, 91]

  public var days = 28
  public var market: Market?

  public init(days: Int = 28, market: Market? = nil) {
    self.days = days
    self.market = market
  }

  /// - Parameter isLenient: an empty value means any, as an untouched field of a form sends it.
  public init(_ parameters: [(name: String, value: String)], isLenient: Bool = false) throws(Refusal) {
    self.init()
    var issues: [FieldFault] = []
    func value(_ name: String) -> String? {
      guard let text = parameters.first(where: { $0.name == name })?.value else { return nil }
      return isLenient && text.isEmpty ? nil : text
    }
    if let text = value("days") {
      if let days = DashboardQuery.periods.first(where: { "\($0)" == text }) {
        self.days = days
      } else {
        let remedy: Phrase = "Use one of \(DashboardQuery.periods.map { "\($0)" }.joined(separator: ", "))."
        issues.append(FieldFault(field: "days", problem: "No such period.", remedy: remedy))
      }
    }
    if let text = value("market") {
      market = Market(text)
      if market == nil {
        issues.append(
          FieldFault(
            field: "market", problem: "This cannot be read.", remedy: "Give a market such as SG."))
      }
    }
    guard issues.isEmpty else { throw Refusal(.malformed, "The query cannot be read.", issues) }
  }

  /// The first day, when today is the last.
  public func firstDay(today: CalendarDate) -> CalendarDate {
    CalendarDate(daysSinceEpoch: today.daysSinceEpoch - Int64(days) + 1)
  }
}
