import JSON

/// An exact decimal: an integer and how many of its digits stand behind the point. Duty is never computed in floating
/// point, because an authority's own arithmetic is decimal and a cent of difference is a rejected declaration.
public struct Decimal: Sendable {
  public private(set) var coefficient: Int128
  public private(set) var scale: Int

  /// Ten decimals are more than any tariff, rate or weight carries; the limit keeps products within 128 bits.
  public static let scaleMax = 12

  public init(_ coefficient: Int128, scale: Int = 0) {
    precondition((0...Decimal.scaleMax * 2).contains(scale), "scale out of range")
    // One bound for both signs, so that every number has a negative.
    self.coefficient = max(coefficient, -Int128.max)
    self.scale = scale
    normalise()
  }

  /// Plain digits with an optional sign and point; no exponent, no grouping.
  public init?(_ text: String) {
    var coefficient: Int128 = 0
    var scale = 0
    var digits = 0
    var seenPoint = false
    var bytes = text.utf8[...]
    let negative = bytes.first == UInt8(ascii: "-")
    if negative || bytes.first == UInt8(ascii: "+") { bytes = bytes.dropFirst() }
    for byte in bytes {
      if byte == UInt8(ascii: "."), !seenPoint, digits > 0 {
        seenPoint = true
        continue
      }
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte), digits < 30 else { return nil }
      coefficient = coefficient * 10 + Int128(byte - UInt8(ascii: "0"))
      digits += 1
      if seenPoint { scale += 1 }
    }
    guard digits > 0, scale <= Decimal.scaleMax, bytes.last != UInt8(ascii: ".") else { return nil }
    self.init(negative ? -coefficient : coefficient, scale: scale)
  }

  public static let zero = Decimal(0)
  /// What arithmetic stays at when a result leaves 128 bits.
  public static let greatest = Decimal(Int128.max)
  public var isNegative: Bool { coefficient < 0 }
  public var isZero: Bool { coefficient == 0 }

  private mutating func normalise() {
    while scale > 0, coefficient % 10 == 0 {
      coefficient /= 10
      scale -= 1
    }
  }

  fileprivate static func powerOfTen(_ exponent: Int) -> Int128 {
    var power: Int128 = 1
    for _ in 0..<exponent { power *= 10 }
    return power
  }
}

extension Decimal {
  public enum Rounding: String, Sendable, CaseIterable { case halfUp, halfEven, up, down }

  /// Exact while the sum fits 128 bits; else the last decimals go, half-even. A sum past all range stays at `greatest`, which no
  /// amount of money can hold.
  public static func + (left: Decimal, right: Decimal) -> Decimal {
    var scale = max(left.scale, right.scale)
    while true {
      if let augend = left.coefficient(scale: scale), let addend = right.coefficient(scale: scale) {
        let (sum, overflows) = augend.addingReportingOverflow(addend)
        if !overflows, sum != .min { return Decimal(sum, scale: scale) }
      }
      guard scale > 0 else { return left.isNegative ? -greatest : greatest }
      scale -= 1
    }
  }

  public static func - (left: Decimal, right: Decimal) -> Decimal { left + -right }

  public static prefix func - (value: Decimal) -> Decimal { Decimal(-value.coefficient, scale: value.scale) }

  /// A product with more digits than `scaleMax` is rounded half-even there: far below any currency's smallest unit. One that does
  /// not fit 128 bits keeps the decimals that do, and stays at `greatest` past all range.
  public static func * (left: Decimal, right: Decimal) -> Decimal {
    let scale = left.scale + right.scale
    let product = left.coefficient.magnitude.multipliedFullWidth(by: right.coefficient.magnitude)
    let isNegative = (left.coefficient < 0) != (right.coefficient < 0)
    // Two coefficients of 127 bits are below 10³⁸ times 2¹²⁸, so that many places are always enough.
    for places in max(0, scale - scaleMax)...max(0, scale) {
      let divisor = UInt128(powerOfTen(min(places, 38)))
      if let whole = divide(product, divisor, .halfEven), let coefficient = signed(whole, isNegative) {
        return Decimal(coefficient, scale: scale - places)
      }
    }
    return isNegative ? -greatest : greatest
  }

  public func divided(by divisor: Decimal, places: Int, _ rounding: Rounding) -> Decimal {
    precondition(!divisor.isZero, "division by zero")
    let shift = places + divisor.scale - scale
    let isNegative = (coefficient < 0) != (divisor.coefficient < 0)
    let numerator = coefficient.magnitude.multipliedFullWidth(by: UInt128(Decimal.powerOfTen(max(0, shift))))
    let denominator = divisor.coefficient.magnitude.multipliedReportingOverflow(
      by: UInt128(Decimal.powerOfTen(max(0, -shift))))
    // A divisor beyond 128 bits leaves a fraction of the last place.
    let whole = denominator.overflow ? 0 : Decimal.divide(numerator, denominator.partialValue, rounding)
    guard let whole, let coefficient = Decimal.signed(whole, isNegative) else {
      return isNegative ? -Decimal.greatest : Decimal.greatest
    }
    return Decimal(coefficient, scale: places)
  }

