import ClassifierEngine
import Domain
import Testing

struct EvidenceTests {
  private func evidence(_ candidate: Candidate?, _ kind: ClassificationEvidence.Kind) -> [ClassificationEvidence] {
    candidate?.evidence.filter { $0.kind == kind } ?? []
  }

  @Test func `names the words that spoke for a code, strongest first, with their shares`() {
    let best = SharedModel.classify("Women lace push up bra").best
    let words = evidence(best, .wordFor)
    #expect(best?.code.digits == "621210")
    #expect(words.contains { $0.text == "bra" })
    let weights = words.compactMap(\.weight)
    #expect(weights == weights.sorted(by: >))
    #expect(weights.allSatisfy { (1...1_000_000).contains($0) })
  }

  @Test func `names the words that spoke for another code, and for which`() {
    let answer = SharedModel.classify("leather wallet phone case")
    let against = answer.candidates.flatMap { evidence($0, .wordAgainst) }
    #expect(!against.isEmpty)
    #expect(against.allSatisfy { ($0.weight ?? 0) < 0 && $0.reference != nil })
  }

  /// - Parameter line: what the heading asks.
  private func phones(asking line: String = "") throws -> ClassificationModel {
    let text = """
      8517 Telephones
      \(line)
      851713 Smartphones
        names: smartphone; mobile phone
        - mobile phone 128GB dual sim
      851714 Keypad phones
        names: keypad phone; mobile phone
        - mobile phone big buttons
      """
    return ClassificationModel(knowledge: try Knowledge(files: [(name: "85.txt", text: text)], words: ""))
  }

  @Test func `asks what tells the first two apart, with the answers that lead to them`() throws {
    let model = try phones(asking: "  ask: Does it run apps? | yes => 851713 | no, keys only => 851714")
    let best = model.classify(SharedModel.product("mobile phone"), market: SharedModel.singapore).best
    let question = try #require(evidence(best, .question).first)
    #expect(question.text == "Does it run apps? yes → 8517.13; no, keys only → 8517.14")
    #expect(question.reference == "8517")
  }

  @Test func `where the knowledge has no question the titles of the first two are the answers`() throws {
    let model = try phones()
    let answer = model.classify(SharedModel.product("mobile phone"), market: SharedModel.singapore)
    let question = try #require(evidence(answer.best, .question).first)
    let titles = answer.candidates.prefix(2).map { "\($0.title) → \($0.code.dotted)" }
    #expect(question.text == "Which describes it better? \(titles.joined(separator: "; "))")
  }

  @Test func `a question is asked about the candidates as the precedents leave them`() throws {
    let mug = SharedModel.product("Ceramic coffee mug printed")
    var index = PrecedentIndex(SharedModel.model)
    for (day, code) in [(1, "851679"), (2, "732393")] {
      index.add(
        Precedent(
          id: UniqueID(digest: [UInt8](repeating: UInt8(day), count: 32)), description: ProductDescription(mug),
          code: HSCode(code)!, decidedAt: Instant(microseconds: Int64(day)), outcome: .approved,
          market: SharedModel.singapore))
    }
    let answer = SharedModel.model.classify(mug, market: SharedModel.singapore, precedents: index)
    let asked = try #require(evidence(answer.best, .question).first)
    #expect(asked.text.contains("7323.93") && asked.text.contains("8516.79"), "\(asked.text)")
  }

  @Test func `quotes the deciding note of each candidate`() {
    for candidate in SharedModel.classify("Men cotton hoodie pullover").candidates {
      let topic = SharedModel.knowledge.topics.first { $0.code == candidate.code }
      #expect(evidence(candidate, .note).first?.text == topic?.guidance.notes.first)
    }
  }

  @Test func `a supplied code that agrees raises the confidence, one that disagrees lowers it, and both are named`() {
    var product = SharedModel.product("Ceramic coffee mug printed")
    func best(_ supplied: String?) -> Candidate? {
      product.suppliedCode = supplied.flatMap { HSCode($0) }
      return SharedModel.model.classify(product, market: SharedModel.singapore).best
    }
    let without = best(nil)
    let agreeing = best("6912.00.00")
    let disagreeing = best("9503.00")
    #expect(agreeing?.code.digits == "691200")
    #expect(disagreeing?.code.digits == "691200")
    #expect((agreeing?.confidence ?? Confidence(0)) > (without?.confidence ?? Confidence(1)))
    #expect((disagreeing?.confidence ?? Confidence(1)) < (without?.confidence ?? Confidence(0)))
    #expect(evidence(without, .suppliedCode).isEmpty)
    #expect(evidence(agreeing, .suppliedCode).first?.text == "The supplied code 6912.00.00 agrees")
    #expect(evidence(disagreeing, .suppliedCode).first?.text == "The supplied code 9503.00 disagrees")
  }

