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
