import ComplianceScreeningEngine
import Domain
import JSON
import Testing

/// Each kind of condition on its own, in a market made for it.
struct RuleTestTests {
  static func screen(
    _ tests: [RuleTest], except: [String] = [], _ product: Product, effect: Finding.Effect = .prohibit
  ) -> [Finding] {
    var pack = Fixtures.pack("SG")
    pack.rules = [
      ScreeningRule(
        id: "rule", version: "1", effect: effect, match: tests, except: except, summary: "A rule.",
        source: RuleSource(authority: "A", instrument: "I", excerpt: "E", asOf: Fixtures.today))
    ]
    let screener = Screener(packs: [pack], parties: Fixtures.parties, embargo: Fixtures.embargo)
    return screener.screen(
      product, market: pack.market, classification: Fixtures.classified("330499"), on: Fixtures.today
    ).findings.filter { $0.ruleID.hasPrefix("rule") }
  }

  private static func spoken(_ test: RuleTest, _ title: String, _ change: (inout Product) -> Void = { _ in })
    -> [Finding.Effect]
  {
    var product = Fixtures.product(title)
    change(&product)
    return screen([test], product).map(\.effect)
  }

  @Test(
    arguments: [
      (NumberTest.Quantity.watts, "LED lamp 60W", "LED lamp 59 watts", 59),
      (.watts, "Heater 1.5 kW", "Heater 900 W", 1000), (.lumens, "Torch 2000 lumens", "Torch 800lm", 1000),
      (.volts, "Adapter 230 V", "Adapter 24 volts", 50), (.milliampereHours, "Cell 5 Ah", "Cell 4000mAh", 4500),
      (.millilitres, "Perfume 1.5 l", "Perfume 100 ml", 150),
      (.wattHours, "Pack 30000mAh 3.7V", "Pack 20000mAh 3.7 V", 100),
      (.alcoholPercent, "Wine ABV 15%", "Beer 5% vol", 14),
    ] as [(NumberTest.Quantity, String, String, Decimal)])
  func `a number with a unit is read from the text and compared`(
    _ quantity: NumberTest.Quantity, _ more: String, _ less: String, _ limit: Decimal
  ) {
    let test = RuleTest(numbers: [NumberTest(quantity, above: limit)])
    #expect(RuleTestTests.spoken(test, more) == [.prohibit])
    #expect(RuleTestTests.spoken(test, less) == [])
    #expect(RuleTestTests.spoken(test, "Thing") == [.review], "what is not stated is not clear")
  }

