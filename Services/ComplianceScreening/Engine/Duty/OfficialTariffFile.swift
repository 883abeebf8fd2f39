import CSV
import Domain

/// A tariff as its authority publishes it, known by its columns: Indonesia's BTKI, the Harmonized Tariff Schedule of the United
/// States, the Combined Nomenclature of the European Union, or a plain table with the columns `code` and, where it has them,
/// `unit` and `rate` (written as `12.5 %`, `450/kg`, `10 % + 450/kg`).
public struct OfficialTariffFile: Sendable {
  public enum Form: String, Sendable { case indonesia = "BTKI", unitedStates = "US HTS", europe = "EU CN", plain }

  public struct FormatError: Error, Hashable, Sendable, CustomStringConvertible {
    public var line: Int
    public var reason: String
    public var description: String { "line \(line): \(reason)" }
  }

  public let form: Form
  public let lines: [OfficialTariff.Line]
  /// Rates that this program cannot compute with, as they stand in the file, and how often.
  public let unread: [String: Int]

  /// Of fewer, half of the file is likely missing.
  private static let linesMin = 1

  public init(_ csv: [UInt8]) throws(FormatError) {
    var rows = DelimitedText(csv).rows[...]
    guard let header = rows.popFirst() else { throw FormatError(line: 1, reason: "the file is empty") }
    let columns = DelimitedText.columns(header)
    guard let form = Form(columns) else {
      throw FormatError(
        line: header.line,
        reason: "its columns are those of no tariff that is read: BTKI, US HTS, EU CN, or code, unit, rate")
    }
    self.form = form
    var reader = Reader(form: form, columns: columns)
    for row in rows { try reader.read(row) }
    guard reader.lines.count >= OfficialTariffFile.linesMin else {
      throw FormatError(line: header.line, reason: "it has no national lines")
    }
    lines = Array(reader.lines.values)
    unread = reader.unread
  }
}

extension OfficialTariffFile.Form {
  init?(_ columns: [String: Int]) {
    if columns["htsnumber"] != nil, columns["generalduty"] ?? columns["generalrateofduty"] != nil {
      self = .unitedStates
    } else if columns["hscode"] != nil, columns["importdutymfnpct"] != nil {
      self = .indonesia
    } else if columns["cn8"] != nil {
      self = .europe
    } else if columns["code"] != nil {
      self = .plain
    } else {
      return nil
    }
  }
}

private struct Reader {
  typealias Row = DelimitedText.Row

  let form: OfficialTariffFile.Form
  let columns: [String: Int]
  var lines: [HSCode: OfficialTariff.Line] = [:]
  var unread: [String: Int] = [:]
  /// Of the United States: the rate of eight digits holds for the ten-digit lines below it.
  private var rateAbove: (code: String, rate: DutyRate?)?

  init(form: OfficialTariffFile.Form, columns: [String: Int]) {
    self.form = form
    self.columns = columns
  }

  mutating func read(_ row: Row) throws(OfficialTariffFile.FormatError) {
    switch form {
    case .indonesia:
      try add(row, "hscode", unit: nil, rate: rate(row["importdutymfnpct", columns], TariffText.indonesian))
    case .unitedStates: try readUnitedStates(row)
    case .europe:
      try add(row, "cn8", unit: TariffText.europeanUnit(row["unit", columns]), rate: nil)
    case .plain:
      let unit = QuantityUnit(rawValue: row["unit", columns])
      try add(row, "code", unit: unit, rate: rate(row["rate", columns]) { DutyRate($0) })
    }
  }

  private mutating func readUnitedStates(_ row: Row) throws(OfficialTariffFile.FormatError) {
    let digits = TariffText.digits(row["htsnumber", columns])
    let text = row[columns["generalduty"] ?? columns["generalrateofduty"]]
    if !text.isEmpty { rateAbove = (digits, rate(text, TariffText.american)) }
    let above = rateAbove.flatMap { digits.hasPrefix($0.code) ? $0.rate : nil }
    try add(row, "htsnumber", unit: TariffText.americanUnit(row["unit", columns]), rate: above)
  }

