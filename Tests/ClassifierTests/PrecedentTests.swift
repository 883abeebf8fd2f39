import Domain
import Testing

@testable import ClassifierEngine

struct PrecedentTests {
  private static let mug = SharedModel.product("Ceramic coffee mug printed")

  private static func id(_ name: String) -> UniqueID {
    UniqueID(digest: Array(name.utf8) + [UInt8](repeating: 0, count: 32 - name.utf8.count))
  }

  private func precedent(
    _ name: String, _ code: String, _ outcome: Precedent.Outcome, day: Int64, market: String = "SG",
    of product: Product = PrecedentTests.mug, ruling: (authority: String, reference: String)? = nil,
    reason: String = ""
  ) -> Precedent {
    Precedent(
      id: PrecedentTests.id(name), source: ruling == nil ? .decision : .ruling, authority: ruling?.authority ?? "",
      reference: ruling?.reference ?? "", description: ProductDescription(product), code: HSCode(code)!,
      decidedAt: Instant(microseconds: day * 86_400_000_000), outcome: outcome, market: Market(market)!, reason: reason)
  }

  private func classify(_ precedents: [Precedent], _ product: Product = PrecedentTests.mug) -> Classification {
    var index = PrecedentIndex(SharedModel.model)
    for precedent in precedents { index.add(precedent) }
    return SharedModel.model.classify(product, market: SharedModel.singapore, precedents: index)
  }

  // MARK: The same product

