import Domain

/// Numbers, amounts and dates as readers of a language expect them (CLDR 44, medium dates).
extension Language {
  /// Indonesian and Vietnamese group with dots and part decimals with a comma.
  private var usesCommaForDecimals: Bool { self == .indonesian || self == .vietnamese }

  func words(_ number: Int64) -> String {
    number < 0 ? "−" + grouped(String(number.magnitude)) : grouped(String(number))
  }

  func words(_ money: Money) -> String {
    let amount = decimal(money.amount.text(places: money.currency.minorUnitDigits))
    return self == .vietnamese ? "\(amount) \(money.currency)" : "\(money.currency) \(amount)"
  }

  /// - Parameter plain: digits, with a point and a minus where there is one.
  func decimal(_ plain: String) -> String {
    let isNegative = plain.hasPrefix("-")
    let parts = plain.drop { $0 == "-" }.split(separator: ".", maxSplits: 1)
    let whole = grouped(String(parts.first ?? "0"))
    let fraction = parts.count > 1 ? (usesCommaForDecimals ? "," : ".") + parts[1] : ""
    return (isNegative ? "−" : "") + whole + fraction
  }

  private func grouped(_ digits: String) -> String {
    let separator: Character = usesCommaForDecimals ? "." : ","
    var grouped = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.utf8.count - index) % 3 == 0 { grouped.append(separator) }
      grouped.append(digit)
    }
    return grouped
  }

  /// To the minute, which is enough to read; the machine's form has the rest.
  func words(_ instant: Instant) -> String {
    let clock = String(instant.description.dropFirst(11).prefix(5))
    let time = self == .indonesian ? clock.replacing(":", with: ".") : clock
    let comma = self == .english || self == .malay ? "," : ""
    return "\(words(instant.date))\(comma) \(time) UTC"
  }

  func words(_ date: CalendarDate) -> String {
    let (year, month, day) = date.civil
    let name = months.isEmpty ? "" : months[Int(month) - 1]
    return switch self {
    case .english, .indonesian, .malay: "\(day) \(name) \(year)"
    // The Buddhist era, as everybody in Thailand counts the years.
    case .thai: "\(day) \(name) \(year + 543)"
    case .vietnamese: "\(day)/\(month)/\(year)"
    case .chinese: "\(year)年\(month)月\(day)日"
    }
  }

  /// Where the year goes without saying, as along a drawing.
  func day(_ date: CalendarDate) -> String {
    let (_, month, day) = date.civil
    return switch self {
    case .english, .indonesian, .malay, .thai: "\(day) \(months[Int(month) - 1])"
    case .vietnamese: "\(day)/\(month)"
    case .chinese: "\(month)月\(day)日"
    }
  }

  private var months: [String] {
    switch self {
    case .english: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    case .indonesian: ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"]
    case .malay: ["Jan", "Feb", "Mac", "Apr", "Mei", "Jun", "Jul", "Ogo", "Sep", "Okt", "Nov", "Dis"]
    case .thai:
      ["ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."]
    case .vietnamese, .chinese: []
    }
  }
}
