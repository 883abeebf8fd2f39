import CSV
import Domain

/// A tariff as its authority publishes it, known by its columns: Indonesia's BTKI, the Harmonized Tariff Schedule of the United
/// States, the Combined Nomenclature of the European Union, the measures on declarable commodities of the United Kingdom,
/// or a plain table with the columns `code` and, where it has them, `unit` and `rate` (written as `12.5 %`, `450/kg`,
/// `10 % + 450/kg`).
public struct OfficialTariffFile: Sendable {
  public enum Form: String, Sendable {
    case indonesia = "BTKI", unitedStates = "US HTS", europe = "EU CN", unitedKingdom = "UK Tariff", plain
  }

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
    var reader: Reader?
    var mistake: FormatError?
    func take(_ row: DelimitedText.Row) {
      guard mistake == nil else { return }
      do throws(FormatError) {
        if reader == nil { reader = try Reader(header: row) } else { try reader?.read(row) }
      } catch {
        mistake = error
      }
    }
    // Row by row: that of the United Kingdom has one for each measure of each commodity.
    do throws(CSVError) { try DelimitedText.read(csv, row: take) } catch {
      throw FormatError(line: 1, reason: error.description)
    }
    if let mistake { throw mistake }
    guard var reader else { throw FormatError(line: 1, reason: "the file is empty") }
    reader.finish()
    guard reader.lines.count >= OfficialTariffFile.linesMin else {
      throw FormatError(line: 1, reason: "it has no national lines")
    }
    form = reader.form
    lines = Array(reader.lines.values)
    unread = reader.unread
  }
}

extension OfficialTariffFile.Form {
  /// Whose tariff a file of this form is; nil where that may be anybody's.
  private var countries: Set<String>? {
    switch self {
    case .indonesia: ["ID"]
    case .unitedStates: ["US", "PR"]
    case .europe:
      Set(
        "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split(separator: " ").map(
          String.init))
    case .unitedKingdom: ["GB", "IM"]
    case .plain: nil
    }
  }

  /// An authority's rates, units and national digits hold in its own country alone.
  public func isTariff(of market: Market) -> Bool { countries?.contains(market.code) ?? true }

  init?(_ columns: [String: Int]) {
    if columns["htsnumber"] != nil, columns["generalduty"] ?? columns["generalrateofduty"] != nil {
      self = .unitedStates
    } else if columns["hscode"] != nil, columns["importdutymfnpct"] != nil {
      self = .indonesia
    } else if columns["cn8"] != nil {
      self = .europe
    } else if BritishMeasure.columns.allSatisfy({ columns[$0] != nil }) {
      self = .unitedKingdom
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
  /// Of the United Kingdom: codes whose duty depends on more than the code.
  private var dependent: Set<HSCode> = []

  init(header: Row) throws(OfficialTariffFile.FormatError) {
    columns = DelimitedText.columns(header)
    guard let form = OfficialTariffFile.Form(columns) else {
      throw .init(
        line: header.line,
        reason: "its columns are those of no tariff that is read: BTKI, US HTS, EU CN, UK Tariff, or code, unit, rate")
    }
    self.form = form
  }

  mutating func read(_ row: Row) throws(OfficialTariffFile.FormatError) {
    switch form {
    case .indonesia:
      try add(row, "hscode", unit: nil, rate: rate(row["importdutymfnpct", columns], TariffText.indonesian))
    case .unitedStates: try readUnitedStates(row)
    case .europe:
      try add(row, "cn8", unit: TariffText.europeanUnit(row["unit", columns]), rate: nil)
    case .unitedKingdom: try readUnitedKingdom(row)
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

  /// A commodity has a row for each of its measures, of which the third country duty counts, and the supplementary unit.
  private mutating func readUnitedKingdom(_ row: Row) throws(OfficialTariffFile.FormatError) {
    guard let code = BritishMeasure.code(row["commoditycode", columns]) else {
      throw .init(line: row.line, reason: "'\(row["commoditycode", columns])' is not a commodity code of ten digits")
    }
    lines[code] = lines[code] ?? OfficialTariff.Line(code: code)
    guard row["measuregeographicalareaid", columns] == BritishMeasure.allOrigins else { return }
    let expression = row["measuredutyexpression", columns]
    switch row["measuretypeid", columns] {
    case BritishMeasure.supplementaryUnit: lines[code]?.unit = BritishMeasure.unit(expression)
    case BritishMeasure.thirdCountryDuty:
      if !BritishMeasure.present(row["measureadditionalcodecode", columns]).isEmpty {
        dependent.insert(code)
        unread["\(expression), by additional code", default: 0] += 1
      } else if let rate = rate(expression, BritishMeasure.rate) {
        lines[code]?.dated.append(try BritishMeasure.dated(rate, row, columns))
      }
    default: break
    }
  }

  mutating func finish() { for code in dependent { lines[code]?.dated = [] } }

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
  subscript(_ column: String, _ columns: [String: Int]) -> String { self[columns[column]] }
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
