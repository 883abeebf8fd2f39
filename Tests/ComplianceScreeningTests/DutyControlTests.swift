import ComplianceScreeningEngine
import Domain
import JSON
import Testing

/// When a duty estimate takes a case to a person.
struct DutyControlTests {
  private static let limits = DutyLimits(differencePoints: 10, historyPoints: 5, holdsUnknown: true)

  private static func exposure(_ market: String, _ codes: [String], _ goods: String = "2000.00 USD") -> DutyExposure {
    let money = Fixtures.money(goods)
    let none = Money(minorUnits: 0, currency: money.currency)
    return DutyExposure(
      codes.map(Fixtures.code), [Fixtures.landedCost(market)],
      .init(goods: money, freight: none, insurance: none, origin: Fixtures.country("CN")),
      on: Fixtures.date("2026-05-01"))
  }

  private static func findings(
    _ market: String, _ codes: [String], _ limits: DutyLimits = limits, history: DutyHistory? = nil
  ) -> [String: Finding] {
    let all = DutyControl(limits)
      .findings(exposure(market, codes), in: Fixtures.market(market), history: history)
    return Dictionary(uniqueKeysWithValues: all.map { ($0.ruleID, $0) })
  }

  private static func estimate(total: String, value: String = "1000.00 SGD") -> DutyEstimate {
    DutyEstimate(
      code: Fixtures.code("610910"), customsValue: Fixtures.money(value), total: Fixtures.money(total), regime: "r")
  }

