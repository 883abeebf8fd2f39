import ComplianceScreeningEngine
import Domain
import Testing

/// Named goods, each with what must come of it.
struct RuleExampleTests {
  @Test func `a herbal massage oil with phellodendron is barred in Indonesia only`() {
    var oil = Fixtures.product("Herbal massage oil, warming, 100 ml")
    oil.ingredients = [
      Component("Sesame oil", percent: 80), Component("Ginger extract", percent: 15),
      Component("Phellodendron amurense bark extract", percent: 5),
    ]
    for market in Fixtures.allMarkets {
      let screening = Fixtures.screen(oil, market, code: "330499")
      #expect(screening.prohibits == (market == "ID"), "\(market): \(screening.blocking)")
    }
    let finding = Fixtures.screen(oil, "ID", code: "330499").finding("ID-herb-coptis-group")
    #expect(finding?.observed.first?.field == "/ingredients/2/name")
  }

  @Test func `a massage oil with camphor and menthol is looked at as a possible medicine`() {
    var oil = Fixtures.product("Massage oil with camphor and menthol")
    oil.ingredients = [Component("Camphor", percent: 4), Component("Menthol", percent: 3)]
    for market in Fixtures.fullMarkets {
      #expect(Fixtures.screen(oil, market).finding("\(market)-heat-massage-oil")?.effect == .review, "\(market)")
    }
    #expect(Fixtures.screen(Fixtures.product("Massage oil bottle"), "SG").finding("SG-heat-massage-oil") == nil)
  }

  @Test(arguments: ["Power bank 30000mAh 3.7V", "Powerbank 111 Wh USB-C", "Power bank 30,000 mAh", "充电宝 120Wh"])
  func `a power bank above 100 Wh needs a dangerous goods declaration`(_ title: String) {
    let finding = Fixtures.screen(Fixtures.product(title), "SG", code: "850760").finding("SG-battery-over-100wh")
    #expect(finding?.effect == .requireDocument)
    #expect(finding?.requiredDocument?.isEmpty == false)
  }

  @Test func `a power bank of 74 Wh needs none, whatever its output voltage`() {
    let bank = Fixtures.product("Power bank 20000mAh 3.7V, output 5V 9V 12V 20V")
    #expect(Fixtures.screen(bank, "SG", code: "850760").finding("SG-battery-over-100wh") == nil)
    #expect(Fixtures.screen(bank, "SG", code: "850760").finding("SG-lithium-battery")?.effect == .inform)
  }

  @Test func `a power bank of unknown energy could not be decided and waits for a person`() {
    let finding = Fixtures.screen(Fixtures.product("Slim power bank"), "SG", code: "850760")
      .finding("SG-battery-over-100wh/undecided")
    #expect(finding?.effect == .review)
    #expect(finding?.summary.contains("Wh") == true)
  }

  @Test func `the energy is also read from attributes whose name holds the unit`() {
    var bank = Fixtures.product("Slim power bank")
    bank.attributes = [Attribute("Battery capacity (mAh)", "30000"), Attribute("Voltage", "3.7")]
    let finding = Fixtures.screen(bank, "SG", code: "850760").finding("SG-battery-over-100wh")
    #expect(finding?.observed.contains { $0.text.contains("111 Wh") } == true)
  }

  @Test(arguments: [
    ("SG", "Disposable vape 5000 puffs"), ("TH", "บุหรี่ไฟฟ้าแบบพกพา"), ("VN", "Thuốc lá điện tử dùng một lần"),
    ("SG", "一次性电子烟"), ("BN", "Electronic cigarette kit"), ("KH", "E-Cigarette starter kit"),
  ])
  func `electronic cigarettes are barred where the law bars them`(_ market: String, _ title: String) {
    #expect(Fixtures.screen(Fixtures.product(title), market).finding("\(market)-e-cigarette")?.effect == .prohibit)
  }

  @Test func `in the Philippines an electronic cigarette needs documents`() {
    let screening = Fixtures.screen(Fixtures.product("Vape pod kit"), "PH")
    #expect(screening.finding("PH-e-cigarette")?.effect == .requireDocument)
  }

