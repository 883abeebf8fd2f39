import Domain

/// Knitted clothes are chapter 61, woven ones 62. Few sellers say which; where one does, it decides.
struct WeaveRule {
  private enum Weave { case knitted, woven }

  private let stated: Weave?
  private let name: String

  private static let bonus: Float = 1.5

  init(stream: TokenStream) {
    let named = stream.tokens.indices.lazy.compactMap { WeaveRule.named(in: stream, at: $0) }.first
    (stated, name) = (named?.value, named?.text ?? "")
  }

  private static func named(in stream: TokenStream, at index: Int) -> RunWords<Weave>.Found? {
    if let found = runs.first(in: stream, at: index, word: weave) { return found }
    // In Vietnamese it is two syllables.
    guard stream.text(at: index) == "det", index + 1 < stream.tokens.count else { return nil }
    let words = "det \(stream.text(at: index + 1))"
    return weave(words).map { .init(text: words, value: $0) }
  }

  private static let runs = RunWords<Weave>([
    ("针织 毛衣 毛线 钩织 罗纹 ถัก ไหมพรม", .knitted), ("梭织 机织 牛仔 雪纺 灯芯绒 府绸 ผ้าทอ ยีนส์ ชีฟอง", .woven),
  ])

  private static func weave(_ word: String) -> Weave? {
    switch word {
    case "knit", "knitted", "knitwear", "crochet", "crocheted", "jersey", "rajut", "ribbed", "sweater",
      "det kim":
      .knitted
    case "woven", "broadcloth", "poplin", "chiffon", "denim", "twill", "organza", "corduroy", "tat", "seersucker",
      "gabardine", "taffeta", "tenun", "det thoi":
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
