import Domain

/// In the textile chapters the fibre that weighs most decides between sibling codes. Where the seller states it, it
/// counts as a rule and not as one word among others.
struct FibreRule {
  struct Fibres: OptionSet, Sendable {
    let rawValue: UInt8
    static let cotton = Fibres(rawValue: 1)
    static let wool = Fibres(rawValue: 1 << 1)
    static let cashmere = Fibres(rawValue: 1 << 2)
    static let silk = Fibres(rawValue: 1 << 3)
    static let synthetic = Fibres(rawValue: 1 << 4)
    static let artificial = Fibres(rawValue: 1 << 5)
    static let other = Fibres(rawValue: 1 << 6)

    static func of(_ word: String) -> Fibres? {
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

  /// What a code's title asks for; empty where the fibre does not matter.
  static func demand(_ topic: Topic) -> Fibres {
    guard (50...63).contains(Int(topic.code.chapter) ?? 0) else { return [] }
    let words = TokenStream(topic.title).words
    func has(_ word: String) -> Bool { words.contains(word) }
    if has("synthetic") { return .synthetic }
    if has("artificial") { return .artificial }
    if has("man") && has("made") { return [.synthetic, .artificial] }
    if has("cotton") { return .cotton }
    if has("cashmere") { return .cashmere }
    if has("wool") { return has("fine") ? [.wool, .cashmere] : .wool }
    if has("silk") { return .silk }
    guard has("other") && has("fibres") else { return [] }
    return topic.code.heading == "6109" ? [.synthetic, .artificial, .wool, .silk, .other] : [.other, .silk]
  }

  /// The fibre of the largest share, or the first named where no shares are given.
  let stated: (fibre: Fibres, name: String)?

  private static let bonus: Float = 4

  init(_ materials: [Component], stream: TokenStream) {
    let known = materials.compactMap { component -> (fibre: Fibres, name: String, percent: Decimal)? in
      let fibre = TokenStream(component.name).words.lazy.compactMap { Fibres.of($0) }.first
      return fibre.map { ($0, component.name, component.percent ?? 0) }
    }
    var largest: (fibre: Fibres, name: String, percent: Decimal)?
    for candidate in known where largest.map({ $0.percent < candidate.percent }) ?? true { largest = candidate }
    if let largest {
      stated = (largest.fibre, largest.name)
      return
    }
    stated =
      stream.tokens.indices.lazy.filter { stream.tokens[$0].field == .material }
      .compactMap { index in Fibres.of(stream.text(at: index)).map { ($0, stream.text(at: index)) } }.first
  }

  func add(to scores: inout [Float], demands: [Fibres]) {
    guard let stated else { return }
    for place in demands.indices where !demands[place].isEmpty {
      scores[place] += demands[place].contains(stated.fibre) ? FibreRule.bonus : -FibreRule.bonus
    }
  }

  func evidence(_ demand: Fibres, code: HSCode) -> ClassificationEvidence? {
    guard let stated, !demand.isEmpty else { return nil }
    let verdict = demand.contains(stated.fibre) ? "fits" : "does not fit"
    return ClassificationEvidence(
      kind: .rule, text: "The main fibre (\(stated.name)) \(verdict) \(code.dotted)", reference: "main fibre")
  }
}
