import CSV
import Domain

/// A row of the measures on declarable commodities, as the United Kingdom's Department for Business and Trade publishes
/// them.
enum BritishMeasure {
  /// Without which a file is not that one.
  static let columns = [
    "commoditycode", "measuretypeid", "measuregeographicalareaid", "measuredutyexpression", "measureeffectivestartdate",
    "measureeffectiveenddate",
  ]
  static let thirdCountryDuty = "103"
  static let supplementaryUnit = "109"
  static let allOrigins = "1011"

  /// A spreadsheet drops the zero that a code begins with.
  static func code(_ text: String) -> HSCode? {
    let digits = text.utf8.count == 9 ? "0" + text : text
    return digits.utf8.count == 10 ? HSCode(digits) : nil
  }

  /// The file writes `#NA` where there is nothing.
  static func present(_ text: String) -> String { text == "#NA" ? "" : text }

  static func dated(
    _ rate: DutyRate, _ row: DelimitedText.Row, _ columns: [String: Int]
  ) throws(OfficialTariffFile.FormatError) -> OfficialTariff.DatedRate {
    let start = row["measureeffectivestartdate", columns]
    let end = present(row["measureeffectiveenddate", columns])
    guard let from = CalendarDate(start) else {
      throw .init(line: row.line, reason: "'\(start)' is not the day from which a measure holds")
    }
    guard let until = CalendarDate(end) else {
      guard end.isEmpty else { throw .init(line: row.line, reason: "'\(end)' is not the day to which a measure holds") }
      return OfficialTariff.DatedRate(rate: rate, from: from, until: nil)
    }
    return OfficialTariff.DatedRate(rate: rate, from: from, until: until)
  }

  /// `12.00% + 147.00 GBP / 100 kg`, `0.50 GBP / % vol/hl + 2.60 GBP / hl`, `8.00% MIN 1.60 GBP / kg`. A highest amount
  /// (MAX) is more than a rate here can say.
  static func rate(_ text: String) -> DutyRate? {
    let choices = text.split(separator: " MIN ", omittingEmptySubsequences: false).map(String.init)
    let sums = text.split(separator: " + ", omittingEmptySubsequences: false).map(String.init)
    guard choices.count == 1 || (choices.count == 2 && sums.count == 1) else { return nil }
    let parts = choices.count == 2 ? choices : sums
    let terms = parts.compactMap { term(ListText.trimmed($0)) }
    guard terms.count == parts.count, !terms.isEmpty else { return nil }
    return DutyRate(terms, choices.count == 2 ? .highest : .sum)
  }

  private static func term(_ text: String) -> DutyRate.Term? {
    let parts = text.split(separator: " GBP / ", maxSplits: 1).map(String.init)
    guard parts.count == 2 else {
      return text.hasSuffix("%") ? DutyRate("\(ListText.trimmed(String(text.dropLast()))) %")?.terms.first : nil
    }
    guard let (unit, share) = measures[parts[1]], let amount = Decimal(parts[0]), !amount.isNegative
    else { return nil }
    return .specific(amount * share, per: unit)
  }

  /// What an amount is counted in, and the share of it that falls to one unit.
  private static let measures: [String: (QuantityUnit, Decimal)] = [
    "kg": (.kilogram, 1), "100 kg": (.kilogram, Decimal(1, scale: 2)), "1000 kg": (.kilogram, Decimal(1, scale: 3)),
    "g": (.gram, 1), "l": (.litre, 1), "hl": (.litre, Decimal(1, scale: 2)), "1000 l": (.litre, Decimal(1, scale: 3)),
    "% vol/hl": (.litreOfAlcohol, 1), "% vol / hl": (.litreOfAlcohol, 1), "l alc. 100%": (.litreOfAlcohol, 1),
    "p/st": (.piece, 1), "100 p/st": (.piece, Decimal(1, scale: 2)), "1000 p/st": (.piece, Decimal(1, scale: 3)),
    "pa": (.pair, 1), "m": (.metre, 1), "m2": (.squareMetre, 1), "m3": (.cubicMetre, 1),
  ]

  static func unit(_ text: String) -> QuantityUnit? {
    guard let (unit, share) = measures[text], share == 1 else { return nil }
    return unit
  }
}
