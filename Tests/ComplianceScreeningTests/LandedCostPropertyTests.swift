import ComplianceScreeningEngine
import Domain
import Testing

/// What holds of every estimate, tried on many.
struct LandedCostPropertyTests {
  private static let codes = [
    "610910", "61091010", "851713", "85171300", "420222", "392690", "950440", "220300", "330499",
  ]

  private static func sale(_ random: inout SeededGenerator) -> LandedCost.Sale {
    let currencies = ["USD", "EUR", "SGD", "CNY"]
    guard let currency = CurrencyCode(currencies.randomElement(using: &random) ?? "USD") else { fatalError() }
    func money(_ most: Int64) -> Money {
      Money(minorUnits: Int64.random(in: 1...most, using: &random), currency: currency)
    }
    var sale = LandedCost.Sale(
      goods: money(500_000), freight: Bool.random(using: &random) ? money(20_000) : nil,
      insurance: Bool.random(using: &random) ? money(1_000) : nil,
      origin: Fixtures.country(["CN", "VN", "US", "MY"].randomElement(using: &random) ?? "CN"))
    sale.consignment = [nil, .parcel, .formal].randomElement(using: &random) ?? nil
    sale.dutyRate = [nil, DutyRate(percent: 5), DutyRate("10 % + 3/kg")].randomElement(using: &random) ?? nil
    sale.taxRate = [nil, 10].randomElement(using: &random) ?? nil
    sale.quantities = [.kilogram: 2, .litreOfAlcohol: 1]
    return sale
  }

  private static let days = ["2023-06-01", "2024-02-28", "2024-08-01", "2025-04-01", "2026-05-01", "2026-11-20"]

