import ComplianceScreeningEngine
import Domain
import Glibc
import JSON
import Testing

/// The authorities' own examples, where the shared data folder is at hand.
struct GoldenDutyTests {
  private static let path =
    (getenv("PABEAN_SHARED_DATA").map { String(cString: $0) } ?? "../shared/data") + "/duty/golden_duty_cases.json"

  private static let cases: JSONValue? = {
    guard let file = fopen(path, "r") else {
      print(
        "The authorities' duty cases are not checked: \(path) cannot be opened; PABEAN_SHARED_DATA names the folder.")
      return nil
    }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1_000_000)
    let count = fread(&bytes, 1, bytes.count, file)
    return try? JSONParser.parse(Array(bytes[..<count]))
  }()

  @Test(.enabled(if: cases != nil, "the shared data folder is absent"))
  func `every parcel of the Indonesian examples is charged as the authority charges it`() throws {
    let parcels = try #require(GoldenDutyTests.cases?.arrayValue).filter { $0["cif_usd"] != nil }
    #expect(!parcels.isEmpty)
    for parcel in parcels {
      let rate = try decimal(parcel, "ndpbm")
      var sale = LandedCost.Sale(
        goods: try dollars(parcel, "fob_usd"), freight: try dollars(parcel, "freight_usd"),
        insurance: try dollars(parcel, "insurance_usd"), origin: Fixtures.country("CN"))
      sale.exchangeRate = rate
      let market = try #require(parcel["market"]?.stringValue)
      let estimate = Fixtures.landedCost(market)
        .estimate(Fixtures.code("392690"), sale, on: Fixtures.date("2024-02-28"))
      let expected = try #require(parcel["expect"])
      #expect(estimate.customsValue?.amount == (try decimal(expected, "customs_value_idr")))
      #expect(estimate.duty?.amount == (try decimal(expected, "duty_payable")))
      #expect(estimate.tax?.amount == (try decimal(expected, "vat_payable")))
      #expect(estimate.total?.amount == (try decimal(expected, "total_billing")))
      let exact = try decimal(expected, "duty_item")
      #expect(estimate.working.contains { $0.hasPrefix("Duty: ") && $0.hasSuffix("= \(exact) IDR") })
    }
  }

  private func decimal(_ value: JSONValue, _ key: String) throws -> Decimal {
    let text = try #require(value[key]?.stringValue)
    return try #require(Decimal(text))
  }

  private func dollars(_ value: JSONValue, _ key: String) throws -> Money {
    let amount = try decimal(value, key)
    return try #require(Money(amount, .usd))
  }

  @Test(.enabled(if: cases != nil, "the shared data folder is absent"))
  func `the Philippine facts stand in the pack`() throws {
    let facts = try #require(GoldenDutyTests.cases?.arrayValue?.first { $0["id"] == "PH-INFORMAL" }?["facts"])
    let taxation = Fixtures.pack("PH").taxation
    for (key, isDangerous) in [("insurance_default_general_cargo", false), ("insurance_default_dangerous_cargo", true)]
    {
      let insurance = taxation.valuation.defaults
        .first { $0.kind == .insurance && $0.applies(to: nil, isDangerous: isDangerous) }
      let percent = try #require(insurance?.percent)
      #expect(facts[key]?.stringValue?.hasPrefix("\(percent)%") == true)
    }
    let brokerage = try #require(
      taxation.regimes.first { $0.consignment == .parcel }?.fees.first { $0.isInTaxBase && !$0.isDue })
    let stated = try #require(facts["brokerage_fee_courier_informal_in_vat_base"]?.stringValue)
    #expect(brokerage.amount(for: 1).map { stated.hasSuffix(" \($0)") } == true)
  }
}
