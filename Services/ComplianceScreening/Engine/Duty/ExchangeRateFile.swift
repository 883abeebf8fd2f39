import CSV
import Domain

/// Rates of exchange as a customs authority's table gives them: CSV with the columns `currency,rate` and, where the table has
/// them, `units` (the rate is for so many, 1 when absent) and `from` (the day from which it holds).
public struct ExchangeRateFile: Sendable {
  public struct FormatError: Error, Hashable, Sendable, CustomStringConvertible {
    public var line: Int
    public var reason: String
    public var description: String { "line \(line): \(reason)" }
  }

  public let rates: [ExchangeRates.Rate]

  /// - Parameter day: from which rates hold that do not say it.
  public init(_ csv: [UInt8], from day: CalendarDate?) throws(FormatError) {
    var rows = DelimitedText(csv).rows[...]
    guard let header = rows.popFirst() else { throw FormatError(line: 1, reason: "the file is empty") }
    let columns = DelimitedText.columns(header)
    guard let currency = columns["currency"], let rate = columns["rate"] else {
      throw FormatError(line: header.line, reason: "the columns currency and rate are needed")
    }
    var rates: [ExchangeRates.Rate] = []
    var seen: Set<String> = []
    for row in rows {
      guard let code = CurrencyCode(ExchangeRateFile.trimmed(row[currency])) else {
        throw FormatError(line: row.line, reason: "'\(row[currency])' is not a currency such as USD")
      }
      let from = try ExchangeRateFile.day(row, columns["from"], day)
      guard seen.insert("\(code) \(from)").inserted else {
        throw FormatError(line: row.line, reason: "\(code) stands twice for \(from)")
      }
      let units = row[columns["units"]].isEmpty ? "1" : row[columns["units"]]
      rates.append(
        ExchangeRates.Rate(code, perUnit: try ExchangeRateFile.perUnit(row[rate], units, row.line), from: from))
    }
    guard !rates.isEmpty else { throw FormatError(line: header.line, reason: "there are no rates") }
    self.rates = rates
  }

  private static func day(
    _ row: DelimitedText.Row, _ column: Int?, _ day: CalendarDate?
  ) throws(FormatError) -> CalendarDate {
    let text = trimmed(row[column])
    guard let day = text.isEmpty ? day : CalendarDate(text) else {
      throw FormatError(
        line: row.line, reason: text.isEmpty ? "no day is given for it" : "'\(text)' is no date such as 2026-01-31")
    }
    return day
  }

  /// With as many places as any rate needs, and few enough for any amount.
  private static func perUnit(_ rate: String, _ units: String, _ line: Int) throws(FormatError) -> Decimal {
    let (rate, units) = (trimmed(rate), trimmed(units))
    guard let amount = Decimal(rate), let count = Decimal(units), amount > 0, count > 0, amount < 1_000_000_000,
      amount.scale <= 8, count <= 1_000_000, count.scale == 0
    else { throw FormatError(line: line, reason: "'\(rate)' for \(units) is not a rate above zero") }
    let perUnit = amount.divided(by: count, places: 8, .halfUp)
    guard perUnit > 0 else { throw FormatError(line: line, reason: "'\(rate)' for \(units) is too small a rate") }
    return perUnit
  }

  private static func trimmed(_ text: String) -> String { ListText.trimmed(text) }
}
