import Domain

/// In the textile chapters the fibre that weighs most decides between sibling codes. Where the seller states it, it
/// counts as a rule and not as one word among others.
struct FibreRule {
  enum Fibre: Sendable {
    case cotton, wool, cashmere, silk, synthetic, artificial, other

    static func of(_ word: String) -> Fibre? {
      switch word {
      case "cotton", "katun", "denim", "kapas": .cotton
      case "wool", "merino", "lambswool", "wol": .wool
      case "cashmere": .cashmere
      case "silk", "sutra": .silk
      case "polyester", "nylon", "acrylic", "polyamide", "spandex", "elastane", "lycra", "fleece", "chiffon": .synthetic
      case "viscose", "rayon", "modal", "lyocell", "tencel", "bamboo", "acetate": .artificial
      case "linen", "flax", "ramie", "hemp", "jute": .other
      default: nil
      }
    }
  }

  /// What a code's title asks for; nil where the fibre does not matter.
  struct Demand: Sendable {
    private let accepted: Set<Fibre>

    init?(_ topic: Topic) {
      guard (50...63).contains(Int(topic.code.chapter) ?? 0) else { return nil }
      let words = TokenStream(topic.title).words
      func has(_ word: String) -> Bool { words.contains(word) }
      if has("synthetic") {
        accepted = [.synthetic]
      } else if has("artificial") {
        accepted = [.artificial]
      } else if has("man") && has("made") {
        accepted = [.synthetic, .artificial]
      } else if has("cotton") {
        accepted = [.cotton]
      } else if has("cashmere") {
        accepted = [.cashmere]
      } else if has("wool") {
        accepted = has("fine") ? [.wool, .cashmere] : [.wool]
      } else if has("silk") {
        accepted = [.silk]
      } else if has("other") && has("fibres") {
        accepted = topic.code.heading == "6109" ? [.synthetic, .artificial, .wool, .silk, .other] : [.other, .silk]
      } else {
        return nil
      }
    }

    func accepts(_ fibre: Fibre) -> Bool { accepted.contains(fibre) }
  }

  /// The fibre of the largest share, or the first named where no shares are given.
  let stated: (fibre: Fibre, name: String)?

  private static let bonus: Float = 4

  init(_ materials: [Component], stream: TokenStream) {
    let known = materials.compactMap { component -> (fibre: Fibre, name: String, percent: Decimal)? in
      let fibre = TokenStream(component.name).words.lazy.compactMap { Fibre.of($0) }.first
      return fibre.map { ($0, component.name, component.percent ?? 0) }
    }
    var largest: (fibre: Fibre, name: String, percent: Decimal)?
    for candidate in known where largest.map({ $0.percent < candidate.percent }) ?? true { largest = candidate }
    if let largest {
      stated = (largest.fibre, largest.name)
      return
    }
    stated =
      stream.tokens.indices.lazy.filter { stream.tokens[$0].field == .material }
      .compactMap { index in Fibre.of(stream.text(at: index)).map { ($0, stream.text(at: index)) } }.first
  }

  func add(to scores: inout [Float], demands: [Demand?]) {
    guard let stated else { return }
    for place in demands.indices {
      guard let demand = demands[place] else { continue }
      scores[place] += demand.accepts(stated.fibre) ? FibreRule.bonus : -FibreRule.bonus
    }
  }

  func evidence(_ demand: Demand?, code: HSCode) -> ClassificationEvidence? {
    guard let stated, let demand else { return nil }
    let verdict = demand.accepts(stated.fibre) ? "fits" : "does not fit"
    return ClassificationEvidence(
      kind: .rule, text: "The main fibre (\(stated.name)) \(verdict) \(code.dotted)", reference: "main fibre")
  }
}
