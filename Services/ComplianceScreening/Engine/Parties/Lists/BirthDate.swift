import Domain
import JSON

/// A date of birth as lists give it: a day, a month, a year, or somewhere between two.
public struct BirthDate: Hashable, Sendable {
  public var earliest: CalendarDate
  public var latest: CalendarDate

  public init?(from earliest: CalendarDate, to latest: CalendarDate) {
    guard earliest <= latest else { return nil }
    self.earliest = earliest
    self.latest = latest
  }

  public init(_ day: CalendarDate) { (earliest, latest) = (day, day) }

  public init?(years: ClosedRange<Int64>) {
    guard let first = CalendarDate(year: years.lowerBound, month: 1, day: 1),
      let last = CalendarDate(year: years.upperBound, month: 12, day: 31)
    else { return nil }
    self.init(from: first, to: last)
  }

  init?(year: Int64, month: Int64) {
    guard let first = CalendarDate(year: year, month: month, day: 1),
      let next = CalendarDate(year: month == 12 ? year + 1 : year, month: month % 12 + 1, day: 1)
    else { return nil }
    self.init(from: first, to: CalendarDate(daysSinceEpoch: next.daysSinceEpoch - 1))
  }

  /// `1971`, `1971-01`, `1971-01-05`, `05 Jan 1971`, `Jan 1971`, `circa 1971`, `1971 to 1973`.
  public init?(text: String) {
    let lower = text.lowercased()
    var words = lower.split { $0 == " " || $0 == "," || $0 == "." }
    let isApproximate = words.first.map { ["circa", "approximately", "c", "ca", "about"].contains($0) } ?? false
    if isApproximate { words.removeFirst() }
    if let to = words.firstIndex(where: { $0 == "to" || $0 == "-" }), to > 0, to + 1 < words.count {
      guard let first = BirthDate(words: words[..<to]), let last = BirthDate(words: words[(to + 1)...]) else {
        return nil
      }
      self.init(from: first.earliest, to: last.latest)
      return
    }
    guard let found = BirthDate(words: words[...]) else { return nil }
    self = found
    if isApproximate {
      earliest = CalendarDate(daysSinceEpoch: earliest.daysSinceEpoch - 366)
      latest = CalendarDate(daysSinceEpoch: latest.daysSinceEpoch + 366)
    }
  }

  private init?(words: ArraySlice<Substring>) {
    let words = Array(words)
    switch words.count {
    case 1:
      if let day = CalendarDate(String(words[0])) {
        self.init(day)
      } else if let year = BirthDate.year(words[0]) {
        self.init(years: year...year)
      } else {
        let parts = words[0].split(separator: "-")
        guard parts.count == 2, let year = BirthDate.year(parts[0]), let month = Int64(parts[1]) else { return nil }
        self.init(year: year, month: month)
      }
    case 2:
      guard let month = BirthDate.month(words[0]), let year = BirthDate.year(words[1]) else { return nil }
      self.init(year: year, month: month)
    case 3:
      guard let month = BirthDate.month(words[1]), let year = BirthDate.year(words[2]), let day = Int64(words[0]),
        let date = CalendarDate(year: year, month: month, day: day)
      else { return nil }
      self.init(date)
    default: return nil
    }
  }

  private static func year(_ text: Substring) -> Int64? {
    guard text.utf8.count == 4, let year = Int64(text), (1800...2200).contains(year) else { return nil }
    return year
  }

  private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

  private static func month(_ text: Substring) -> Int64? {
    months.firstIndex(of: String(text.prefix(3))).map { Int64($0 + 1) }
  }

  /// How many days lie between the two; 0 when they may be the same.
  public func distance(to other: BirthDate) -> Int64 {
    max(
      0,
      max(earliest.daysSinceEpoch - other.latest.daysSinceEpoch, other.earliest.daysSinceEpoch - latest.daysSinceEpoch))
  }
}

extension BirthDate: CustomStringConvertible {
  public var description: String { earliest == latest ? "\(earliest)" : "\(earliest)/\(latest)" }
}

extension BirthDate: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self = try json.decode("a date of birth such as 1971-01-05 or 1971-01-01/1971-12-31") { value in
      guard let parts = value.stringValue?.split(separator: "/"),
        let first = parts.first.flatMap({ CalendarDate(String($0)) })
      else { return nil }
      guard parts.count == 2 else { return BirthDate(first) }
      return CalendarDate(String(parts[1])).flatMap { BirthDate(from: first, to: $0) }
    }
  }

  public var json: JSONValue { .string(description) }
}