  @Test func `a number is read from an attribute whose name has the unit`() {
    let test = RuleTest(numbers: [NumberTest(.watts, above: 100)])
    for name in ["Power (W)", "Wattage", "Rated watts"] {
      #expect(
        RuleTestTests.spoken(test, "Heater") { $0.attributes = [Attribute(name, "150")] } == [.prohibit], "\(name)")
    }
  }

  @Test func `the net weight is compared`() {
    let test = RuleTest(numbers: [NumberTest(.netWeightGrams, above: 249)])
    #expect(RuleTestTests.spoken(test, "Drone") == [.prohibit])
    #expect(RuleTestTests.spoken(test, "Drone") { $0.netWeightGrams = 249 } == [])
    #expect(RuleTestTests.spoken(test, "Drone") { $0.netWeightGrams = nil } == [.review])
  }

  @Test func `a value may have a least and a most`() {
    let test = RuleTest(valueAbove: Fixtures.money("10.00 SGD"), valueAtMost: Fixtures.money("15.60 SGD"))
    #expect(RuleTestTests.spoken(test, "Oil") == [.prohibit], "12 USD are 15.60 SGD")
    #expect(RuleTestTests.spoken(test, "Oil") { $0.unitValue = Fixtures.money("12.01 USD") } == [])
    #expect(RuleTestTests.spoken(test, "Oil") { $0.unitValue = Fixtures.money("1.00 USD") } == [])
  }

  @Test func `a destination is the market that is asked about`() {
    #expect(RuleTestTests.spoken(RuleTest(destinations: [Fixtures.market("SG")]), "Oil") == [.prohibit])
    #expect(RuleTestTests.spoken(RuleTest(destinations: [Fixtures.market("MY")]), "Oil") == [])
  }

  @Test func `a rule holds from its first day to its last`() throws {
    let json = try JSONParser.parse(
      Array(
        #"""
        {"id":"rule","version":"1","effect":"review","from":"2026-11-01","until":"2026-11-30","match":[{"words":["oil"]}],
         "summary":"A rule.","source":{"authority":"A","instrument":"I","excerpt":"E","asOf":"2026-01-01"},"roles":["legal"],
         "reroute":{"text":"By sea it may go.","mode":"sea"}}
        """#.utf8))
    var pack = Fixtures.pack("SG")
    pack.rules = [try ScreeningRule(json: JSONCursor(json))]
    #expect(try ScreeningRule(json: JSONCursor(JSONParser.parse(pack.rules[0].json.canonicalBytes))) == pack.rules[0])
    let screener = Screener(packs: [pack], parties: Fixtures.parties, embargo: Fixtures.embargo)
    func finding(_ day: String) -> Finding? {
      screener.screen(
        Fixtures.product("Oil"), market: pack.market, classification: Fixtures.classified("330499"),
        on: Fixtures.date(day)
      ).finding("rule")
    }
    #expect(finding("2026-10-31") == nil)
    #expect(finding("2026-11-01")?.reroute == Reroute(text: "By sea it may go.", mode: "sea"))
    #expect(finding("2026-11-30")?.roles == [.legal])
    #expect(finding("2026-12-01") == nil)
    #expect(try Finding(json: .init(finding("2026-11-30")!.json)) == finding("2026-11-30"))
  }

  @Test func `all parts of a test must hold`() {
    let test = RuleTest(hsPrefixes: ["33"], words: ["oil"], origins: [Fixtures.country("CN")])
    #expect(RuleTestTests.screen([test], Fixtures.product("Oil")).map(\.effect) == [.prohibit])
    #expect(RuleTestTests.screen([test], Fixtures.product("Soap")).isEmpty)
    var other = Fixtures.product("Oil")
    other.origin = Fixtures.country("FR")
    #expect(RuleTestTests.screen([test], other).isEmpty)
  }

  @Test func `any one test is enough`() {
    let tests = [RuleTest(words: ["soap"]), RuleTest(words: ["oil"])]
    #expect(RuleTestTests.screen(tests, Fixtures.product("Oil")).count == 1)
  }

  @Test func `a share is compared with its threshold, and an unstated share is not clear`() {
    let test = RuleTest(components: [ComponentTest(names: ["arnica"], atLeastPercent: 5)])
    func outcome(_ percent: Decimal?) -> [Finding.Effect] {
      var product = Fixtures.product("Balm")
      product.ingredients = [Component("Arnica montana", percent: percent)]
      return RuleTestTests.screen([test], product).map(\.effect)
    }
    #expect(outcome(5) == [.prohibit])
    #expect(outcome(4) == [])
    #expect(outcome(nil) == [.review])
  }

  @Test func `a missing origin or value leaves a rule undecided`() {
    var product = Fixtures.product("Oil")
    product.origin = nil
    let origins = RuleTest(words: ["oil"], origins: [Fixtures.country("CN")])
    #expect(RuleTestTests.screen([origins], product).map(\.ruleID) == ["rule/undecided"])
    product.unitValue = nil
    let value = RuleTest(words: ["oil"], valueAbove: Fixtures.money("100.00 SGD"))
    #expect(RuleTestTests.screen([value], product).map(\.effect) == [.review])
  }

  @Test func `a value is compared in the market's currency`() {
    let test = RuleTest(valueAbove: Fixtures.money("15.00 SGD"))
    #expect(RuleTestTests.screen([test], Fixtures.product("Oil")).count == 1, "12 USD are 15.60 SGD")
    #expect(RuleTestTests.screen([RuleTest(valueAbove: Fixtures.money("15.60 SGD"))], Fixtures.product("Oil")).isEmpty)
  }

  @Test func `an undecided rule that only informs does not block`() {
    let test = RuleTest(words: ["oil"], numbers: [NumberTest(.alcoholPercent, above: 5)])
    let findings = RuleTestTests.screen([test], Fixtures.product("Oil"), effect: .inform)
    #expect(findings.map(\.effect) == [.inform])
  }

  @Test func `a likely second candidate is heard, an unlikely one is not`() {
    func findings(_ second: Double) -> [String] {
      var classification = Fixtures.classified("392690", 0.6)
      classification.candidates.append(
        Candidate(code: Fixtures.code("880621"), title: "", confidence: Confidence(second)))
      return Fixtures.screener.screen(
        Fixtures.product("Article"), market: Fixtures.market("SG"), classification: classification, on: Fixtures.today
      ).blocking
    }
    #expect(findings(0.3) == ["SG-drone"])
    #expect(findings(0.1) == [])
  }
}
