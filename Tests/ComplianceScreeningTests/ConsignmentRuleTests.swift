import ComplianceScreeningEngine
import Domain
import Testing

/// Rules that ask for what only a shipment can say.
struct ConsignmentRuleTests {
  private static let screener: Screener = {
    var pack = Fixtures.pack("SG")
    pack.rules = [
      rule("quantity", ConsignmentTest(quantityAbove: 3)), rule("parcel", ConsignmentTest(kind: .parcel)),
      rule("value", ConsignmentTest(valueAbove: Fixtures.money("400.00 SGD"))),
    ]
    return Screener(packs: [pack], parties: Fixtures.parties, embargo: Fixtures.embargo)
  }()

  private static func rule(_ id: String, _ test: ConsignmentTest) -> ScreeningRule {
    ScreeningRule(
      id: id, version: "1", effect: .prohibit, match: [RuleTest(words: ["oil"], consignment: test)], summary: "\(id).",
      source: RuleSource(authority: "A", instrument: "I", excerpt: "E", asOf: Fixtures.today),
      reroute: Reroute(text: "Split it."))
  }

  private static func findings(_ consignment: Consignment, _ title: String = "Oil") -> [String: Finding.Effect] {
    let findings = screener.screen(
      Fixtures.product(title), in: consignment, market: Fixtures.market("SG"),
      classification: Fixtures.classified("330499"), on: Fixtures.today)
    return Dictionary(uniqueKeysWithValues: findings.map { ($0.ruleID, $0.effect) })
  }

  @Test func `of a product alone they say that each shipment is asked, and hold nothing`() {
    let screening = ConsignmentRuleTests.screener.screen(
      Fixtures.product("Oil"), market: Fixtures.market("SG"), classification: Fixtures.classified("330499"),
      on: Fixtures.today)
    let found = screening.findings.filter { $0.ruleID.hasSuffix("/by-shipment") }
    #expect(found.count == 3 && found.allSatisfy { $0.effect == .inform && $0.reroute?.text == "Split it." })
    let soap = ConsignmentRuleTests.screener.screen(
      Fixtures.product("Soap"), market: Fixtures.market("SG"), classification: Fixtures.classified("330499"),
      on: Fixtures.today)
    #expect(!soap.findings.contains { $0.ruleID.hasSuffix("/by-shipment") })
  }

  @Test func `in a shipment each speaks by what the shipment says`() {
    let small = Consignment(kind: .formal, quantity: 3, value: Fixtures.money("400.00 SGD"))
    #expect(ConsignmentRuleTests.findings(small) == [:])
    let large = Consignment(kind: .parcel, quantity: 4, value: Fixtures.money("400.01 SGD"))
    #expect(
      ConsignmentRuleTests.findings(large) == ["quantity": .prohibit, "parcel": .prohibit, "value": .prohibit])
    #expect(ConsignmentRuleTests.findings(large, "Soap") == [:])
  }

  @Test func `what the shipment does not say is not clear`() {
    #expect(
      ConsignmentRuleTests.findings(Consignment()) == [
        "quantity/undecided": .review, "parcel/undecided": .review, "value/undecided": .review,
      ])
  }

  @Test func `a shipment tells the pieces of a product over all its lines, its value and its kind`() {
    func line(_ number: Int, _ sku: String, _ quantity: Decimal, unit: String = "C62") -> ShipmentLine {
      ShipmentLine(number: number, sku: sku, quantity: quantity, unit: unit, unitPrice: Fixtures.money("2.00 USD"))
    }
    var shipment = Shipment(
      reference: "R", market: Fixtures.market("SG"), seller: Party(name: "S"), consignee: Party(name: "C"),
      currency: Fixtures.money("1.00 USD").currency,
      lines: [line(1, "A", 2), line(2, "A", 3), line(3, "B", 1, unit: "KGM")])
    #expect(shipment.consignment(of: "A") == Consignment(quantity: 5, value: Fixtures.money("12.00 USD")))
    #expect(shipment.consignment(of: "B").quantity == nil, "kilograms are not pieces")
    shipment.transportMode = "courier"
    #expect(shipment.consignment(of: "A").kind == .parcel)
    shipment.transportMode = "sea"
    #expect(shipment.consignment(of: "A").kind == .formal)
  }
}
