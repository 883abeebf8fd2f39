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
  }

  @Test("takes from a market what the market says and the rest from the defaults")
  func overrides() throws {
    let json = try JSONParser.parse(
      Array(
        """
        {"name":"p","defaults":{"autoClearAt":0.9,"suggestAt":0.5,"requiredFields":["origin"]},
         "markets":{"SG":{"autoClearAt":0.95},"MY":{"requiredFields":[]}}}
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

  @Test("that names nothing fires never")
  func nothing() { #expect(!Self.fires(Trigger(id: "t", reason: "r"))) }
}
