import Domain

/// Knitted clothes are chapter 61, woven ones 62. Few sellers say which; where one does, it decides.
struct WeaveRule {
  private enum Weave { case knitted, woven }

  private let stated: Weave?
  private let name: String

  private static let bonus: Float = 1.5

  init(stream: TokenStream) {
    for index in stream.tokens.indices where stream.tokens[index].kind != .number {
      guard let weave = WeaveRule.weave(stream.text(at: index)) else { continue }
      (stated, name) = (weave, stream.text(at: index))
      return
    }
    (stated, name) = (nil, "")
  }

  private static func weave(_ word: String) -> Weave? {
    switch word {
    case "knit", "knitted", "knitwear", "crochet", "crocheted", "jersey", "rajut", "ribbed", "sweater": .knitted
    case "woven", "broadcloth", "poplin", "chiffon", "denim", "twill", "organza", "corduroy", "tat", "seersucker",
      "gabardine", "taffeta", "tenun":
      .woven
    default: nil
    }
  }

  func add(to scores: inout [Float], in nomenclature: Nomenclature) {
    guard let stated else { return }
    for (chapter, isKnitted) in [("61", true), ("62", false)] {
      guard let places = nomenclature.places(ofChapter: chapter) else { continue }
      let bonus = isKnitted == (stated == .knitted) ? WeaveRule.bonus : -WeaveRule.bonus
      for place in places { scores[place] += bonus }
    }
  }

  func evidence(_ code: HSCode) -> ClassificationEvidence? {
    guard let stated, code.chapter == "61" || code.chapter == "62" else { return nil }
    let fits = (code.chapter == "61") == (stated == .knitted)
    let kind = stated == .knitted ? "knitted" : "woven"
    return ClassificationEvidence(
      kind: .rule,
      text: "'\(name)' tells that it is \(kind), which \(fits ? "fits" : "does not fit") chapter \(code.chapter)",
      reference: "chapters 61 and 62")
  }
}