  @Test func `the total is the sum of its parts, each is known, and nothing is negative`() {
    var random = SeededGenerator(seed: 11)
    var totals = 0
    for _ in 0..<4000 {
      let market = Fixtures.allMarkets.randomElement(using: &random) ?? "SG"
      let code = LandedCostPropertyTests.codes.randomElement(using: &random) ?? "392690"
      let day = Fixtures.date(LandedCostPropertyTests.days.randomElement(using: &random) ?? "2026-05-01")
      let estimate = Fixtures.landedCost(market).estimate(
        Fixtures.code(code), LandedCostPropertyTests.sale(&random), on: day)
      let parts = [estimate.duty, estimate.excise, estimate.tax, estimate.fees]
      for part in parts { #expect((part?.minorUnits ?? 0) >= 0) }
      #expect((estimate.total == nil) == !estimate.unknown.isEmpty)
      guard let total = estimate.total else { continue }
      totals += 1
      #expect(parts.allSatisfy { $0 != nil })
      #expect(parts.reduce(0) { $0 + ($1?.minorUnits ?? 0) } == total.minorUnits)
    }
    #expect(totals > 1000, "\(totals) of 4000 had a total")
  }

  /// Within one regime; a dearer parcel may step out of a relief, never into one.
  @Test func `dearer goods never cost less at the border`() {
    var random = SeededGenerator(seed: 12)
    for _ in 0..<2000 {
      let market = Fixtures.allMarkets.randomElement(using: &random) ?? "SG"
      let code = Fixtures.code(LandedCostPropertyTests.codes.randomElement(using: &random) ?? "392690")
      let day = Fixtures.date("2026-05-01")
      let sale = LandedCostPropertyTests.sale(&random)
      var dearer = sale
      dearer.goods = Money(
        minorUnits: sale.goods.minorUnits + Int64.random(in: 1...100_000, using: &random), currency: sale.goods.currency
      )
      let cost = Fixtures.landedCost(market)
      let (first, second) = (cost.estimate(code, sale, on: day), cost.estimate(code, dearer, on: day))
      if let less = first.customsValue, let more = second.customsValue { #expect(less.minorUnits <= more.minorUnits) }
      guard first.regime == second.regime, let less = first.total, let more = second.total else { continue }
      #expect(less.minorUnits <= more.minorUnits, "\(market) \(code) \(sale.goods) \(dearer.goods)")
    }
  }

  @Test func `a higher duty rate never lowers any amount`() {
    var random = SeededGenerator(seed: 13)
    for _ in 0..<1000 {
      let market = Fixtures.allMarkets.randomElement(using: &random) ?? "SG"
      var sale = LandedCostPropertyTests.sale(&random)
      let percent = Decimal(Int128(Int64.random(in: 0...80, using: &random)))
      sale.dutyRate = DutyRate(percent: percent)
      let lower = Fixtures.landedCost(market).estimate(Fixtures.code("392690"), sale, on: Fixtures.date("2026-05-01"))
      sale.dutyRate = DutyRate(percent: percent + 1)
      let higher = Fixtures.landedCost(market).estimate(Fixtures.code("392690"), sale, on: Fixtures.date("2026-05-01"))
      for (less, more) in [(lower.duty, higher.duty), (lower.tax, higher.tax), (lower.total, higher.total)] {
        if let less, let more { #expect(less.minorUnits <= more.minorUnits) }
      }
    }
  }

  @Test func `amounts are rounded as the market rounds them`() {
    var random = SeededGenerator(seed: 14)
    for _ in 0..<1000 {
      let sale = LandedCostPropertyTests.sale(&random)
      let day = Fixtures.date("2026-05-01")
      let id = Fixtures.landedCost("ID").estimate(Fixtures.code("61091010"), sale, on: day)
      if let duty = id.duty { #expect(duty.minorUnits % 100_000 == 0) }
      if let tax = id.tax { #expect(tax.minorUnits % 100 == 0) }
      for market in ["KH", "LA", "MM"] {
        let estimate = Fixtures.landedCost(market).estimate(Fixtures.code("392690"), sale, on: day)
        for amount in [estimate.customsValue, estimate.duty, estimate.tax].compactMap(\.self) {
          #expect(amount.minorUnits % 100 == 0)
        }
      }
    }
  }

  @Test func `a code whose rate is unknown never has a duty of zero`() {
    for market in Fixtures.allMarkets where market != "SG" {
      var sale = LandedCost.Sale(goods: Fixtures.money("2000.00 USD"), origin: Fixtures.country("CN"))
      sale.consignment = .formal
      let estimate = Fixtures.landedCost(market).estimate(Fixtures.code("890190"), sale, on: Fixtures.today)
      #expect(estimate.duty == nil && estimate.total == nil && estimate.tax == nil, "\(market)")
    }
  }

  @Test func `a specific rate without its quantity is unknown`() {
    var sale = LandedCost.Sale(goods: Fixtures.money("2000.00 USD"), origin: Fixtures.country("CN"))
    sale.dutyRate = DutyRate("450/kg")
    let estimate = Fixtures.landedCost("ID").estimate(Fixtures.code("392690"), sale, on: Fixtures.today)
    #expect(estimate.duty == nil)
    #expect(estimate.unknown.contains { $0.contains("kilograms is not stated") })
  }

  @Test func `the whole range of values is computed without a trap`() {
    let edges: [Int64] = [1, 2, 99, 100, 1_000_000_000_000, 99_999_999_999_999, 100_000_000_000_000, .max]
    for market in Fixtures.allMarkets {
      for units in edges {
        for code in ["392690", "220300", "851713"] {
          var sale = LandedCost.Sale(
            goods: Money(minorUnits: units, currency: .usd), origin: Fixtures.country("CN"))
          sale.exchangeRate = 1_000_000_000
          sale.dutyRate = DutyRate("1000 % + 1000000000/kg")
          sale.quantities[.kilogram] = 1_000_000
          let estimate = Fixtures.landedCost(market).estimate(Fixtures.code(code), sale, on: Fixtures.today)
          #expect(estimate.regime.isEmpty == false)
        }
      }
    }
  }
}
