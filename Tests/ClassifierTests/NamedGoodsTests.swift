import Domain
import Testing

@testable import ClassifierEngine

/// Whether a text names one article or several, and what that does to the confidence.
struct NamedGoodsTests {
  private func goods(_ title: String) -> NamedGoods {
    let model = SharedModel.model
    let reading = model.scorer.read(TokenStream(title))
    let view = RankingView(reading, scores: reading.scores, in: model.scorer.nomenclature)
    let best = view.ranked.prefix(5).map { model.scorer.nomenclature.codes[$0] }
    return NamedGoods(
      Explanation(reading: reading, scorer: model.scorer, ranked: Array(best)), words: model.words)
  }

  @Test(arguments: [
    ("ceramic coffee mug", 1), ("ceramic coffee mug with lid", 2), ("umbrella, pillow and hair dryer", 3),
    (", umbrella", 1), ("case for phone, for tablet", 3), ("and", 1), ("", 1),
  ])
  func `a title falls into phrases at commas and at words that join`(title: String, phrases: Int) {
    #expect(goods(title).phrases == phrases)
  }

  @Test func `a phrase that speaks for another heading is another article`() {
    #expect(goods("ceramic coffee mug").others == 0)
    #expect(goods("ceramic coffee mug with lid").others == 0)
    #expect(goods("umbrella, pillow and hair dryer").others >= 1)
  }

  @Test(arguments: [("umbrella", "hair dryer"), ("ballpoint pen", "steel screws"), ("sofa", "bicycle")])
  func `two goods in one text are less sure than the clearer of them alone`(one: String, other: String) {
    func confidence(_ title: String) -> Double {
      SharedModel.classify(title).best?.confidence.probability ?? .nan
    }
    #expect(confidence("\(one) and \(other)") < max(confidence(one), confidence(other)) - 0.1)
  }

  @Test func `a title in several languages names its article once`() {
    var product = SharedModel.product("Ceramic coffee mug 350 ml, glazed stoneware")
    product.suppliedCode = HSCode("691200")
    product.titles += [LocalizedText("Mug keramik 350 ml"), LocalizedText("Cốc 350ml"), LocalizedText("陶瓷马克杯 350毫升")]
    func goods(_ tokens: Int) -> NamedGoods {
      let reading = SharedModel.model.scorer.read(TokenStream(product))
      let view = RankingView(reading, scores: reading.scores, in: SharedModel.model.scorer.nomenclature)
      let best = view.ranked.prefix(5).map { SharedModel.model.scorer.nomenclature.codes[$0] }
      return NamedGoods(
        Explanation(reading: reading, scorer: SharedModel.model.scorer, ranked: best), words: SharedModel.model.words,
        tokens: tokens)
    }
    #expect(goods(.max).phrases > 3)
    #expect(goods(TokenStream(product.titles[0].text).tokens.count).phrases == 2)
    let confidence = SharedModel.model.classify(product, market: SharedModel.singapore).best?.confidence
    product.titles = [LocalizedText(product.titles.map(\.text).joined(separator: ", "))]
    let asOne = SharedModel.model.classify(product, market: SharedModel.singapore).best?.confidence
    #expect((confidence ?? Confidence(0)) > (asOne ?? Confidence(1)))
  }

  @Test func `the confidence is fitted on texts that name two goods`() {
    var chance = Shuffle()
    let company = Distortion.Company(near: ["umbrella", "pillow", "sofa"], far: ["hair dryer", "bicycle"])
    let texts = Distortion.versions(of: "ceramic coffee mug", in: company, chance: &chance).map {
      Set($0.stream.words)
    }
    for other in [["umbrella"], ["hair", "dryer"]] {
      #expect(texts.contains(Set(["ceramic", "coffee", "mug", "and"] + other)))
    }
  }
}
