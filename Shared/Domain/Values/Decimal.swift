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
    self.coefficient = coefficient
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
  public var isNegative: Bool { coefficient < 0 }
  public var isZero: Bool { coefficient == 0 }

  private mutating func normalise() {
    while scale > 0, coefficient % 10 == 0 {
      coefficient /= 10
      scale -= 1
    }
  }

  fileprivate func scaled(to target: Int) -> Int128 { coefficient * Decimal.powerOfTen(target - scale) }

  fileprivate static func powerOfTen(_ exponent: Int) -> Int128 {
    var power: Int128 = 1
    for _ in 0..<exponent { power *= 10 }
    return power
  }
}

extension Decimal {
  public enum Rounding: String, Sendable, CaseIterable { case halfUp, halfEven, up, down }

  public static func + (left: Decimal, right: Decimal) -> Decimal {
    let scale = max(left.scale, right.scale)
    return Decimal(left.scaled(to: scale) + right.scaled(to: scale), scale: scale)
  }

  public static func - (left: Decimal, right: Decimal) -> Decimal {
    left + Decimal(-right.coefficient, scale: right.scale)
  }

  /// A product with more digits than `scaleMax` is rounded half-even there: far below any currency's smallest unit.
  public static func * (left: Decimal, right: Decimal) -> Decimal {
    Decimal(left.coefficient * right.coefficient, scale: left.scale + right.scale).rounded(places: scaleMax, .halfEven)
  }

  public func divided(by divisor: Decimal, places: Int, _ rounding: Rounding) -> Decimal {
    precondition(!divisor.isZero, "division by zero")
    let shift = places + divisor.scale - scale
    let numerator = shift >= 0 ? coefficient * Decimal.powerOfTen(shift) : coefficient
    let denominator = shift >= 0 ? divisor.coefficient : divisor.coefficient * Decimal.powerOfTen(-shift)
    return Decimal(Decimal.divide(numerator, denominator, rounding), scale: places)
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
    let (quotient, remainder) = numerator.quotientAndRemainder(dividingBy: denominator)
    guard remainder != 0 else { return quotient }
    let away: Int128 = (numerator < 0) == (denominator < 0) ? 1 : -1
    let doubled = remainder.magnitude * 2
    let isHalf = doubled == denominator.magnitude
    switch rounding {
    case .down: return quotient
    case .up: return quotient + away
    case .halfUp: return doubled >= denominator.magnitude ? quotient + away : quotient
    case .halfEven:
      if isHalf { return quotient % 2 == 0 ? quotient : quotient + away }
      return doubled > denominator.magnitude ? quotient + away : quotient
    }
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
    let digits = String(rounded.scaled(to: places).magnitude)
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
