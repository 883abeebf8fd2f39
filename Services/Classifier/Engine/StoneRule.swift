import Domain

/// Imitation jewellery holds no precious or semi-precious stone, grown ones included: cubic zirconia on brass is an
/// article of stones (note 71.11). Set in silver or gold it stays jewellery of that metal.
struct StoneRule {
  /// nil where none is named, or precious metal is.
  private let name: String?

  private static let bonus: Float = 2

  init(stream: TokenStream) {
    let place = stream.tokens.indices.first { StoneRule.isStone(stream.text(at: $0)) }
    let isPrecious =
      place != nil
      && stream.tokens.indices.contains {
        !MaterialRule.family(at: $0, in: stream).isDisjoint(with: [.silver, .gold])
      }
    name = isPrecious ? nil : place.map { stream.text(at: $0) }
  }

  private static func isStone(_ word: String) -> Bool {
    switch word {
    case "zircon", "zircons", "zirconia", "zirconias", "cz", "moissanite": true
    default: false
    }
  }

  func add(to scores: inout [Float], in nomenclature: Nomenclature) {
    guard name != nil, let places = nomenclature.places(ofChapter: "71") else { return }
    for place in places {
      switch nomenclature.codes[place].heading {
      case "7116": scores[place] += StoneRule.bonus
      case "7117": scores[place] -= StoneRule.bonus
      default: continue
      }
    }
  }

  func evidence(_ code: HSCode) -> ClassificationEvidence? {
    guard let name, code.heading == "7116" || code.heading == "7117" else { return nil }
    let verdict = code.heading == "7116" ? "makes it an article of stones" : "is not in imitation jewellery"
    return ClassificationEvidence(
      kind: .rule, text: "A synthetic stone ('\(name)') \(verdict)", reference: "note 71.11")
  }
}
