import Domain

/// Reads the tariff files of the reference data. Lines of a nomenclature: a code and its unit.
///
///     85171300 u
///
/// Rates of a market: the edition of the file, whose the rates are and since when, then a prefix and its rate on each line.
///
///     edition 2026.11.1
///     source 2022-04-01 Ministry of Finance | PMK 26/PMK.010/2022 | 2026-11-20
///     85171300 0 %
///
/// `unconfirmed source …` begins the rates that others compiled and nobody has read in the instrument.
enum TariffFile {
  struct FormatError: Error, CustomStringConvertible {
    var line: Int
    var reason: String
    var description: String { "line \(line): \(reason)" }
  }

  static func lines(_ text: String) throws(FormatError) -> [TariffSchedule.Line] {
    var lines: [TariffSchedule.Line] = []
    for (number, words) in content(text) {
      guard let code = HSCode(String(words[0])), code.isNational else {
        throw FormatError(line: number, reason: "'\(words[0])' is not a national code")
      }
      let unit = words.count > 1 ? QuantityUnit(rawValue: String(words[1])) : nil
      if words.count > 2 || (words.count == 2 && unit == nil) {
        throw FormatError(line: number, reason: "the code is followed by a unit, such as kg or u, or by nothing")
      }
      lines.append(TariffSchedule.Line(code: code, unit: unit))
    }
    return lines
  }

  struct Rates: Sendable {
    var edition: String
    var rates: [TariffSchedule.Rate]
  }

  static func rates(_ text: String) throws(FormatError) -> Rates {
    var rates: [TariffSchedule.Rate] = []
    var edition: String?
    var heading: Heading?
    for (number, words) in content(text) {
      switch words[0] {
      case "edition" where words.count == 2: edition = String(words[1])
      case "source", "unconfirmed":
        guard let read = Heading(words) else {
          throw FormatError(
            line: number, reason: "a source is written: [unconfirmed] source DATE AUTHORITY | INSTRUMENT | AS-OF")
        }
        heading = read
      default:
        guard let heading else { throw FormatError(line: number, reason: "stands before any source") }
        rates.append(try rate(words, heading, line: number))
      }
    }
    guard let edition else { throw FormatError(line: 1, reason: "the file names no edition") }
    return Rates(edition: edition, rates: rates)
  }

  private static func rate(
    _ words: [Substring], _ heading: Heading, line: Int
  ) throws(FormatError) -> TariffSchedule.Rate {
    let prefix = String(words[0])
    guard (2...12).contains(prefix.utf8.count), prefix.utf8.allSatisfy({ (48...57).contains($0) }) else {
      throw FormatError(line: line, reason: "'\(prefix)' is not the beginning of a code")
    }
    guard let rate = DutyRate(words.dropFirst().joined(separator: " ")) else {
      throw FormatError(line: line, reason: "must be a prefix and a rate such as 12.5 % or 450/kg")
    }
    return TariffSchedule.Rate(
      prefix: prefix, rate: rate, from: heading.from, source: heading.source, isConfirmed: heading.isConfirmed)
  }

  /// Whose the rates below it are, and since when.
  private struct Heading {
    let from: CalendarDate
    let source: RuleSource
    let isConfirmed: Bool

    init?(_ words: [Substring]) {
      isConfirmed = words.first != "unconfirmed"
      let words = isConfirmed ? words[...] : words.dropFirst()
      guard words.first == "source", let day = words.dropFirst().first, let from = CalendarDate(String(day)) else {
        return nil
      }
      let parts = words.dropFirst(2).joined(separator: " ").split(separator: " | ").map(String.init)
      guard parts.count == 3, let asOf = CalendarDate(parts[2]) else { return nil }
      self.from = from
      source = RuleSource(authority: parts[0], instrument: parts[1], asOf: asOf)
    }
  }

  /// Numbered from one, without comments and empty lines.
  private static func content(_ text: String) -> [(Int, [Substring])] {
    text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { index, line in
      let words = line.split(separator: " ")
      return words.isEmpty || words[0].hasPrefix("#") ? nil : (index + 1, words)
    }
  }
}
