/// Durations as people write them in configuration: a whole number and a unit.
enum DurationText {
  private static let units: [(suffix: String, nanoseconds: Int64)] = [
    ("d", 86_400_000_000_000), ("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000),
    ("ms", 1_000_000), ("us", 1_000), ("ns", 1),
  ]

  static func parse(_ text: String) -> Duration? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let suffix = text[digits.endIndex...]
    guard let count = Int64(digits), let unit = units.first(where: { $0.suffix == suffix }) else { return nil }
    let (nanoseconds, overflow) = count.multipliedReportingOverflow(by: unit.nanoseconds)
    return overflow ? nil : .nanoseconds(nanoseconds)
  }

  /// In the largest unit that needs no fraction.
  static func show(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let nanoseconds = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    guard nanoseconds != 0 else { return "0s" }
    guard let unit = units.first(where: { nanoseconds.isMultiple(of: $0.nanoseconds) }) else { return "\(duration)" }
    return "\(nanoseconds / unit.nanoseconds)\(unit.suffix)"
  }
}