  /// Headings and subheadings are not lines; what is longer than any code is a mistake.
  private mutating func add(
    _ row: Row, _ column: String, unit: QuantityUnit?, rate: DutyRate?
  ) throws(OfficialTariffFile.FormatError) {
    let digits = TariffText.digits(row[column, columns])
    guard digits.utf8.count >= 8 else { return }
    guard let code = HSCode(digits) else {
      throw .init(line: row.line, reason: "'\(row[column, columns])' is not a code")
    }
    lines[code] = OfficialTariff.Line(code: code, unit: unit, rate: rate)
  }

  private mutating func rate(_ text: String, _ read: (String) -> DutyRate?) -> DutyRate? {
    let trimmed = ListText.trimmed(text)
    guard !trimmed.isEmpty else { return nil }
    if let rate = read(trimmed) { return rate }
    unread[trimmed, default: 0] += 1
    return nil
  }
}

extension DelimitedText.Row {
  fileprivate subscript(_ column: String, _ columns: [String: Int]) -> String { self[columns[column]] }
}

/// How authorities write codes, units and rates.
enum TariffText {
  static func digits(_ text: String) -> String { String(text.filter { $0.isASCII && $0.isNumber }) }

  /// `7,5`, `7.5`, `450,-/kg`, `21.450,-/menit`
  static func indonesian(_ text: String) -> DutyRate? {
    let parts = text.split(separator: "/")
    if parts.count == 2, let unit = ["kg": QuantityUnit.kilogram, "liter": .litre, "menit": .minute][String(parts[1])] {
      let amount = parts[0].split(separator: ",")[0].filter { $0 != "." }
      return Decimal(String(amount)).map { DutyRate([.specific($0, per: unit)]) }
    }
    return DutyRate("\(String(text.map { $0 == "," ? "." : $0 })) %")
  }

  /// `Free`, `16%`, `1.5¢/kg`, `$1.16/kg + 14.9%`, `90¢/pr. + 20%`
  static func american(_ text: String) -> DutyRate? {
    if text == "Free" { return DutyRate(percent: 0) }
    let terms = text.split(separator: "+").map { americanTerm(ListText.trimmed(String($0))) }
    let known = terms.compactMap(\.self)
    return known.count == terms.count && !known.isEmpty ? DutyRate(known) : nil
  }

  private static func americanTerm(_ text: String) -> DutyRate.Term? {
    if text.hasSuffix("%") { return DutyRate("\(text.dropLast()) %")?.terms.first }
    let parts = text.split(separator: "/", maxSplits: 1)
    guard parts.count == 2 else { return nil }
    let units: [String: QuantityUnit] = [
      "kg": .kilogram, "liter": .litre, "pf.liter": .litreOfAlcohol, "pr.": .pair, "m2": .squareMetre,
      "m²": .squareMetre,
      "m3": .cubicMetre, "m³": .cubicMetre, "each": .piece, "No.": .piece, "g": .gram, "m": .metre,
    ]
    guard let unit = units[String(parts[1])], let amount = dollars(parts[0]) else { return nil }
    return .specific(amount, per: unit)
  }

  private static func dollars(_ text: Substring) -> Decimal? {
    if text.hasPrefix("$") { return Decimal(String(text.dropFirst())) }
    guard text.hasSuffix("¢"), let cents = Decimal(String(text.dropLast())) else { return nil }
    return cents * Decimal(1, scale: 2)
  }

  /// `["No.","kg"]`: what the duty is counted in comes first.
  static func americanUnit(_ text: String) -> QuantityUnit? {
    let first = text.filter { !"[]\" ".contains($0) }.split(separator: ",").first.map(String.init) ?? ""
    let units: [String: QuantityUnit] = [
      "kg": .kilogram, "No.": .piece, "prs.": .pair, "m2": .squareMetre, "m²": .squareMetre, "m3": .cubicMetre,
      "liters": .litre, "pf.liters": .litreOfAlcohol, "g": .gram, "m": .metre,
    ]
    return units[first]
  }

  static func europeanUnit(_ text: String) -> QuantityUnit? {
    let units: [String: QuantityUnit] = [
      "pce": .piece, "m2": .squareMetre, "m3": .cubicMetre, "l": .litre, "pa": .pair, "l_alc_100_pct": .litreOfAlcohol,
      "g": .gram, "m": .metre,
    ]
    let prefix = "intrastat_unit_"
    return text.hasPrefix(prefix) ? units[String(text.dropFirst(prefix.count))] : nil
  }
}
