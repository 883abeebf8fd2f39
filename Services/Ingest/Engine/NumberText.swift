import Domain
import JSON

/// Reads a number as exact digits. Grouping signs and decimal commas are refused, because 1.234 and 1,234 mean
/// different amounts in different countries.
enum NumberText {
  enum Failure: Error {
    case notANumber
    case ambiguousComma
    case tooLarge
    case tooPrecise
  }

  /// Twelve digits before the point and nine behind it: sums and products of such numbers stay within 128 bits.
  static let integerDigitsMax = 12
  static let fractionDigitsMax = 9

  static func read(_ text: String) throws(Failure) -> Decimal {
    let text = CleanText.clean(text)
    let parts = text.split(whereSeparator: { $0 == "e" || $0 == "E" })
    guard (1...2).contains(parts.count), text.utf8.count <= 64 else { throw .notANumber }
    if text.utf8.contains(UInt8(ascii: ",")) {
      throw text.utf8.allSatisfy({ isDigit($0) || $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: ".") })
        ? .ambiguousComma : .notANumber
    }
    var digits = try plain(String(parts[0]))
    if parts.count == 2 {
      guard let exponent = Int(parts[1]), (-20...20).contains(exponent) else { throw .notANumber }
      digits.shift(exponent)
    } else if text.contains(where: { $0 == "e" || $0 == "E" }) {
      throw .notANumber
    }
    return try digits.decimal()
  }

  static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private struct Digits {
    var isNegative: Bool
    var integer: [UInt8]
    var fraction: [UInt8]

    mutating func shift(_ exponent: Int) {
      for _ in 0..<max(exponent, 0) {
        integer.append(fraction.isEmpty ? UInt8(ascii: "0") : fraction.removeFirst())
      }
      for _ in 0..<max(-exponent, 0) {
        fraction.insert(integer.popLast() ?? UInt8(ascii: "0"), at: 0)
      }
    }

    func decimal() throws(Failure) -> Decimal {
      let integer = integer.drop { $0 == UInt8(ascii: "0") }
      var fraction = fraction
      while fraction.last == UInt8(ascii: "0") { fraction.removeLast() }
      guard integer.count <= integerDigitsMax else { throw .tooLarge }
      guard fraction.count <= fractionDigitsMax else { throw .tooPrecise }
      var coefficient: Int128 = 0
      for digit in integer + fraction { coefficient = coefficient * 10 + Int128(digit - UInt8(ascii: "0")) }
      return Decimal(isNegative ? -coefficient : coefficient, scale: fraction.count)
    }
  }

  private static func plain(_ text: String) throws(Failure) -> Digits {
    var bytes = text.utf8[...]
    let isNegative = bytes.first == UInt8(ascii: "-")
    if isNegative || bytes.first == UInt8(ascii: "+") { bytes = bytes.dropFirst() }
    let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), parts.allSatisfy({ $0.allSatisfy(isDigit) && !$0.isEmpty }) else {
      throw .notANumber
    }
    return Digits(isNegative: isNegative, integer: Array(parts[0]), fraction: parts.count == 2 ? Array(parts[1]) : [])
  }
}

extension NumberText.Failure {
  var problem: String {
    switch self {
    case .notANumber: "is not a number"
    case .ambiguousComma: "has a comma, which means thousands to some and decimals to others"
    case .tooLarge: "is larger than anything this field can mean"
    case .tooPrecise: "has more than \(NumberText.fractionDigitsMax) decimals"
    }
  }

  var remedy: String { "Write digits with a point for the decimals and no grouping, such as 1234.50." }
}
