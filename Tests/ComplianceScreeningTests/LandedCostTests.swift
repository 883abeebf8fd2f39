import ComplianceScreeningEngine
import Domain
import Testing

/// Each figure was worked out by hand; the working stands beside it.
struct LandedCostTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var market: String
    var code: String
    var goods: String
    var freight: String?
    var insurance: String?
    var origin = "CN"
    var on: String
    var value: String?
    var duty: String?
    var tax: String?
    var total: String?
    var testDescription: String { name }
  }

  static let cases: [Case] = [
    // Value 50.40 × 15,634 = 787,953.60. Duty 7.5 % = 59,096.52, up to 60,000.
    // VAT 11 % of 787,953.60 + 59,096.52 = 847,050.12 is 93,175.5132, down to 93,175. Total 153,175.
    Case(
      name: "ID consignment of February 2024, the authority's worked example", market: "ID", code: "392690",
      goods: "50.00 USD", freight: "0.00 USD", insurance: "0.40 USD", on: "2024-02-28",
      value: "787953.60 IDR", duty: "60000.00 IDR", tax: "93175.00 IDR", total: "153175.00 IDR"),
    // 2.00 × 16,500 = 33,000. No duty to USD 3. VAT 11 % = 3,630.
    Case(
      name: "ID consignment to USD 3", market: "ID", code: "392690", goods: "2.00 USD", freight: "0.00 USD",
      insurance: "0.00 USD", on: "2026-05-01",
      value: "33000.00 IDR", duty: "0.00 IDR", tax: "3630.00 IDR", total: "3630.00 IDR"),
    // 100 × 16,500 = 1,650,000. Bag: 25 % = 412,500, up to 413,000. VAT 11 % of 2,062,500 = 226,875. Total 639,875.
    Case(
      name: "ID bag at 25 %", market: "ID", code: "420222", goods: "100.00 USD", freight: "0.00 USD",
      insurance: "0.00 USD", on: "2026-05-01",
      value: "1650000.00 IDR", duty: "413000.00 IDR", tax: "226875.00 IDR", total: "639875.00 IDR"),
    // Freight unknown: 10 % of 1,650,000 = 165,000; insurance 0.5 % of 1,815,000 = 9,075; value 1,824,075.
    // Book: 0 %. VAT 11 % = 200,648.25, down to 200,648.
    Case(
      name: "ID book with the customary freight and insurance", market: "ID", code: "490199", goods: "100.00 USD",
      on: "2026-05-01",
      value: "1824075.00 IDR", duty: "0.00 IDR", tax: "200648.00 IDR", total: "200648.00 IDR"),
    // 2,000 × 16,500 = 33,000,000, above USD 1,500. Portable computer: 0 %. VAT 11 % = 3,630,000. The income
    // tax of a formal entry is prepaid and no part of the cost.
    Case(
      name: "ID laptop above USD 1,500 by the tariff", market: "ID", code: "84713090", goods: "2000.00 USD",
      freight: "0.00 USD", insurance: "0.00 USD", on: "2026-05-01",
      value: "33000000.00 IDR", duty: "0.00 IDR", tax: "3630000.00 IDR", total: "3630000.00 IDR"),
    // 200 × 1.30 = 260.00; from China 15.5 % = 40.30; CIF 300.30, within S$400: nothing at the border.
    Case(
      name: "SG within the low-value relief", market: "SG", code: "392690", goods: "200.00 USD", on: "2026-05-01",
      value: "300.30 SGD", duty: "0.00 SGD", tax: "0.00 SGD", total: "0.00 SGD"),
    // 400 × 1.30 = 520.00; 15.5 % = 80.60; CIF 600.60. Duty 0 %. GST 9 % = 54.054, to 54.05.
    Case(
      name: "SG above the relief", market: "SG", code: "392690", goods: "400.00 USD", on: "2026-05-01",
      value: "600.60 SGD", duty: "0.00 SGD", tax: "54.05 SGD", total: "54.05 SGD"),
    // Beer has a duty by litre of alcohol that the pack does not hold, so nothing after the value is known.
    Case(
      name: "SG beer, whose rate is not in the pack", market: "SG", code: "220300", goods: "20.00 SGD",
      freight: "5.00 SGD", insurance: "0.00 SGD", on: "2026-05-01", value: "25.00 SGD"),
    // Goods RM 400, freight RM 30, insurance RM 4: CIF 434, within RM 500. No duty; 10 % of the RM 400 alone = 40.00.
    Case(
      name: "MY low-value goods", market: "MY", code: "392690", goods: "400.00 MYR", freight: "30.00 MYR",
      insurance: "4.00 MYR", on: "2026-05-01",
      value: "434.00 MYR", duty: "0.00 MYR", tax: "40.00 MYR", total: "40.00 MYR"),
    // RM 500.01 is above the limit: a laptop is free of duty, but its sales tax rate is not in the pack.
    Case(
      name: "MY laptop above RM 500", market: "MY", code: "847130", goods: "500.01 MYR", freight: "0.00 MYR",
      insurance: "0.00 MYR", on: "2026-05-01", value: "500.01 MYR", duty: "0.00 MYR"),
    // 100 × 32 = 3,200; freight 10 % = 320; insurance 1 % = 32; CIF 3,552. Duty 30 % = 1,065.60.
    // VAT 7 % of 4,617.60 = 323.232, to 323.23. Total 1,388.83.
    Case(
      name: "TH T-shirt in 2026, from the first baht", market: "TH", code: "610910", goods: "100.00 USD",
      on: "2026-05-01",
      value: "3552.00 THB", duty: "1065.60 THB", tax: "323.23 THB", total: "1388.83 THB"),
    // 30 × 35 = 1,050; with 10 % and 1 % 1,165.50, within THB 1,500: no duty; VAT 7 % = 81.585, to 81.59.
    Case(
      name: "TH T-shirt in 2025, under the relief then", market: "TH", code: "610910", goods: "30.00 USD",
      on: "2025-05-01",
      value: "1165.50 THB", duty: "0.00 THB", tax: "81.59 THB", total: "81.59 THB"),
    // As before, but the VAT rate after September 2026 is not confirmed: duty is known, tax is not.
    Case(
      name: "TH T-shirt after the VAT rate's last confirmed day", market: "TH", code: "610910", goods: "100.00 USD",
      on: "2026-11-20", value: "3552.00 THB", duty: "1065.60 THB"),
    // 10 × 26,000 = 260,000; freight 26,000; insurance 2,600; CIF 288,600. Duty 20 % = 57,720.
    // VAT 8 % of 346,320 = 27,705.6, to 27,706. Total 85,426.
    Case(
      name: "VN T-shirt at the reduced VAT", market: "VN", code: "610910", goods: "10.00 USD", on: "2026-05-01",
      value: "288600 VND", duty: "57720 VND", tax: "27706 VND", total: "85426 VND"),
    // In 2027 VAT is 10 % again: 34,632. Total 92,352.
    Case(
      name: "VN T-shirt after the reduction", market: "VN", code: "610910", goods: "10.00 USD", on: "2027-01-01",
      value: "288600 VND", duty: "57720 VND", tax: "34632 VND", total: "92352 VND"),
    // 100 × 58 = 5,800 FOB, within PHP 10,000. CIF 5,800 + 580 + 116 = 6,496. Nothing is due.
    Case(
      name: "PH within de minimis", market: "PH", code: "610910", goods: "100.00 USD", on: "2026-05-01",
      value: "6496.00 PHP", duty: "0.00 PHP", tax: "0.00 PHP", total: "0.00 PHP"),
    // 200 × 58 = 11,600; freight 1,160; insurance 232; CIF 12,992. Duty 15 % = 1,948.80.
    // In the VAT base: the courier's 700 and the stamp of 30, so 12 % of 15,670.80 = 1,880.496, to 1,880.50.
    // Due: 1,948.80 + 1,880.50 + 30 = 3,859.30.
    Case(
      name: "PH above de minimis", market: "PH", code: "610910", goods: "200.00 USD", on: "2026-05-01",
      value: "12992.00 PHP", duty: "1948.80 PHP", tax: "1880.50 PHP", total: "3859.30 PHP"),
  ]

  @Test(arguments: cases) func `the estimate is the one worked out by hand`(_ item: Case) {
    let sale = LandedCost.Sale(
      goods: Fixtures.money(item.goods), freight: item.freight.map(Fixtures.money),
      insurance: item.insurance.map(Fixtures.money), origin: Fixtures.country(item.origin))
    let estimate = Fixtures.landedCost(item.market).estimate(
      Fixtures.code(item.code), sale, on: Fixtures.date(item.on))
    let working = Comment(rawValue: (estimate.working + estimate.unknown).joined(separator: "\n"))
    #expect(estimate.customsValue?.description == item.value, working)
    #expect(estimate.duty?.description == item.duty, working)
    #expect(estimate.tax?.description == item.tax, working)
    #expect(estimate.total?.description == item.total, working)
    #expect((estimate.total == nil) == !estimate.unknown.isEmpty, working)
  }

  @Test func `the working reads as a broker would write it`() {
    let sale = LandedCost.Sale(
      goods: Fixtures.money("50.00 USD"), freight: Fixtures.money("0.00 USD"),
      insurance: Fixtures.money("0.40 USD"), origin: Fixtures.country("CN"))
    let estimate = Fixtures.landedCost("ID").estimate(Fixtures.code("392690"), sale, on: Fixtures.date("2024-02-28"))
    #expect(
      estimate.working == [
        "Goods: 50.00 USD × 15634 (sample rate of 2024-02-28) = 781700 IDR",
        "Freight: 0.00 USD × 15634 (sample rate of 2024-02-28) = 0 IDR",
        "Insurance: 0.40 USD × 15634 (sample rate of 2024-02-28) = 6253.6 IDR",
        "Value with freight and insurance: 781700 + 6253.6 = 787953.6 IDR",
        "Customs value (CIF): 787953.6 IDR",
        "Duty: 787953.6 × 7.5 % = 59096.52 IDR",
        "Duty, rounded: 60000 IDR",
        "PPN: 847050.12 × 11 % = 93175.5132 IDR",
        "PPN, rounded: 93175 IDR",
        "Total: 60000 + 93175 = 153175 IDR",
      ])
  }

  @Test(arguments: ["0.00 USD", "-1.00 USD", "92233720368547758.07 USD", "5.00 KWD"])
  func `a value that cannot be used is unknown, and nothing is zero`(_ goods: String) {
    let estimate = Fixtures.landedCost("SG").estimate(
      Fixtures.code("392690"), .init(goods: Fixtures.money(goods)), on: Fixtures.today)
    #expect(estimate.duty == nil && estimate.tax == nil && estimate.total == nil)
    #expect(!estimate.unknown.isEmpty)
  }

  @Test func `a figure that is our assumption says so`() {
    let estimate = Fixtures.landedCost("VN").estimate(
      Fixtures.code("610910"), .init(goods: Fixtures.money("10.00 USD")), on: Fixtures.today)
    #expect(estimate.working.contains { $0.contains("our assumption") })
  }

  @Test func `a market that values free on board leaves freight and insurance out of duty and tax`() {
    var pack = Fixtures.pack("SG")
    pack.taxation.valuation.basis = .fob
    var sale = LandedCost.Sale(
      goods: Fixtures.money("500.00 SGD"), freight: Fixtures.money("80.00 SGD"),
      insurance: Fixtures.money("5.00 SGD"), origin: Fixtures.country("CN"))
    sale.dutyRate = DutyRate(percent: 10)
    // Duty 10 % of 500 = 50; GST 9 % of 550 = 49.50.
    let estimate = LandedCost(pack).estimate(Fixtures.code("392690"), sale, on: Fixtures.date("2026-05-01"))
    #expect(estimate.customsValue?.description == "500.00 SGD")
    #expect(estimate.duty?.description == "50.00 SGD")
    #expect(estimate.tax?.description == "49.50 SGD")
    #expect(estimate.total?.description == "99.50 SGD")
  }

  @Test func `dangerous goods have their own default insurance where the market sets one`() {
    // 4 % of 10,000 and not 2 %; freight 10 %.
    var sale = LandedCost.Sale(goods: Fixtures.money("10000.00 PHP"), origin: Fixtures.country("CN"))
    sale.isDangerous = true
    let estimate = Fixtures.landedCost("PH").estimate(Fixtures.code("850760"), sale, on: Fixtures.date("2026-05-01"))
    #expect(estimate.customsValue?.description == "11400.00 PHP")
    sale.isDangerous = false
    let general = Fixtures.landedCost("PH").estimate(Fixtures.code("850760"), sale, on: Fixtures.date("2026-05-01"))
    #expect(general.customsValue?.description == "11200.00 PHP")
  }

  @Test func `a stated exchange rate takes the place of the table's, for the limits too`() {
    // USD 3 is the limit whatever the rate: 3.00 × 20,000 = 60,000 bears no duty, 3.01 × 20,000 = 60,200 does.
    func duty(_ goods: String) -> String? {
      var sale = LandedCost.Sale(
        goods: Fixtures.money(goods), freight: Fixtures.money("0.00 USD"), insurance: Fixtures.money("0.00 USD"),
        origin: Fixtures.country("CN"))
      sale.exchangeRate = 20_000
      return Fixtures.landedCost("ID").estimate(Fixtures.code("392690"), sale, on: Fixtures.date("2026-05-01")).duty?
        .description
    }
    #expect(duty("3.00 USD") == "0.00 IDR")
    #expect(duty("3.01 USD") == "5000.00 IDR")
  }

  @Test func `an Indonesian parcel of 2021 bears the rates of 2021`() {
    // 100 × 14,500 = 1,450,000. Duty 7.5 % = 108,750, up to 109,000. VAT 10 % of 1,558,750 = 155,875. Total 264,875.
    var sale = LandedCost.Sale(
      goods: Fixtures.money("100.00 USD"), freight: Fixtures.money("0.00 USD"), insurance: Fixtures.money("0.00 USD"),
      origin: Fixtures.country("CN"))
    sale.exchangeRate = 14_500
    let estimate = Fixtures.landedCost("ID").estimate(Fixtures.code("851713"), sale, on: Fixtures.date("2021-06-01"))
    #expect(estimate.duty?.description == "109000.00 IDR")
    #expect(estimate.tax?.description == "155875.00 IDR")
    #expect(estimate.total?.description == "264875.00 IDR")
  }

  @Test func `what is stated and does not apply is said`() {
    var sale = LandedCost.Sale(goods: Fixtures.money("50.00 USD"), origin: Fixtures.country("VN"))
    sale.dutyRate = DutyRate(percent: 1)
    sale.taxRate = 1
    let day = Fixtures.date("2026-05-01")
    let programme = Fixtures.programmes.first { $0.id == "ATIGA" }
    let parcel = Fixtures.landedCost("ID").estimate(Fixtures.code("392690"), sale, on: day, under: programme)
    #expect(parcel.programme == nil)
    #expect(parcel.working.contains { $0.hasPrefix("ATIGA does not apply") })
    #expect(parcel.working.contains { $0.hasPrefix("The stated duty rate of 1 % is not used") })
    let relieved = Fixtures.landedCost("PH").estimate(Fixtures.code("392690"), sale, on: day)
    #expect(relieved.working.contains { $0.hasPrefix("The stated tax rate of 1 % is not used") })
  }

  @Test func `a relief that is not confirmed is named and not applied`() {
    let estimate = Fixtures.landedCost("KH").estimate(
      Fixtures.code("392690"), .init(goods: Fixtures.money("20.00 USD"), origin: Fixtures.country("CN")),
      on: Fixtures.date("2026-05-01"))
    #expect(estimate.regime == "ordinary import")
    #expect(estimate.working.contains { $0.hasPrefix("Not applied: de minimis to USD 50") })
  }

  @Test func `income tax prepaid at the border is named for each importer and is no part of the total`() {
    let estimate = Fixtures.landedCost("ID").estimate(
      Fixtures.code("84713090"),
      .init(
        goods: Fixtures.money("2000.00 USD"), freight: Fixtures.money("0.00 USD"),
        insurance: Fixtures.money("0.00 USD"), origin: Fixtures.country("CN")), on: Fixtures.date("2026-05-01"))
    #expect(estimate.prepayments.count == 3)
    // 2.5 % of 33,000,000.
    #expect(estimate.prepayments.first?.hasSuffix("= 825000 IDR") == true)
    #expect(estimate.total?.description == "3630000.00 IDR")
  }
}
