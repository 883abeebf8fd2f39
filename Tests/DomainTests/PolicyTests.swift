import Domain
import JSON
import Testing

@Suite("A tenant's policy")
struct PolicyTests {
  private static let market = Market("SG")!
  private static func confidence(_ millionths: Int32) -> Confidence { Confidence(millionths: millionths) }

  @Test("that a new tenant begins with is valid, and is read back as it was stored")
  func starter() throws {
    #expect(Policy.starter.validate() == [])
    #expect(try Policy(json: JSONCursor(JSONParser.parse(Policy.starter.json.canonicalBytes))) == .starter)
    #expect(Policy.starter.triggers.filter { $0.isNewSupplier || $0.isNewMarket }.count == 2)
  }

  @Test("asks for an authority's list where it says nothing, and for those it names where it does")
  func requiredLists() throws {
    var policy = Policy.starter
    #expect(policy.requiredLists == .anyPublished)
    #expect(policy.json["requiredLists"] == nil)
    for wanted in [RequiredLists.named([]), .named(["un-consolidated", "mine"])] {
      policy.requiredLists = wanted
      #expect(try Policy(json: JSONCursor(policy.json)) == policy)
    }
  }

  @Test("says what work costs where the tenant reckons, and no cost is below zero")
  func costs() throws {
    var policy = Policy.starter
    let currency = try #require(CurrencyCode("SGD"))
    policy.costs = WorkCosts(currency: currency, hour: try #require(Decimal("37.50")), millionTokens: 3)
    #expect(try Policy(json: JSONCursor(policy.json)) == policy)
    #expect(policy.costs?.cost(seconds: 96, tokens: 1000) == Money(minorUnits: 100, currency: currency))
    policy.costs?.hour = -1
    #expect(policy.validate().map(\.field) == ["/costs/hour"])
  }

  @Test("takes from a market what the market says and the rest from the defaults")
  func overrides() throws {
    let json = try JSONParser.parse(
      Array(
        """
        {"name":"p","defaults":{"autoClearAt":0.9,"suggestAt":0.5,"requiredFields":["origin"]},
         "markets":{"SG":{"autoClearAt":0.95},"MY":{"requiredFields":[],"errorBudget":0.05}}}
        """.utf8))
    let policy = try Policy(json: JSONCursor(json))
    #expect(policy.settings(for: Self.market).autoClearAt == Self.confidence(950_000))
    #expect(policy.settings(for: Self.market).suggestAt == Self.confidence(500_000))
    #expect(policy.settings(for: Self.market).requiredFields == ["origin"])
    #expect(policy.settings(for: Market("MY")!).requiredFields == [])
    #expect(policy.settings(for: Market("TH")!) == policy.defaults)
  }

  @Test("names each mistake by its place and says what to do")
  func mistakes() {
    var policy = Policy.starter
    policy.defaults.suggestAt = Self.confidence(950_000)
    policy.defaults.requiredFields = ["origin", "colour"]
    policy.triggers = [
      Trigger(id: "a", hsPrefixes: ["93"], reason: "r"), Trigger(id: "a", reason: "r"),
    ]
    let issues = policy.validate()
    #expect(
      issues.map(\.field) == [
        "/defaults/suggestAt", "/defaults/requiredFields/1", "/triggers/1/id", "/triggers/1",
      ])
    #expect(issues.filter { $0.problem.isEmpty || $0.remedy.isEmpty } == [])
  }

