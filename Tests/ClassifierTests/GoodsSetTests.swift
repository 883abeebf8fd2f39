import Domain
import Testing

@testable import ClassifierEngine

/// Different goods put up together: which rule decides, and what a person has to answer.
struct GoodsSetTests {
  private func articles(_ title: String) -> [GoodsSet.Article] {
    GoodsSet(SharedModel.product(title), scorer: SharedModel.model.scorer)?.articles ?? []
  }

  private func evidence(_ title: String, _ kind: ClassificationEvidence.Kind) -> [ClassificationEvidence] {
    SharedModel.classify(title).best?.evidence.filter { $0.kind == kind && $0.reference?.hasPrefix("GRI") == true }
      ?? []
  }

  @Test(arguments: [
    "Gift set: ceramic mug, umbrella and ballpoint pen", "ceramic mug, umbrella and ballpoint pen kit",
    "paket ceramic mug, umbrella dan ballpoint pen", "礼盒, ceramic mug, umbrella, ballpoint pen",
  ])
  func `the articles of a set are those that its phrases name`(title: String) {
    #expect(articles(title).map(\.name) == ["ceramic mug", "umbrella", "ballpoint pen"])
    #expect(articles(title).map(\.code.heading) == ["6912", "6601", "9608"])
  }

  @Test(arguments: [
    "ceramic mug, umbrella and ballpoint pen", "set of 4 ceramic mugs", "ceramic mug set, coffee cup",
    "umbrella set for ballpoint pen", "ceramic mug set of umbrella",
  ])
  func `no set is told of without the word, of one article, or of what an article is for or of`(title: String) {
    #expect(articles(title).isEmpty)
  }

  @Test func `a set asks what gives it its character, and the last heading is the way out`() {
    let title = "gift set ceramic mug, ballpoint pen and umbrella"
    let rule = evidence(title, .rule).first
    #expect(rule?.text.contains("ballpoint pen (9608.10)") == true && rule?.text.contains("rule 3 c") == true)
    let question = evidence(title, .question).first?.text ?? ""
    #expect(question.contains("umbrella → 6601") && question.hasSuffix("none of them → 9608.10"), "\(question)")
  }

  @Test func `a set that a code names asks nothing`() throws {
    let set = try #require(
      GoodsSet(
        SharedModel.product("pliers, hammer and screwdriver set"), scorer: SharedModel.model.scorer))
    let evidence = set.evidence(first: HSCode("820600")!, title: "Tool sets")
    #expect(evidence.map(\.kind) == [.rule])
    #expect(evidence.first?.reference == "GRI 1")
  }
}
