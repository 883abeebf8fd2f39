import Domain

/// Figures as they are printed: thousands apart by commas, a point before decimals, no rounding.
enum FigureText {
  static func amount(_ money: Money) -> String { grouped(money.amount.text(places: money.currency.minorUnitDigits)) }
  static func amountWithCurrency(_ money: Money) -> String { "\(money.currency) \(amount(money))" }
  static func quantity(_ quantity: Decimal) -> String { grouped(quantity.description) }

  /// At least three decimals, and all that the weight has.
  static func kilograms(_ grams: Decimal) -> String {
    let kilograms = Decimal(grams.coefficient, scale: grams.scale + 3)
    return grouped(kilograms.text(places: max(3, kilograms.scale)))
  }

  /// Line numbers in ascending order, three or more in a row as a range: `1, 2, 4–9`.
  static func lineNumbers(_ numbers: [Int]) -> String {
    var ranges: [ClosedRange<Int>] = []
    for number in Set(numbers).sorted() {
      if let last = ranges.last, last.upperBound == number - 1 {
        ranges[ranges.count - 1] = last.lowerBound...number
      } else {
        ranges.append(number...number)
      }
    }
    return ranges.map { range in
      range.count > 2 ? "\(range.lowerBound)–\(range.upperBound)" : range.map(String.init).joined(separator: ", ")
    }.joined(separator: ", ")
  }

  /// Recommendation 20 codes that people know by another name; others are printed as they are.
  static func unit(_ code: String) -> String { unitNames[code] ?? code }

  private static let unitNames = [
    "C62": "pcs", "H87": "pcs", "EA": "each", "PR": "pairs", "SET": "sets", "KGM": "kg", "GRM": "g", "LTR": "L",
    "MLT": "mL", "MTR": "m", "MTK": "m²", "MTQ": "m³", "DZN": "dozen",
  ]

  private static func grouped(_ number: String) -> String {
    let parts = number.split(separator: ".", omittingEmptySubsequences: false)
    let digits = Array(parts[0])
    var text = ""
    for (index, digit) in digits.enumerated() {
      let remaining = digits.count - index
      if index > 0, remaining % 3 == 0, digits[index - 1] != "-" { text.append(",") }
      text.append(digit)
    }
    return parts.count > 1 ? "\(text).\(parts[1])" : text
  }
}
