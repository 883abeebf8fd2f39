import ComplianceScreeningEngine
import Domain
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
