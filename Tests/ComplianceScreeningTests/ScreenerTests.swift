import ComplianceScreeningEngine
import Domain
import Testing

struct ScreenerTests {
  @Test func `a market without a pack is a finding, not a clearance`() {
    let screening = Fixtures.screen(Fixtures.product("T-shirt"), "JP")
    #expect(screening.finding("engine/no-market-pack")?.effect == .review)
    #expect(screening.duties.isEmpty)
  }

  @Test func `a pack that is past its review day, or not yet valid, asks for review`() {
    let product = Fixtures.product("Mug")
    let late = Fixtures.screen(product, "SG", on: Fixtures.date("2027-06-01"))
    #expect(late.finding("engine/market-pack-review-overdue")?.effect == .review)
    let early = Fixtures.screen(product, "SG", on: Fixtures.date("2025-12-31"))
    #expect(early.finding("engine/market-pack-not-yet-valid")?.effect == .review)
  }

  @Test func `of several packs the newest that is valid speaks`() {
    var later = Fixtures.pack("SG")
    later.version = "later"
    later.validFrom = Fixtures.date("2026-12-01")
    let screener = Screener(
      packs: [later, Fixtures.pack("SG")], parties: Fixtures.parties, embargo: Fixtures.embargo)
    func version(_ day: String) -> String {
      screener.screen(
        Fixtures.product("Mug"), market: later.market, classification: Fixtures.classified("691200"),
        on: Fixtures.date(day)
      ).packVersion
    }
    #expect(version("2026-11-30") == "SG@\(Fixtures.pack("SG").version)")
    #expect(version("2026-12-01") == "SG@later")
  }

  @Test func `the versions of packs and lists are recorded`() {
    let screening = Fixtures.screen(Fixtures.product("Mug"), "SG")
    #expect(screening.packVersion == "SG@2026.11.4")
    #expect(screening.listVersions == ["sample@1", "embargo@2026.11.2", "tariff-SG@2026.11.1"])
  }

  @Test func `no candidate code is a finding`() {
    let nothing = Classification(candidates: [], isTooVague: true, modelVersion: "test")
    let screening = Fixtures.screener.screen(
      Fixtures.product("Thing"), market: Fixtures.market("SG"), classification: nothing, on: Fixtures.today)
    #expect(screening.finding("engine/no-candidate-code")?.effect == .review)
  }

  @Test func `missing required fields are named`() {
    var product = Fixtures.product("Mug")
    product.origin = nil
    product.netWeightGrams = nil
    let finding = Fixtures.screen(product, "SG").finding("engine/missing-field")
    #expect(finding?.observed.map(\.field) == ["/origin", "/netWeightGrams"])
  }

