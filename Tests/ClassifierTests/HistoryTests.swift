import ClassifierEngine
import Domain
import Testing

struct HistoryTests {
  private static let knowledge: Knowledge = {
    do { return try SharedModel.knowledge(ofChapters: ["42", "69", "85"]) } catch { fatalError("\(error)") }
  }()
  private static let base = ClassificationModel(knowledge: knowledge)

  /// Words that the knowledge does not have, each with a code of its own.
  private func listings(_ count: Int) -> [LabelledListing] {
    let goods = [
      ("brumzel", "420212"), ("flonk", "691200"), ("dravik", "851830"), ("กวางเขียว", "999999"), ("乌托邦机器", "850760"),
    ]
    return (0..<count).map { place in
      let (word, code) = goods[place % goods.count]
      return LabelledListing(
        product: SharedModel.product("\(word) model \(place / goods.count) deluxe"), code: HSCode(code)!)
    }
  }

  @Test func `a tenant's own words are learnt, in any script, codes that the knowledge lacks among them`() {
    let model = HistoryTests.base.learning(from: listings(200))
    for (title, code) in [
      ("flonk wide", "691200"), ("กวางเขียว ใหม่", "999999"), ("乌托邦机器 特价", "850760"), ("new brumzel", "420212"),
    ] {
      let answer = model.classify(SharedModel.product(title), market: SharedModel.singapore)
      #expect(answer.best?.code.digits == code)
      #expect(answer.best?.evidence.contains { $0.kind == .wordFor } == true)
    }
    #expect(model.knows(HSCode("999999")!))
  }

  @Test func `a history that proves itself clears within a budget, one that contradicts itself does not`() {
    let steady = HistoryTests.base.learning(from: listings(400))
    let evaluation = Evaluation(model: steady, items: listings(100), market: SharedModel.singapore)
    #expect(evaluation.clearing(errorBudget: 0.05).coverage > 0.8)
    #expect(evaluation.clearing(errorBudget: 0.05).precision >= 0.95)
    var random = listings(400)
    for place in random.indices where place % 3 == 0 { random[place].code = HSCode("420299")! }
    let contradictory = HistoryTests.base.learning(from: random)
    #expect(
      Evaluation(model: contradictory, items: listings(100), market: SharedModel.singapore)
        .clearing(errorBudget: 0.02).coverage == 0)
  }

  @Test func `no history changes nothing`() {
    let product = SharedModel.product("Ceramic coffee mug")
    let plain = HistoryTests.base.classify(product, market: SharedModel.singapore)
    let same = HistoryTests.base.learning(from: [])
      .classify(product, market: SharedModel.singapore)
    #expect(plain == same)
  }
}