  @Test(arguments: [
    ([Component("Cotton", percent: 60), Component("Polyester", percent: 40)], "610910"),
    ([Component("Cotton", percent: 35), Component("Polyester", percent: 65)], "610990"),
    ([Component("katun")], "610910"),
  ])
  func `the fibre of the largest share decides between the codes of a textile heading`(
    materials: [Component], code: String
  ) {
    var product = SharedModel.product("Men crew neck t-shirt short sleeve")
    product.materials = materials
    let best = SharedModel.model.classify(product, market: SharedModel.singapore).best
    #expect(best?.code.digits == code)
    #expect(evidence(best, .rule).first?.text.hasPrefix("The main fibre (") == true)
  }

  @Test(arguments: [
    ("men's knitted sweaters of 100% cotton", "611020"),
    ("men's knitted sweaters of 60% acrylic and 40% cotton", "611030"),
    ("men's knitted shorts of 50% cotton and 50% polyester", "610343"),
    ("men's knitted shorts of 50% polyester and 50% cotton", "610343"),
    ("women's woven silk blouse with long sleeves", "620610"),
  ])
  func `a title that names fibres is believed, and the later chapter where two weigh the same`(
    title: String, code: String
  ) {
    let best = SharedModel.classify(title).best
    #expect(best?.code.digits == code)
    let said = evidence(best, .rule)
    #expect(said.contains { $0.reference == "main fibre" && $0.text.hasSuffix("fits \(best?.code.dotted ?? "")") })
    #expect(!said.contains { $0.reference == "stated material" })
  }

  @Test func `the shares that an attribute gives are weighed`() {
    var product = SharedModel.product("Men crew neck t-shirt short sleeve")
    product.attributes = [Attribute("Material", "35% cotton, 65% polyester")]
    #expect(SharedModel.model.classify(product, market: SharedModel.singapore).best?.code.digits == "610990")
  }

  @Test func `a stated material moves codes that name another one back, and says so`() {
    var product = SharedModel.product("Thin ring for women")
    product.attributes = [Attribute("Material", "Stainless steel")]
    let steel = SharedModel.model.classify(product, market: SharedModel.singapore)
    #expect(steel.best?.code.heading == "7117")
    #expect(steel.candidates.flatMap { evidence($0, .rule) }.contains { $0.reference == "stated material" })
    product.attributes = [Attribute("Material", "Sterling silver")]
    let silver = SharedModel.model.classify(product, market: SharedModel.singapore)
    #expect(silver.best?.code.digits == "711311")
  }

  @Test func `a synthetic stone on base metal is no imitation jewellery, and the note says so`() {
    let ring = SharedModel.classify("Zircon ring for women, stainless steel, rose gold plated")
    #expect(ring.best?.code.digits == "711620")
    #expect(evidence(ring.best, .rule).contains { $0.reference == "note 71.11" })
    let silver = SharedModel.classify("925 sterling silver ring with cubic zirconia")
    #expect(silver.best?.code.digits == "711311")
    #expect(silver.candidates.allSatisfy { !evidence($0, .rule).contains { $0.reference == "note 71.11" } })
  }

  @Test(arguments: ["Gold color bracelet for women", "Gold plated chain necklace for men"])
  func `what is gold in colour or laid on is not of gold`(title: String) {
    let answer = SharedModel.classify(title)
    #expect(answer.best?.code.heading == "7117")
    #expect(answer.candidates.allSatisfy { !evidence($0, .rule).contains { $0.text.contains("(gold)") } })
  }

  @Test(arguments: [("Knitted", "61"), ("Woven", "62")])
  func `a stated weave decides between the chapters of clothes`(weave: String, chapter: String) {
    var product = SharedModel.product("Women's casual trousers elastic waist")
    product.attributes = [Attribute("Fabric Type", weave)]
    let best = SharedModel.model.classify(product, market: SharedModel.singapore).best
    #expect(best?.code.chapter == chapter)
    #expect(evidence(best, .rule).contains { $0.reference == "chapters 61 and 62" })
  }

  @Test(arguments: [
    ("Sport motorcycle petrol touring 250cc", "871120"), ("Sport motorcycle petrol touring 300 cc", "871130"),
    ("Petrol scooter 49cc", "871110"), ("motorcycle 1000 cm3 touring", "871150"),
  ])
  func `a stated cylinder capacity decides between the codes that name one`(title: String, code: String) throws {
    let answer = SharedModel.classify(title)
    let best = try #require(answer.best)
    #expect(best.code.digits == code)
    #expect(evidence(best, .rule).contains { $0.text.contains("cm3 are what \(best.code.dotted) is for") })
  }

  @Test func `the fibre rule is silent outside the textile chapters and where no fibre is stated`() {
    var product = SharedModel.product("Ceramic coffee mug printed")
    product.materials = [Component("cotton")]
    let mug = SharedModel.model.classify(product, market: SharedModel.singapore).candidates
    let rules = evidence(mug.first { $0.code.chapter == "69" }, .rule)
    #expect(!rules.contains { $0.reference == "main fibre" })
    #expect(SharedModel.classify("Men crew neck t-shirt").candidates.allSatisfy { evidence($0, .rule).isEmpty })
  }
}