  @Test("in a market may not suggest above what clears either")
  func marketThresholds() throws {
    let json = try JSONParser.parse(
      Array(#"{"name":"p","defaults":{"autoClearAt":0.9,"suggestAt":0.5},"markets":{"SG":{"autoClearAt":0.4}}}"#.utf8))
    #expect(try Policy(json: JSONCursor(json)).validate().map(\.field) == ["/markets/SG/suggestAt"])
  }

  @Test(
    "with a word that we do not know is refused, for a misspelt control is no control",
    arguments: [
      #"{"name":"p","defaults":{"autoClearAt":0.9,"suggestAt":0.5},"trigers":[]}"#,
      #"{"name":"p","defaults":{"autoClearAt":0.9,"suggestAt":0.5,"requiredField":["origin"]}}"#,
      #"{"name":"p","defaults":{"autoClearAt":0.9,"suggestAt":0.5},"markets":{"sg":{}}}"#,
      #"{"name":"p","defaults":{"autoClearAt":1.1,"suggestAt":0.5}}"#,
      #"{"name":"p","defaults":{"autoClearAt":0.9}}"#,
      #"{"name":"p","defaults":{"autoClearAt":0.9,"suggestAt":0.5},"triggers":[{"id":"a","reason":"r","hsPrefix":["93"]}]}"#,
    ])
  func unknownWords(text: String) throws {
    let json = try JSONParser.parse(Array(text.utf8))
    #expect(throws: JSONError.self) { try Policy(json: JSONCursor(json)) }
  }
}

@Suite("A trigger")
struct TriggerTests {
  private static let market = Market("SG")!

  private static func fires(
    _ trigger: Trigger, codes: [String] = ["610910"], _ change: (inout Product) -> Void = { _ in }
  )
    -> Bool
  {
    var product = Product(sku: "A", titles: [LocalizedText("Shirt", language: "en")], markets: [market])
    change(&product)
    return trigger.fires(for: product, in: market, codes: codes.compactMap { HSCode($0) })
  }

  @Test("fires on any suggested code that begins so")
  func codes() {
    let trigger = Trigger(id: "t", hsPrefixes: ["36", "93"], reason: "r")
    #expect(!Self.fires(trigger))
    #expect(Self.fires(trigger, codes: ["610910", "930690"]))
    #expect(!Self.fires(trigger, codes: ["610936"]))
    #expect(!Self.fires(trigger, codes: []))
  }

  @Test("finds a material among materials and ingredients, in capitals too")
  func materials() {
    let trigger = Trigger(id: "t", materials: ["Lead"], reason: "r")
    #expect(Self.fires(trigger) { $0.materials = [Component("LEAD crystal")] })
    #expect(Self.fires(trigger) { $0.ingredients = [Component("lead acetate")] })
    #expect(!Self.fires(trigger) { $0.materials = [Component("cotton")] })
  }

  @Test("takes an unknown value, and one in another currency, for one above")
  func value() {
    let trigger = Trigger(id: "t", valueAbove: Money(minorUnits: 1000, currency: .usd), reason: "r")
    #expect(Self.fires(trigger))
    #expect(Self.fires(trigger) { $0.unitValue = Money(minorUnits: 1, currency: CurrencyCode("EUR")!) })
    #expect(Self.fires(trigger) { $0.unitValue = Money(minorUnits: 1001, currency: .usd) })
    #expect(!Self.fires(trigger) { $0.unitValue = Money(minorUnits: 1000, currency: .usd) })
  }

  @Test("needs every part that it names to hold, and its market")
  func together() {
    let trigger = Trigger(
      id: "t", markets: [Self.market], hsPrefixes: ["61"], categories: ["fashion"],
      valueAbove: Money(minorUnits: 100, currency: .usd), reason: "r")
    let matching: (inout Product) -> Void = { product in
      product.categoryPath = ["Fashion", "Men"]
      product.unitValue = Money(minorUnits: 650, currency: .usd)
    }
    #expect(Self.fires(trigger, matching))
    #expect(!Self.fires(trigger, codes: ["850440"], matching))
    #expect(!Self.fires(trigger) { $0.unitValue = Money(minorUnits: 650, currency: .usd) })
    var elsewhere = trigger
    elsewhere.markets = [Market("MY")!]
    #expect(!Self.fires(elsewhere, matching))
  }

  private static let stranger = Familiarity(isSupplierKnown: false, isMarketKnown: true)

  private static func fires(_ trigger: Trigger, _ familiarity: Familiarity, _ screening: Screening? = nil) -> Bool {
    trigger.fires(
      for: Product(sku: "A", titles: [LocalizedText("Shirt")], markets: [market]), in: market, codes: [],
      screening: screening, familiarity: familiarity)
  }

  @Test("fires for a supplier or a market that nothing was cleared of, and for one that was not looked up")
  func newcomers() {
    let supplier = Trigger(id: "t", isNewSupplier: true, reason: "r")
    let newMarket = Trigger(id: "t", isNewMarket: true, reason: "r")
    #expect(Self.fires(supplier, Self.stranger))
    #expect(!Self.fires(newMarket, Self.stranger))
    #expect(!Self.fires(supplier, .known))
    #expect(Self.fires(supplier) && Self.fires(newMarket), "what was not looked up is not known")
  }

  @Test("finds whole words of titles and brands, and words of scripts without spaces anywhere")
  func wholeWords() {
    let gun = Trigger(id: "t", words: ["gun", "ปืน"], reason: "r")
    #expect(Self.fires(gun) { $0.titles = [LocalizedText("Toy Gun, blue")] })
    #expect(!Self.fires(gun) { $0.titles = [LocalizedText("Burgundy scarf")] })
    #expect(Self.fires(gun) { $0.descriptions = [LocalizedText("ของเล่นปืนฉีดน้ำ")] })
    let brand = Trigger(id: "t", brands: ["Acme & Sons"], reason: "r", roles: [.legal])
    #expect(Self.fires(brand) { $0.brand = "ACME & SONS" })
    #expect(Self.fires(brand) { $0.titles = [LocalizedText("Bag by Acme Sons")] })
    #expect(!Self.fires(brand) { $0.brand = "Acmes" })
  }

  @Test("fires on an origin, and where none is stated")
  func origins() {
    let trigger = Trigger(id: "t", origins: [CountryCode("MM")!], reason: "r")
    #expect(Self.fires(trigger))
    #expect(Self.fires(trigger) { $0.origin = CountryCode("MM") })
    #expect(!Self.fires(trigger) { $0.origin = CountryCode("CN") })
  }

  private static func screening(duty: Int64?, total: Int64? = 500, rule: String = "SG-lithium-battery") -> Screening {
    func money(_ units: Int64) -> Money { Money(minorUnits: units, currency: .usd) }
    return Screening(
      findings: [Finding(ruleID: rule, ruleVersion: "1", effect: .inform, summary: "")],
      duties: [
        DutyEstimate(
          code: HSCode("610910")!, customsValue: money(1000), duty: duty.map(money), total: total.map(money),
          regime: "r")
      ], riskScore: 0, packVersion: "SG@1")
  }

  @Test("takes a duty that is not known for one above the limit")
  func duty() {
    let share = Trigger(id: "t", dutyPercentAbove: 30, reason: "r", roles: [.finance])
    #expect(!Self.fires(share, .known, Self.screening(duty: 300)))
    #expect(Self.fires(share, .known, Self.screening(duty: 301)))
    #expect(Self.fires(share, .known, Self.screening(duty: nil)))
    #expect(Self.fires(share, .known))
    let amount = Trigger(id: "t", dutyAbove: Money(minorUnits: 500, currency: .usd), reason: "r")
    #expect(!Self.fires(amount, .known, Self.screening(duty: 0)))
    #expect(Self.fires(amount, .known, Self.screening(duty: 0, total: 501)))
    #expect(Self.fires(amount, .known, Self.screening(duty: 0, total: nil)))
  }

  @Test(
    "knows the rules that spoke by the pattern of their ids",
    arguments: [
      ("*-lithium-battery", true), ("SG-*", true), ("SG-lithium-battery", true), ("*ium*batt*", true), ("*", true),
      ("SG-lithium", false), ("*-lithium", false), ("MY-*", false), ("*batt*ium*", false),
      ("SG-lithium-battery*y", false),
    ])
  func findings(pattern: String, speaks: Bool) {
    let trigger = Trigger(id: "t", findings: [pattern], reason: "r", roles: [.logistics])
    #expect(Self.fires(trigger, .known, Self.screening(duty: 0)) == speaks)
    #expect(!Self.fires(trigger, .known))
  }

  @Test("is read back as it was stored, whatever it asks")
  func codable() throws {
    let trigger = Trigger(
      id: "t", markets: [Self.market], hsPrefixes: ["85"], materials: ["lead"], categories: ["toys"], words: ["gun"],
      brands: ["Acme"], origins: [CountryCode("MM")!], valueAbove: Money(minorUnits: 1, currency: .usd),
      dutyAbove: Money(minorUnits: 2, currency: .usd), dutyPercentAbove: 3, findings: ["SG-*"], isNewSupplier: true,
      isNewMarket: true, requiresTwoPeople: true, reason: "r", roles: [.legal])
    #expect(try Trigger(json: JSONCursor(JSONParser.parse(trigger.json.canonicalBytes))) == trigger)
  }

  @Test("of two people names who they are")
  func twoPeopleNeedRoles() {
    var policy = Policy.starter
    policy.triggers = [Trigger(id: "a", hsPrefixes: ["93"], requiresTwoPeople: true, reason: "r", roles: [])]
    #expect(policy.validate().map(\.field) == ["/triggers/0/roles"])
  }

  @Test("that names nothing fires never")
  func nothing() { #expect(!Self.fires(Trigger(id: "t", reason: "r"))) }
}