  @Test func `a supplied code in another heading asks for review, in another subheading informs`() {
    var product = Fixtures.product("Mug")
    product.suppliedCode = Fixtures.code("6911.10")
    #expect(
      Fixtures.screen(product, "SG", code: "691200").finding("engine/supplied-code-disagrees")?.effect == .review)
    product.suppliedCode = Fixtures.code("3926.40")
    #expect(Fixtures.screen(product, "SG").finding("engine/supplied-code-disagrees")?.effect == .inform)
    product.suppliedCode = Fixtures.code("3926.90.99")
    #expect(Fixtures.screen(product, "SG").finding("engine/supplied-code-disagrees") == nil)
  }

  @Test func `a supplied code of an older edition stands for what it became, and a split is told with its question`() {
    var product = Fixtures.product("Phone")
    product.suppliedCode = Fixtures.code("851712")
    func screen(_ best: String, _ became: [String]) -> Screening {
      var classification = Fixtures.classified(best)
      let codes = became.map(Fixtures.code)
      let answers = codes.map { HSConversion.Question.Answer("it is", $0) }
      classification.supplied = HSConversion(
        code: Fixtures.code("851712"), from: HSEdition("2017")!, to: HSEdition("2022")!, codes: codes,
        questions: codes.count < 2 ? [] : [HSConversion.Question(about: codes[0], text: "Which?", answers: answers)])
      return Fixtures.screener.screen(
        product, market: Fixtures.market("SG"), classification: classification, on: Fixtures.today)
    }
    let one = screen("851713", ["851713"])
    #expect(one.finding("engine/supplied-code-disagrees") == nil)
    #expect(one.finding("engine/supplied-code-became-several") == nil)
    let split = screen("851713", ["851713", "851714"])
    #expect(split.finding("engine/supplied-code-disagrees") == nil)
    let finding = split.finding("engine/supplied-code-became-several")
    #expect(finding?.effect == .inform)
    #expect(finding?.summary.hasSuffix("Which? it is → 8517.13; it is → 8517.14") == true)
    #expect(screen("420222", ["851713", "851714"]).finding("engine/supplied-code-disagrees")?.effect == .review)
  }

  @Test func `the rules that speak by code hear what an older supplied code became`() {
    var product = Fixtures.product("Something")
    product.suppliedCode = Fixtures.code("382499")
    var classification = Fixtures.classified("392690")
    #expect(
      Fixtures.screener.screen(
        product, market: Fixtures.market("SG"), classification: classification, on: Fixtures.today
      ).findings.allSatisfy { $0.observed.allSatisfy { $0.text != "2404.12" } })
    classification.supplied = HSConversion(
      code: Fixtures.code("382499"), from: HSEdition("2017")!, to: HSEdition("2022")!,
      codes: [Fixtures.code("240412")])
    let screening = Fixtures.screener.screen(
      product, market: Fixtures.market("SG"), classification: classification, on: Fixtures.today)
    #expect(screening.findings.contains { $0.blocksClearance && $0.observed.contains { $0.text == "2404.12" } })
  }

  @Test(arguments: ["0.00 USD", "-5.00 USD", "50000.01 USD", "9000000.00 CNY"])
  func `an implausible value asks for review`(_ value: String) {
    var product = Fixtures.product("Mug")
    product.unitValue = Fixtures.money(value)
    #expect(Fixtures.screen(product, "SG").finding("engine/implausible-value")?.effect == .review)
  }

  @Test func `a value far above what its weight can be worth asks for review`() {
    var product = Fixtures.product("Mug")
    product.unitValue = Fixtures.money("1000.00 USD")
    product.netWeightGrams = Fixtures.decimal("0.25")
    #expect(Fixtures.screen(product, "SG").finding("engine/implausible-value")?.effect == .review)
  }

  @Test(arguments: ["0", "0.05", "250000"]) func `an implausible weight asks for review`(_ grams: String) {
    var product = Fixtures.product("Mug")
    product.netWeightGrams = Fixtures.decimal(grams)
    #expect(Fixtures.screen(product, "SG").finding("engine/implausible-weight")?.effect == .review)
  }

  @Test func `goods of an embargoed origin are barred in every market`() {
    var product = Fixtures.product("Mug")
    product.origin = Fixtures.country("KP")
    for market in Fixtures.allMarkets + ["JP"] {
      #expect(Fixtures.screen(product, market).finding("engine/embargoed-origin")?.effect == .prohibit, "\(market)")
    }
    product.origin = Fixtures.country("CN")
    product.supplier = Party(name: "Somebody", country: Fixtures.country("KP"))
    #expect(Fixtures.screen(product, "SG").finding("engine/embargoed-origin")?.effect == .review)
  }

  @Test func `a denied supplier, manufacturer or brand is a finding of the compliance lead`() {
    for field in ["/supplier/name", "/manufacturer/name", "/brand"] {
      var product = Fixtures.product("Mug")
      let name = "ZARVANIAN OBSIDIAN Trading Co."
      switch field {
      case "/supplier/name": product.supplier = Party(name: name)
      case "/manufacturer/name": product.manufacturer = Party(name: name)
      default: product.brand = name
      }
      let finding = Fixtures.screen(product, "SG").finding("engine/denied-party")
      #expect(finding?.effect == .review)
      #expect(finding?.observed.first?.field == field)
      #expect(finding?.roles == [.complianceLead])
    }
  }

  @Test func `an unknown duty rate informs, and stands in the estimate`() {
    let screening = Fixtures.screen(Fixtures.product("Plastic article"), "MY", code: "392690")
    #expect(screening.duties.first?.duty?.minorUnits == 0)
    let dear = { () -> Product in
      var product = Fixtures.product("Plastic article")
      product.unitValue = Fixtures.money("900.00 USD")
      return product
    }()
    let unknown = Fixtures.screen(dear, "MY", code: "392690")
    #expect(unknown.duties.first?.duty == nil)
    #expect(unknown.duties.first?.unknown.first == "ordinary duty rate of 3926.90")
    #expect(unknown.finding("engine/duty-not-known")?.effect == .inform)
  }

  @Test func `duty is estimated for the best three candidates`() {
    let candidates = ["610910", "610990", "611030", "620520"].map {
      Candidate(code: Fixtures.code($0), title: $0, confidence: Confidence(0.25))
    }
    let screening = Fixtures.screener.screen(
      Fixtures.product("T-shirt"), market: Fixtures.market("SG"),
      classification: Classification(candidates: candidates, isTooVague: false, modelVersion: "test"),
      on: Fixtures.today)
    #expect(screening.duties.map(\.code.digits) == ["610910", "610990", "611030"])
  }

  @Test func `findings come gravest first`() {
    let effects = Fixtures.screen(Fixtures.product("Vape with bluetooth, replica, lithium battery 10 Wh"), "SG")
      .findings.map(\.effect)
    #expect(effects.first == .prohibit)
    #expect(effects == effects.sorted(by: >))
  }
}