  @Test func `an approved precedent of the same product gives its code with high confidence and is named`() throws {
    let answer = classify([precedent("case-7", "69111000", .approved, day: 20_000)])
    let best = try #require(answer.best)
    #expect(best.code.digits == "69111000")
    #expect(best.confidence >= Confidence(0.95))
    let reason = try #require(best.evidence.first)
    #expect(reason.kind == .precedent)
    #expect(reason.reference == PrecedentTests.id("case-7").description)
    #expect(
      reason.text == "The same product was approved with this code on 2024-10-04: Ceramic coffee mug printed")
    #expect(answer.certainty?.errorBound == Confidence(0.04))
    #expect((answer.certainty?.amongThree ?? Confidence(0)) >= best.confidence)
  }

  @Test func `a precedent settles even a vague description`() {
    let vague = SharedModel.product("accessories")
    let answer = classify([precedent("p", "711719", .approved, day: 1, of: vague)], vague)
    #expect(!answer.isTooVague)
    #expect(answer.best?.code.digits == "711719")
  }

  @Test func `the newest correction outweighs older approvals, in whatever order they come`() {
    let older = [precedent("a", "691110", .approved, day: 1), precedent("b", "691110", .approved, day: 2)]
    let newest = precedent("c", "732393", .corrected, day: 3)
    for given in [older + [newest], [newest] + older, [older[0], newest, older[1]]] {
      let answer = classify(given)
      #expect(answer.best?.code.digits == "732393")
      #expect(answer.best?.evidence.first?.reference == PrecedentTests.id("c").description)
      #expect((answer.best?.confidence ?? Confidence(1)) < Confidence(0.95), "older decisions dissent")
    }
  }

  @Test func `approvals of two codes for the same product settle nothing`() {
    let answer = classify([precedent("a", "691110", .approved, day: 1), precedent("b", "732393", .approved, day: 2)])
    #expect((answer.best?.confidence ?? Confidence(1)) < Confidence(0.9))
  }

  @Test func `a correction that was approved since is settled, whatever was approved before it`() {
    let answer = classify([
      precedent("a", "691110", .approved, day: 1), precedent("c", "732393", .corrected, day: 2),
      precedent("d", "732393", .approved, day: 3),
    ])
    #expect(answer.best?.code.digits == "732393")
    #expect(answer.best?.confidence == Confidence(0.985))
  }

  @Test func `of one day a correction outweighs an approval, and a refusal both`() {
    let approved = precedent("z", "691110", .approved, day: 1)
    let corrected = classify([approved, precedent("c", "732393", .corrected, day: 1)])
    #expect(corrected.best?.code.digits == "732393")
    let refused = classify([approved, precedent("a", "691110", .rejected, day: 1)])
    #expect(refused.best?.code.digits != "691110")
  }

  @Test func `of approvals of two codes each stands beside its code, so that whoever decides sees both`() throws {
    let answer = classify([
      precedent("a", "851679", .approved, day: 1), precedent("b", "732393", .approved, day: 2),
    ])
    for (place, name, code) in [(0, "b", "732393"), (1, "a", "851679")] {
      let candidate = try #require(answer.candidates.dropFirst(place).first)
      #expect(candidate.code.digits == code)
      #expect(candidate.evidence.first?.reference == PrecedentTests.id(name).description)
    }
  }

  @Test func `a code that the edition in force does not have is never given`() {
    let answer = classify([precedent("x", "691299", .approved, day: 1), precedent("y", "851712", .corrected, day: 2)])
    #expect(answer == classify([]))
  }

  @Test func `of a text that says nothing a precedent gives the code, not the right to clear`() throws {
    let vague = SharedModel.product("accessories")
    let answer = classify([precedent("p", "711719", .approved, day: 1, of: vague)], vague)
    #expect(answer.best?.code.digits == "711719")
    #expect(try #require(answer.best).confidence < Confidence(0.9))
  }

  @Test func `the same words with other shares of materials are not the same product`() {
    func shirt(_ cotton: Int, _ elastane: Int) -> Product {
      var shirt = SharedModel.product("Knitted sports shirt with long sleeves")
      shirt.materials = [
        Component("cotton", percent: Decimal(Int128(cotton))),
        Component("elastane", percent: Decimal(Int128(elastane))),
      ]
      return shirt
    }
    let approval = precedent("s", "610910", .approved, day: 1, of: shirt(95, 5))
    let same = classify([approval], shirt(95, 5))
    #expect(same.best?.evidence.first?.text.hasPrefix("The same product") == true)
    let other = classify([approval], shirt(5, 95))
    #expect(other.best?.evidence.contains { $0.text.hasPrefix("The same") || $0.text.hasPrefix("A variant") } == false)
    let titles = ["Knitted shirt 95% cotton 5% elastane", "Knitted shirt 5% cotton 95% elastane"]
    let written = precedent("t", "610910", .approved, day: 1, of: SharedModel.product(titles[0]))
    let read = classify([written], SharedModel.product(titles[1]))
    #expect(
      !read.candidates.contains { $0.evidence.contains { $0.text.hasPrefix("The same") || $0.text.hasPrefix("A var") } }
    )
    #expect((read.best?.confidence ?? Confidence(1)) < Confidence(0.9))
  }

  @Test func `what an attribute says otherwise is another product`() {
    func shoe(_ gender: String, _ color: String) -> Product {
      LabelledListings.product(
        title: "Classic denim trousers with five pockets", attributes: "Gender: \(gender); Color: \(color)",
        market: SharedModel.singapore)
    }
    let approval = precedent("g", "620342", .approved, day: 1, of: shoe("Men", "Blue"))
    func said(_ product: Product) -> [String] {
      classify([approval], product).candidates.flatMap(\.evidence).filter { $0.kind == .precedent }.map(\.text)
    }
    #expect(said(shoe("Men", "Blue")).first?.hasPrefix("The same product") == true)
    #expect(said(shoe("men", "Ocean")).first?.hasPrefix("The same product") == true, "a colour makes no other goods")
    #expect(said(shoe("Women", "Blue")).allSatisfy { $0.hasPrefix("A similar product") })
  }

  @Test func `a rejected precedent lowers its code and is named`() {
    let before = classify([])
    let after = classify([precedent("r", "691200", .rejected, day: 1, reason: "It is porcelain.")])
    #expect(before.best?.code.digits == "691200")
    #expect(after.best?.code.digits != "691200")
    let refused = after.candidates.first { $0.code.digits == "691200" }
    #expect((refused?.confidence ?? Confidence(1)) < Confidence(0.06))
    #expect(refused?.evidence.first?.reference == PrecedentTests.id("r").description)
    #expect(refused?.evidence.first?.text.contains("It is porcelain.") == true)
  }

  @Test func `a rejection after an approval revokes it, an approval after a rejection stands`() {
    let revoked = classify([
      precedent("a", "691110", .approved, day: 1), precedent("r", "691110", .rejected, day: 2),
    ])
    #expect(revoked.best?.code.digits != "691110")
    let standing = classify([
      precedent("r", "691110", .rejected, day: 1), precedent("a", "691110", .approved, day: 2),
    ])
    #expect(standing.best?.code.digits == "691110")
  }

  @Test func `what is withdrawn speaks for nothing`() {
    var index = PrecedentIndex(SharedModel.model)
    index.add(precedent("a", "732393", .approved, day: 1))
    index.remove(PrecedentTests.id("a"))
    index.remove(PrecedentTests.id("never held"))
    #expect(index.count == 0)
    let answer = SharedModel.model.classify(PrecedentTests.mug, market: SharedModel.singapore, precedents: index)
    #expect(answer == classify([]))
  }

  // MARK: Variants and products alike

  @Test func `a variant in another colour and size reuses the approval and says so`() throws {
    let sold = SharedModel.product("Vintage enamel kettle with bamboo handle, red 1.5L", category: "Kitchen")
    let variant = SharedModel.product("Vintage Enamel Kettle with Bamboo Handle - Blue 2 L", category: "Kitchen")
    let answer = classify([precedent("v", "73239410", .approved, day: 20_000, of: sold)], variant)
    let best = try #require(answer.best)
    #expect(best.code.digits == "73239410")
    #expect(best.confidence == Confidence(0.94))
    #expect(best.evidence.first?.text.hasPrefix("A variant of this product was approved with this code on") == true)
    var steel = variant
    steel.materials = [Component("Stainless steel")]
    let other = classify([precedent("v", "73239410", .approved, day: 20_000, of: sold)], steel)
    #expect(other.best?.evidence.contains { $0.text.hasPrefix("A variant") } == false, "another material is no variant")
  }

  /// Each would be a variant by its words alone.
  @Test(arguments: [
    ("Sport motorcycle petrol touring 250cc", "Sport motorcycle petrol touring 110cc", "871120"),
    ("Silver necklace pendant heart chain", "Gold necklace pendant heart chain", "711311"),
    ("Wrench chrome vanadium combination", "12 pcs Wrench Set chrome vanadium combination", "820411"),
    ("Denim jeans trousers mixed bale", "Used denim jeans trousers mixed bale", "620342"),
    ("Woven bag fabric roll", "Non woven bag fabric roll", "540752"),
    ("Orange essential oil for aroma lamps", "Mint essential oil for aroma lamps", "330112"),
  ])
  func `what the codes themselves speak of makes no variant`(sold: String, asked: String, code: String) {
    let approval = precedent("v", code, .approved, day: 20_000, of: SharedModel.product(sold))
    let answer = classify([approval], SharedModel.product(asked))
    #expect(!answer.candidates.contains { $0.evidence.contains { $0.text.hasPrefix("A variant") } })
    #expect(answer.best?.code.digits != code || answer.best!.confidence < Confidence(0.9))
  }

  /// All but a word or a material are the same.
  @Test(arguments: [
    ("Men denim jeans trousers straight fit five pockets", "100% cotton", "620342", "Women", "100% cotton"),
    ("Men denim jeans trousers straight fit five pockets", "100% cotton", "620342", "Men", "100% polyester"),
    ("Leather wallet for men brown bifold", "leather", "420231", "Leather", "PU leather"),
    ("Xiaodu phone holder car dashboard mount", "plastic", "392690", "Xiaodu", "aluminium"),
    ("Plastic brumzel flonk dravik quosh turntable", "", "392410", "Steel", ""),
  ])
  func `goods that the knowledge tells apart do not clear by each other's precedents`(
    sold: String, material: String, code: String, begins: String, of otherMaterial: String
  ) throws {
    func product(_ title: String, _ material: String) -> Product {
      var product = SharedModel.product(title)
      product.materials = material.isEmpty ? [] : [Component(material)]
      return product
    }
    let approval = precedent("v", code, .corrected, day: 20_000, of: product(sold, material))
    let asked = begins + sold.drop { $0 != " " }
    let best = try #require(classify([approval], product(asked, otherMaterial)).best)
    #expect(best.code.digits != code || best.confidence < Confidence(0.9), "\(best.code) \(best.confidence)")
    let alike = classify([approval], product("\(sold) Selat", material))
    #expect(alike.best?.code.digits == code, "what the knowledge does not tell apart is drawn along")
  }

  private let sold = SharedModel.product("Brumzel flonk deluxe tower for cats with sisal posts")
  /// Like the one that was sold, and not the same.
  private let asked = SharedModel.product("Brumzel flonk tower for cats, three sisal posts")

  @Test func `a similar product is drawn to the code of its nearest precedent, less surely than the same`() throws {
    let before = classify([], asked)
    let answer = classify([precedent("s", "94038990", .corrected, day: 20_000, of: sold)], asked)
    let best = try #require(answer.best)
    #expect(best.code.digits == "94038990" || best.code.subheading == "940389")
    #expect(before.best?.code.subheading != "940389")
    #expect(best.confidence < Confidence(0.96) && best.confidence > Confidence(0.1))
    let reason = try #require(best.evidence.first { $0.reference == PrecedentTests.id("s").description })
    #expect(reason.text.contains("% alike) was corrected to this code on 2024-10-04"))
    let refused = classify(
      [precedent("r", before.best!.code.digits, .rejected, day: 20_000, of: sold)], asked)
    #expect(refused.best?.code != before.best?.code || refused.best!.confidence < before.best!.confidence)
  }

  @Test func `a correction of one of them outweighs what was approved for it before`() {
    let answer = classify(
      [
        precedent("a", "442199", .approved, day: 1, of: sold), precedent("c", "940389", .corrected, day: 2, of: sold),
      ], asked)
    #expect(answer.best?.code.subheading == "940389")
    #expect(!answer.candidates.contains { $0.evidence.contains { $0.reference == PrecedentTests.id("a").description } })
  }

  @Test func `a refusal of one code leaves the approval of another standing`() throws {
    let answer = classify(
      [
        precedent("a", "940389", .approved, day: 1, of: sold), precedent("r", "442199", .rejected, day: 2, of: sold),
      ], asked)
    #expect(answer.best?.code.subheading == "940389")
  }

  @Test func `precedents of unlike products do not count, and the same in another market counts as similar`() {
    let plain = classify([])
    #expect(
      classify([precedent("o", "940389", .approved, day: 1, of: SharedModel.product("Wooden bed frame"))]) == plain)
    let elsewhere = classify([precedent("m", "691110", .approved, day: 1, market: "TH")])
    #expect((elsewhere.best?.confidence ?? Confidence(1)) < Confidence(0.96))
    let evidence = elsewhere.candidates.flatMap(\.evidence).first { $0.reference == PrecedentTests.id("m").description }
    #expect(evidence?.text.contains("in TH was approved") == true)
  }

  // MARK: Rulings

  @Test func `rulings are cited with their authority, and both where they differ`() {
    let goods = SharedModel.product("Brumzel flonk tower for cats with sisal posts")
    let one = precedent(
      "1", "940389", .approved, day: 20_000, of: goods, ruling: ("Customs A", "R 1"),
      reason: "Furniture for a room.")
    let two = precedent(
      "2", "442199", .approved, day: 20_001, market: "TH", of: goods,
      ruling: ("Customs B", "R 2"), reason: "An article of wood.")
    let answer = classify([one, two], asked)
    let cited = answer.candidates.filter { $0.evidence.contains { $0.kind == .ruling } }
    #expect(Set(cited.map(\.code.subheading)) == ["940389", "442199"])
    let text = cited.flatMap(\.evidence).first { $0.reference == PrecedentTests.id("1").description }?.text
    #expect(text?.hasPrefix("Customs A ruled so in R 1 of 2024-10-04: Brumzel flonk tower") == true)
    #expect(text?.hasSuffix("Furniture for a room.") == true)
  }

  @Test func `rulings elsewhere with another code are told where one settles the product here`() throws {
    let goods = SharedModel.product("Brumzel flonk tower for cats with sisal posts")
    let here = precedent("1", "940389", .approved, day: 20_000, of: goods, ruling: ("Customs A", "R 1"))
    let there = precedent("2", "442199", .approved, day: 20_001, market: "TH", of: goods, ruling: ("Customs B", "R 2"))
    let answer = classify([here, there], goods)
    #expect(answer.best?.code.digits == "940389")
    #expect(answer.best?.confidence == Confidence(0.96))
    let cited = answer.candidates.filter { $0.evidence.contains { $0.kind == .ruling } }
    #expect(cited.map(\.code.digits) == ["940389", "442199"])
    #expect(answer.candidates.map(\.confidence) == answer.candidates.map(\.confidence).sorted(by: >))
    let decided = precedent("3", "940389", .approved, day: 20_002, of: goods)
    let after = classify([here, there, decided], goods)
    #expect(
      after.candidates.allSatisfy { !$0.evidence.contains { $0.text.contains("Customs B") } }, "a person has decided")
    let many = (10..<30).map { day in
      Precedent(
        id: PrecedentTests.id("s\(day)"), source: .submission, description: ProductDescription(goods),
        code: HSCode("940389")!, decidedAt: Instant(microseconds: Int64(day) * 86_400_000_000), outcome: .approved,
        market: SharedModel.singapore)
    }
    let crowded = classify(many + [here, there], goods)
    #expect(crowded.candidates.contains { $0.evidence.contains { $0.text.contains("Customs B") } })
  }

  @Test func `a fingerprint ignores case, accents, punctuation and word order, and nothing else`() {
    func of(_ title: String) -> ProductFingerprint { .same(SharedModel.product(title)) }
    #expect(of("Café Mug, 350ml!") == of("mug CAFE 350ML"))
    #expect(of("Mug red 350ml") != of("Mug blue 350ml"))
    #expect(of("Mug 350ml") != of("Mug 450ml"))
    var cotton = SharedModel.product("Shirt")
    cotton.materials = [Component("Cotton")]
    let described = ProductDescription(cotton).product(market: SharedModel.singapore)
    #expect(ProductFingerprint.same(described) != of("Shirt"))
  }
}
