import Domain
import Testing

@Suite("Exact decimals")
struct DecimalTests {
  private static func decimal(_ text: String) throws -> Decimal { try #require(Decimal(text)) }

  private static func random(_ random: inout SeededRandom, digits: Int = 12) -> Decimal {
    let bound = (0..<digits).reduce(Int64(1)) { power, _ in power * 10 }
    return Decimal(
      Int128(Int64.random(in: -bound...bound, using: &random)), scale: Int.random(in: 0...6, using: &random))
  }

  @Test(
    "are read as written and written as read", arguments: ["0", "1", "-1", "12.5", "-0.001", "100", "0.000000000001"])
  func roundTrip(text: String) throws {
    #expect(try Self.decimal(text).description == text)
  }

  @Test("have one form: trailing zeros and signs of nothing do not count")
  func normalised() throws {
    #expect(try Self.decimal("12.500") == Self.decimal("12.5"))
    #expect(try Self.decimal("12.500").hashValue == Self.decimal("+12.5").hashValue)
    #expect(try Self.decimal("-0") == .zero)
    #expect(try Self.decimal("0012") == 12)
  }

  @Test(
    "refuse what is not a plain number",
    arguments: [
      "", "-", ".5", "5.", "1e3", "1,000", "1.2.3", " 1", "1 ", "0x10", "NaN", "٣", "1.0000000000001",
      "1234567890123456789012345678901",
    ])
  func refused(text: String) { #expect(Decimal(text) == nil) }

  @Test("of thirty digits and any scale compare without overflow, and as the digits say")
  func extremes() throws {
    let nines = String(repeating: "9", count: 30)
    let large = try Self.decimal(nines)
    let small = try Self.decimal("0.000000000001")
    #expect(small < large)
    #expect(!(large < small))
    #expect(try Self.decimal("-\(nines)") < small)
    let fraction = try Self.decimal("\(nines.dropLast(12)).\(nines.suffix(12))")
    #expect(fraction < large)
    #expect(try Self.decimal("-\(nines)") < fraction)
    #expect(try Self.decimal("\(nines.dropLast(12)).1") < fraction)
    #expect(try Self.decimal("-0.5") < Self.decimal("-0.25"))
    #expect(try Self.decimal("-1.5") < Self.decimal("-0.75"))
    #expect(try Self.decimal("-0.1") < Self.decimal("0.05"))
  }

  @Test("order, add and subtract as numbers do")
  func laws() {
    var random = SeededRandom(1)
    for _ in 0..<2000 {
      let (a, b, c) = (Self.random(&random), Self.random(&random), Self.random(&random))
      #expect(a + b == b + a)
      #expect((a + b) + c == a + (b + c))
      #expect(a - a == .zero)
      #expect((a - b) + b == a)
      #expect((a < b) == (a - b).isNegative)
      #expect((a < b ? 1 : 0) + (b < a ? 1 : 0) + (a == b ? 1 : 0) == 1)
      if a < b && b < c { #expect(a < c) }
      #expect(Decimal(a.description) == a)
    }
  }

  @Test("multiply exactly, and what was divided comes back within the last place")
  func products() {
    var random = SeededRandom(2)
    for _ in 0..<2000 {
      let (a, b) = (Self.random(&random, digits: 9), Self.random(&random, digits: 6))
      #expect(a * b == b * a)
      #expect(a * 1 == a)
      #expect((a * 0).isZero)
      guard !b.isZero else { continue }
      let quotient = (a * b).divided(by: b, places: 6, .halfEven)
      #expect(quotient == a.rounded(places: 6, .halfEven))
    }
  }

  @Test(
    "round as each rule says, on both sides of zero",
    arguments: [
      ("2.5", Decimal.Rounding.halfUp, "3"), ("2.5", .halfEven, "2"), ("3.5", .halfEven, "4"), ("2.4", .up, "3"),
      ("2.9", .down, "2"), ("-2.5", .halfUp, "-3"), ("-2.5", .halfEven, "-2"), ("-2.1", .up, "-3"),
      ("-2.9", .down, "-2"), ("2.5000000001", .halfEven, "3"),
    ])
  func rounding(text: String, rule: Decimal.Rounding, expected: String) throws {
    #expect(try Self.decimal(text).rounded(places: 0, rule).description == expected)
  }

  @Test("of thirty digits and any scales add, subtract, multiply and divide without a trap, and exactly where they fit")
  func extremeArithmetic() throws {
    let nines = String(repeating: "9", count: 30)
    let large = try Self.decimal(nines)
    let fine = try Self.decimal("0.000000000001")
    #expect((large + 1).description == "1" + String(repeating: "0", count: 30))
    #expect((large * 1000).description == nines + "000")
    #expect((large + large).description == "1" + String(repeating: "9", count: 29) + "8")
    // 42 digits do not fit: the last decimals go, the rest stands.
    #expect(large + fine == large)
    #expect(fine + large == large)
    #expect((large - fine) - large == 0)
    let fraction = try Self.decimal("\(nines.dropLast(12)).\(nines.suffix(12))")
    #expect((large + fraction).isNegative == false)
    #expect(large + fraction > large)
    #expect((large * fine).description == "\(nines.dropLast(12)).\(nines.suffix(12))")
    #expect(large * large == Decimal.greatest)
    #expect(large * -large == -Decimal.greatest)
    #expect(large.divided(by: fine, places: 12, .halfUp) == Decimal.greatest)
    #expect(fine.divided(by: large, places: 12, .halfUp) == 0)
    #expect(fine.divided(by: large, places: 12, .up) == fine)
    #expect(large.divided(by: large, places: 12, .up) == 1)
    #expect(large.rounded(toMultipleOf: 1000, .up).description == "1" + String(repeating: "0", count: 30))
    #expect(Decimal(.min) == -Decimal.greatest)
    #expect(Decimal.greatest + Decimal.greatest == Decimal.greatest)
    #expect(-Decimal.greatest - Decimal.greatest == -Decimal.greatest)
    #expect(Money(Decimal.greatest, .usd) == nil)
  }

  @Test("with thirty digits never trap, whatever the operation and the scales")
  func neverTraps() throws {
    var random = SeededRandom(3)
    func wide() throws -> Decimal {
      let digits = (0..<Int.random(in: 1...30, using: &random)).map { _ in "\(Int.random(in: 0...9, using: &random))" }
      let places = Int.random(in: 0...min(12, digits.count - 1), using: &random)
      let whole = digits.dropLast(places).joined()
      let sign = Bool.random(using: &random) ? "-" : ""
      return try Self.decimal(sign + whole + (places > 0 ? "." + digits.suffix(places).joined() : ""))
    }
    for _ in 0..<5000 {
      let (a, b) = (try wide(), try wide())
      #expect(a + b == b + a)
      #expect(a * b == b * a)
      #expect(a - b == -(b - a))
      #expect(-(-a) == a)
      #expect(a + 0 == a)
      #expect(a * 1 == a)
      if !b.isZero { _ = a.divided(by: b, places: 12, .halfEven) }
      if !a.isNegative, !b.isNegative { #expect(a + b >= a && a + b >= b) }
    }
  }

  @Test("round to multiples, as duty in whole thousands")
  func multiples() throws {
    #expect(try Self.decimal("12001").rounded(toMultipleOf: 1000, .up) == 13_000)
    #expect(try Self.decimal("12000").rounded(toMultipleOf: 1000, .up) == 12_000)
    #expect(try Self.decimal("0.12").rounded(toMultipleOf: Self.decimal("0.05"), .halfUp) == Self.decimal("0.1"))
  }

  @Test("show a fixed number of decimals")
  func fixedPlaces() throws {
    #expect(try Self.decimal("5").text(places: 2) == "5.00")
    #expect(try Self.decimal("-0.005").text(places: 2) == "-0.01")
    #expect(try Self.decimal("0.004").text(places: 2) == "0.00")
    #expect(try Self.decimal("-0.004").text(places: 2) == "0.00")
    #expect(try Self.decimal("1234.5").text(places: 0) == "1235")
  }
}