  @Test func `used clothing is barred in Indonesia, the Philippines and Vietnam`() {
    let jeans = Fixtures.product("Second hand clothes, mixed bale")
    #expect(Fixtures.screen(jeans, "ID").finding("ID-used-clothing")?.effect == .prohibit)
    #expect(Fixtures.screen(jeans, "PH").finding("PH-used-clothing")?.effect == .prohibit)
    #expect(Fixtures.screen(jeans, "VN").finding("VN-used-consumer-goods")?.effect == .prohibit)
    #expect(!Fixtures.screen(jeans, "SG").prohibits)
  }

  @Test func `kratom is barred in Malaysia and licensed in Thailand`() {
    let leaf = Fixtures.product("Dried Mitragyna speciosa leaf powder")
    #expect(Fixtures.screen(leaf, "MY").finding("MY-kratom")?.effect == .prohibit)
    #expect(Fixtures.screen(leaf, "TH").finding("TH-kratom")?.effect == .requireDocument)
  }

  @Test func `chewing gum is barred in Singapore only, and a gum remover is not gum`() {
    let gum = Fixtures.product("Spearmint chewing gum 20 pieces")
    #expect(Fixtures.screen(gum, "SG").finding("SG-chewing-gum")?.effect == .prohibit)
    #expect(!Fixtures.screen(gum, "MY").prohibits)
    let remover = Fixtures.product("Chewing gum remover spray")
    #expect(Fixtures.screen(remover, "SG").finding("SG-chewing-gum") == nil)
  }

  @Test func `an exception excuses the words it covers and no others`() {
    let both = Fixtures.product("Chewing gum remover, with free chewing gum")
    #expect(Fixtures.screen(both, "SG").finding("SG-chewing-gum")?.effect == .prohibit)
  }

  @Test func `species are known by their scientific and their common names`() {
    for title in ["Wallet, genuine python skin", "Bag of Malayopython reticulatus", "Agarwood (gaharu) bracelet"] {
      for market in Fixtures.allMarkets {
        let finding = Fixtures.screen(Fixtures.product(title), market).finding("\(market)-cites")
        #expect(finding?.effect == .requireDocument, "\(market): \(title)")
      }
    }
    for market in Fixtures.allMarkets {
      #expect(Fixtures.screen(Fixtures.product("Elephant ivory bangle"), market).prohibits, "\(market)")
    }
  }

  @Test func `a cosmetic with hydroquinone is barred, one that is free of it is not`() {
    var cream = Fixtures.product("Whitening face cream")
    cream.ingredients = [Component("Aqua"), Component("Hydroquinone", percent: 2)]
    #expect(Fixtures.screen(cream, "MY", code: "330499").finding("MY-cosmetic-banned-substance")?.effect == .prohibit)
    cream.ingredients = [Component("Aqua"), Component("Niacinamide")]
    cream.descriptions = [LocalizedText("Mercury free, no hydroquinone.")]
    #expect(Fixtures.screen(cream, "MY", code: "330499").finding("MY-cosmetic-banned-substance") == nil)
  }

  @Test func `a textile without materials is looked at, one with them is not`() {
    var shirt = Fixtures.product("T-shirt")
    #expect(Fixtures.screen(shirt, "TH", code: "610910").finding("TH-textile-materials")?.effect == .review)
    shirt.materials = [Component("Cotton", percent: 100)]
    #expect(Fixtures.screen(shirt, "TH", code: "610910").finding("TH-textile-materials") == nil)
  }

  @Test func `a rule speaks by code as well as by words`() {
    let finding = Fixtures.screen(Fixtures.product("Aerial photo device"), "SG", code: "880621").finding("SG-drone")
    #expect(finding?.observed == [Observation(field: "/classification/candidates/0", text: "8806.21 at 0.950")])
  }