  @Test func `candidates far apart go to a person, and near ones do not`() throws {
    // 8517.13 bears 0 % and 6109.10.10 25 %.
    let far = try #require(
      DutyControlTests.findings("ID", ["85171300", "61091010"])["engine/duty-differs-between-candidates"])
    #expect(far.effect == .review)
    #expect(far.summary.contains("25 percentage points"))
    #expect(far.observed.map(\.text) == ["8517.13.00: 0 %", "6109.10.10: 25 %"])
    let near = DutyControlTests.findings("ID", ["85171300", "84713090"])
    #expect(near["engine/duty-differs-between-candidates"] == nil)
    let atLimit = DutyControlTests.findings(
      "ID", ["85171300", "61091010"], DutyLimits(differencePoints: 25, holdsUnknown: true))
    #expect(atLimit["engine/duty-differs-between-candidates"] == nil)
    let unlimited = DutyControlTests.findings("ID", ["85171300", "61091010"], DutyLimits(holdsUnknown: true))
    #expect(unlimited["engine/duty-differs-between-candidates"] == nil)
  }

  @Test func `one candidate differs from nothing`() {
    #expect(DutyControlTests.findings("ID", ["61091010"])["engine/duty-differs-between-candidates"] == nil)
  }

  @Test func `a rate that is missing goes to a person, or is told where the policy says so`() {
    let id = "engine/duty-not-known"
    #expect(DutyControlTests.findings("LA", ["392690"])[id]?.effect == .review)
    #expect(DutyControlTests.findings("LA", ["392690"], DutyLimits(holdsUnknown: false))[id]?.effect == .inform)
    #expect(DutyControlTests.findings("SG", ["392690"])[id] == nil)
  }

  @Test func `a rate whose time is over goes to a person`() {
    var pack = Fixtures.pack("SG")
    pack.taxation.exchangeRates.validDays = 30
    let old = DutyExposure(
      [Fixtures.code("392690")], [LandedCost(pack)],
      .init(goods: Fixtures.money("900.00 USD"), origin: Fixtures.country("CN")), on: Fixtures.date("2026-02-01"))
    let finding = DutyControl(DutyControlTests.limits).findings(old, in: pack.market).first
    #expect(finding?.ruleID == "engine/rate-out-of-date")
    #expect(finding?.effect == .review)
    #expect(finding?.observed.first?.text == "exchange rate USD to SGD of 2026-01-01")
    let fresh = DutyExposure(
      [Fixtures.code("392690")], [LandedCost(pack)],
      .init(goods: Fixtures.money("900.00 USD"), origin: Fixtures.country("CN")), on: Fixtures.date("2026-01-31"))
    #expect(DutyControl(DutyControlTests.limits).findings(fresh, in: pack.market).isEmpty)
  }

  @Test func `a rate that others compiled goes to finance, or is told where the policy says so`() throws {
    let id = "engine/rate-not-confirmed"
    let finding = try #require(DutyControlTests.findings("VN", ["33041000"])[id])
    #expect(finding.effect == .review && finding.roles == [.finance])
    #expect(
      finding.observed.map(\.text) == [
        "ordinary duty rate of 3304.10.00, 20 %: not confirmed against the instrument"
      ])
    #expect(DutyControlTests.findings("VN", ["33041000"], DutyLimits(holdsUnknown: false))[id]?.effect == .inform)
    // Read in the decree itself.
    #expect(DutyControlTests.findings("VN", ["610910"])[id] == nil)
  }

  @Test func `an estimate with such a rate is complete, and says so only where the rate was used`() throws {
    let cost = Fixtures.landedCost("VN")
    let none = Fixtures.money("0.00 USD")
    var sale = LandedCost.Sale(
      goods: Fixtures.money("2000.00 USD"), freight: none, insurance: none, origin: Fixtures.country("FR"))
    let day = Fixtures.date("2026-05-01")
    let estimate = cost.estimate(Fixtures.code("33041000"), sale, on: day)
    #expect(estimate.total != nil && estimate.unknown.isEmpty && estimate.unconfirmed.count == 1)
    #expect(estimate.working.contains { $0.contains("as compiled on 2026-04-05") })
    #expect(try DutyEstimate(json: JSONCursor(JSONParser.parse(estimate.json.bytes))) == estimate)
    let evfta = try #require(Fixtures.programmes.first { $0.id == "EVFTA" })
    let preferred = cost.estimate(Fixtures.code("33041000"), sale, on: day, under: evfta)
    #expect(preferred.dutyRate != nil && preferred.unconfirmed.isEmpty)
    #expect(preferred.json["unconfirmed"] == nil)
    sale.dutyRate = DutyRate(percent: 20)
    #expect(cost.estimate(Fixtures.code("33041000"), sale, on: day).unconfirmed.isEmpty)
  }

  @Test func `an estimate far from what is usual goes to a person`() {
    let usual = DutyHistory((0..<5).map { _ in DutyControlTests.estimate(total: "20.00 SGD") })
    // SG at 9 % lies 7 points from the usual 2 %.
    let finding = DutyControlTests.findings("SG", ["392690"], history: usual)["engine/duty-unlike-history"]
    #expect(finding?.effect == .review)
    let same = DutyHistory((0..<5).map { _ in DutyControlTests.estimate(total: "90.00 SGD") })
    #expect(DutyControlTests.findings("SG", ["392690"], history: same)["engine/duty-unlike-history"] == nil)
    let few = DutyHistory((0..<4).map { _ in DutyControlTests.estimate(total: "20.00 SGD") })
    #expect(DutyControlTests.findings("SG", ["392690"], history: few)["engine/duty-unlike-history"] == nil)
  }

  @Test func `a share that is kept says the same when it comes back`() {
    let estimates = ["10.00", "15.50", "30.00", "20.01", "40.00"].map { DutyControlTests.estimate(total: "\($0) SGD") }
    let kept = estimates.compactMap(DutyHistory.partsPerMillion)
    #expect(kept == [10_000, 15_500, 30_000, 20_010, 40_000])
    #expect(DutyHistory(partsPerMillion: kept) == DutyHistory(estimates))
    #expect(DutyHistory.partsPerMillion(DutyEstimate(code: Fixtures.code("610910"), regime: "r")) == nil)
  }

  @Test func `what is usual is the median, and estimates without a total do not count`() {
    let history = DutyHistory(
      ["10.00", "900.00", "30.00", "20.00", "40.00"].map { DutyControlTests.estimate(total: "\($0) SGD") }
        + [DutyEstimate(code: Fixtures.code("610910"), regime: "r")])
    #expect(history.median == 3)
    let even = DutyHistory(
      ["10.00", "20.00", "30.00", "40.00", "50.00", "60.00"].map { DutyControlTests.estimate(total: "\($0) SGD") })
    #expect(even.median == Fixtures.decimal("3.5"))
  }

  @Test func `exposure names what is at stake in money and points`() {
    let exposure = DutyControlTests.exposure("ID", ["85171300", "61091010"])
    let market = Fixtures.market("ID")
    #expect(exposure.spread(in: market) == 25)
    // 33,000,000: duty 8,250,000 and the VAT upon it of 907,500.
    #expect(exposure.amountAtStake(in: market)?.description == "9157500.00 IDR")
    #expect(DutyControlTests.exposure("ID", ["85171300", "890190"]).spread(in: market) == nil)
  }

  @Test func `a policy's limits survive writing and reading, and absent ones are the standard`() throws {
    #expect(try DutyLimits(json: JSONCursor(DutyControlTests.limits.json)) == DutyControlTests.limits)
    var object = try #require(Policy.starter.json.objectValue)
    object["duty"] = nil
    #expect(try Policy(json: JSONCursor(.object(object))).duty == .standard)
    object["duty"] = ["holdsUnknown": false, "differencePoint": "3"]
    #expect(throws: JSONError.self) { try Policy(json: JSONCursor(.object(object))) }
  }

  @Test func `screening speaks with the tenant's limits`() {
    let product = Fixtures.product("Phone case")
    let market = Fixtures.market("LA")
    func effect(_ limits: DutyLimits) -> Finding.Effect? {
      Fixtures.screener.screen(
        product, market: market, classification: Fixtures.classified("392690"), on: Fixtures.today, duty: limits
      ).finding("engine/duty-not-known")?.effect
    }
    #expect(effect(DutyLimits(holdsUnknown: true)) == .review)
    #expect(effect(DutyLimits(holdsUnknown: false)) == .inform)
  }

  @Test func `national digits that are missing are told, with the lines they stand among`() {
    func summary(_ code: String, _ market: String) -> String? {
      Fixtures.screen(Fixtures.product("Phone"), market, code: code)
        .finding("engine/national-digits-to-be-confirmed")?.summary
    }
    #expect(summary("851713", "ID")?.contains("8517.13.00") == true)
    #expect(summary("85171300", "ID") == nil)
    #expect(summary("85171300", "MY")?.contains("10 digits") == true)
    #expect(summary("851713", "LA")?.hasSuffix("to be confirmed.") == true)
  }
}