  public func rounded(places: Int, _ rounding: Rounding) -> Decimal {
    guard scale > places else { return self }
    return Decimal(Decimal.divide(coefficient, Decimal.powerOfTen(scale - places), rounding), scale: places)
  }

  /// To the nearest multiple, as Indonesia rounds duty up to whole thousands of rupiah.
  public func rounded(toMultipleOf step: Decimal, _ rounding: Rounding) -> Decimal {
    divided(by: step, places: 0, rounding) * step
  }

  private static func divide(_ numerator: Int128, _ denominator: Int128, _ rounding: Rounding) -> Int128 {
    let isNegative = (numerator < 0) != (denominator < 0)
    let whole = divide((0, numerator.magnitude), denominator.magnitude, rounding) ?? 0
    return signed(whole, isNegative) ?? .max
  }

  /// nil when the quotient does not fit. The rules of rounding speak of magnitudes: up is away from zero.
  private static func divide(
    _ numerator: (high: UInt128, low: UInt128), _ denominator: UInt128, _ rounding: Rounding
  ) -> UInt128? {
    guard numerator.high < denominator else { return nil }
    let (quotient, remainder) = denominator.dividingFullWidth(numerator)
    let isAway: Bool
    switch rounding {
    case .down: isAway = false
    case .up: isAway = remainder > 0
    case .halfUp: isAway = remainder >= denominator - remainder
    case .halfEven:
      let rest = denominator - remainder
      isAway = remainder > rest || (remainder == rest && quotient % 2 == 1)
    }
    return isAway ? quotient.addingReportingOverflow(1).overflow ? nil : quotient + 1 : quotient
  }

  private static func signed(_ magnitude: UInt128, _ isNegative: Bool) -> Int128? {
    Int128(exactly: magnitude).map { isNegative ? -$0 : $0 }
  }

  /// The coefficient that this number has at another scale: rounded half-even at a smaller one, nil when it does not fit.
  private func coefficient(scale target: Int) -> Int128? {
    guard target >= scale else { return Decimal.divide(coefficient, Decimal.powerOfTen(scale - target), .halfEven) }
    let (value, overflows) = coefficient.multipliedReportingOverflow(by: Decimal.powerOfTen(target - scale))
    return overflows ? nil : value
  }
}

extension Decimal: Hashable, Comparable {
  /// Whole parts first, then the digits behind the point: bringing 30 digits to another's scale would not fit.
  public static func < (left: Decimal, right: Decimal) -> Bool {
    let (leftWhole, leftRest) = left.parts
    let (rightWhole, rightRest) = right.parts
    if leftWhole != rightWhole { return leftWhole < rightWhole }
    let scale = max(left.scale, right.scale)
    return leftRest * powerOfTen(scale - left.scale) < rightRest * powerOfTen(scale - right.scale)
  }

  /// The integer before the point, and the coefficient of what is behind it, both with the number's sign.
  private var parts: (whole: Int128, rest: Int128) {
    let (whole, rest) = coefficient.quotientAndRemainder(dividingBy: Decimal.powerOfTen(scale))
    return (whole, rest)
  }
}

extension Decimal: CustomStringConvertible {
  public var description: String {
    let digits = String(coefficient.magnitude)
    let sign = coefficient < 0 ? "-" : ""
    guard scale > 0 else { return sign + digits }
    let padded = String(repeating: "0", count: max(0, scale + 1 - digits.utf8.count)) + digits
    return "\(sign)\(padded.dropLast(scale)).\(padded.suffix(scale))"
  }

  /// With a fixed number of decimals, as on an invoice.
  public func text(places: Int) -> String {
    let rounded = rounded(places: places, .halfUp)
    let digits = String(rounded.coefficient.magnitude) + String(repeating: "0", count: places - rounded.scale)
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.utf8.count)) + digits
    let sign = rounded.coefficient < 0 ? "-" : ""
    return places == 0 ? sign + padded : "\(sign)\(padded.dropLast(places)).\(padded.suffix(places))"
  }
}

extension Decimal: ExpressibleByIntegerLiteral {
  public init(integerLiteral value: Int64) { self.init(Int128(value)) }
}

extension Decimal: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self = try json.decode("a decimal number such as 12.50") { $0.numeral.flatMap { Decimal($0) } }
  }

  public var json: JSONValue { .string(description) }
}