  @Test func `a rule from a later day does not speak before it`() {
    let biscuits = Fixtures.product("Butter biscuits, snack food")
    let before = Fixtures.screen(biscuits, "ID", code: "190531", on: Fixtures.date("2026-10-16"))
    let after = Fixtures.screen(biscuits, "ID", code: "190531", on: Fixtures.date("2026-10-17"))
    #expect(before.finding("ID-halal") == nil)
    #expect(after.finding("ID-halal")?.effect == .requireDocument)
  }

  @Test func `a finding carries the seller's words, at most 80 characters of them`() {
    let long = "Aluminium travel case " + String(repeating: "for everyday use ", count: 12) + "with flick knife inside"
    let observed = Fixtures.screen(Fixtures.product(long), "SG").finding("SG-offensive-weapon")?.observed ?? []
    #expect(observed.first?.text.contains("flick knife") == true)
    #expect(observed.allSatisfy { $0.text.count <= 80 })
  }

  @Test func `accents, case and punctuation do not hide a word`() {
    for title in ["FLICK-KNIFE", "Flick  Knives", "flíck knife", "ｆｌｉｃｋ ｋｎｉｆｅ", "fl\u{200B}ick knife"] {
      #expect(Fixtures.screen(Fixtures.product(title), "SG").prohibits, "\(title)")
    }
  }

  @Test func `a part of a longer word does not speak`() {
    #expect(!Fixtures.screen(Fixtures.product("Vapersham cotton ribbon, gunny sack"), "SG").prohibits)
  }

  @Test(arguments: RuleExamples.all) func `goods speak to their rule in every language of the market`(
    _ example: RuleExamples.Example
  ) {
    for title in example.titles {
      let finding = Fixtures.screen(Fixtures.product(title), example.market).finding(example.rule)
      #expect(finding?.effect == example.effect, "\(title)")
    }
  }

  @Test(arguments: [
    ("Pueraria mirifica", ["TH"]), ("Cinnabar powder", ["VN"]), ("Yohimbe bark", ["SG", "MY", "TH", "VN", "PH"]),
    ("Coptis chinensis", ["ID"]),
  ])
  func `one restricted herb in a blend goes to a person where it is restricted, and only there`(
    _ herb: String, _ markets: [String]
  ) {
    var blend = Fixtures.product("Herbal supplement blend")
    blend.ingredients = [Component("Ginger extract", percent: 60), Component(herb, percent: 5)]
    for market in Fixtures.fullMarkets {
      let finding = Fixtures.screen(blend, market).findings.first { finding in
        finding.observed.contains { $0.field == "/ingredients/1/name" }
      }
      #expect((finding != nil) == markets.contains(market), "\(market): \(finding?.ruleID ?? "")")
      #expect(finding?.source?.excerpt?.isEmpty != true)
    }
  }

  @Test func `a herbal massage oil with one toxic herb is looked at in Vietnam only`() {
    var oil = Fixtures.product("Warming massage oil with herbs")
    oil.ingredients = [Component("Sesame oil", percent: 95), Component("Aconite root", percent: 5)]
    for market in ["MY", "ID", "TH", "PH", "VN"] {
      let finding = Fixtures.screen(oil, market).finding("\(market)-toxic-herb")
      #expect((finding != nil) == (market == "VN"), "\(market)")
    }
  }

  @Test func `a washing machine lid says nothing of a washing machine named beside it`() {
    let both = Fixtures.product("Washing machine cover, and a washing machine of 8 kg")
    #expect(Fixtures.screen(both, "SG").finding("SG-energy-label")?.effect == .requireDocument)
    let cover = Fixtures.product("Washing machine cover")
    #expect(Fixtures.screen(cover, "SG").finding("SG-energy-label") == nil)
  }

  @Test func `pepper spray goes to a person in the Philippines and is barred in Singapore`() {
    let spray = Fixtures.product("Pepper spray 60 ml")
    #expect(Fixtures.screen(spray, "PH").finding("PH-self-defence-spray")?.effect == .review)
    #expect(!Fixtures.screen(spray, "PH").prohibits)
    #expect(Fixtures.screen(spray, "SG").prohibits)
  }
}
