import ComplianceScreeningEngine
import Domain
import Testing

/// Runs the table of figures that were worked out by hand.
struct HandComputedTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var market: String
    var code: String
    var on: String
    var sale: LandedCost.Sale
    var programme: String?
    var expected: Amounts
    var testDescription: String { name }

    init(
      _ name: String, _ market: String, _ code: String, _ goods: String, freight: String? = nil,
      insurance: String? = nil, from origin: String = "CN", on: String, _ details: [Detail] = [],
      expecting expected: Amounts
    ) {
      self.name = name
      self.market = market
      self.code = code
      self.on = on
      self.expected = expected
      sale = LandedCost.Sale(
        goods: Fixtures.money(goods), freight: freight.map(Fixtures.money),
        insurance: insurance.map(Fixtures.money), origin: Fixtures.country(origin))
      for detail in details { apply(detail) }
    }

    private mutating func apply(_ detail: Detail) {
      switch detail {
      case .consignment(let kind): sale.consignment = kind
      case .programme(let id): programme = id
      case .dutyRate(let text): sale.dutyRate = DutyRate(text)
      case .taxRate(let text): sale.taxRate = Fixtures.decimal(text)
      case .sellerIsRegistered(let isRegistered): sale.sellerIsRegistered = isRegistered
      case .quantity(let unit, let text): sale.quantities[unit] = Fixtures.decimal(text)
      }
    }
  }

  enum Detail: Sendable {
    case consignment(ConsignmentKind)
    case programme(String)
    case dutyRate(String)
    case taxRate(String)
    case sellerIsRegistered(Bool)
    case quantity(QuantityUnit, String)
  }

  struct Amounts: Sendable, Equatable {
    var value: String?
    var duty: String?
    var excise: String?
    var tax: String?
    var total: String?
  }

  @Test(arguments: HandComputedCases.all) func `each amount is the one worked out by hand`(_ item: Case) throws {
    let programme = try item.programme.map { id in try #require(Fixtures.programmes.first { $0.id == id }) }
    let estimate = Fixtures.landedCost(item.market).estimate(
      Fixtures.code(item.code), item.sale, on: Fixtures.date(item.on), under: programme)
    let found = Amounts(
      value: estimate.customsValue?.description, duty: estimate.duty?.description,
      excise: estimate.excise?.description, tax: estimate.tax?.description, total: estimate.total?.description)
    #expect(found == item.expected, Comment(rawValue: (estimate.working + estimate.unknown).joined(separator: "\n")))
    #expect((estimate.total == nil) == !estimate.unknown.isEmpty)
  }

  @Test func `the table is long enough, and speaks of every market`() {
    #expect(HandComputedCases.all.count >= 60)
    #expect(Set(HandComputedCases.all.map(\.market)) == Set(Fixtures.allMarkets))
  }
}
