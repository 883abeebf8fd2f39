import Domain

/// In the textile chapters the fibre that weighs most decides between sibling codes. Where the seller states it, it
/// counts as a rule and not as one word among others.
struct FibreRule {
  struct Fibres: OptionSet, Sendable {
    let rawValue: UInt8
    /// In the order of their chapters: of two that weigh the same, the later counts (note XI.2 A).
    static let silk = Fibres(rawValue: 1)
    static let wool = Fibres(rawValue: 1 << 1)
    static let cashmere = Fibres(rawValue: 1 << 2)
    static let cotton = Fibres(rawValue: 1 << 3)
    static let other = Fibres(rawValue: 1 << 4)
    static let synthetic = Fibres(rawValue: 1 << 5)
    static let artificial = Fibres(rawValue: 1 << 6)

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

  private struct Statement {
    var fibre: Fibres
    var name: String
    var percent: Decimal?
  }

  private let stated: Statement?
  private let bonus: Float

  private static let certain: Float = 4
  /// A word of the title without a share may be that of a lining, or of a look.
  private static let inTitle: Float = 1.5

  init(_ materials: [Component], stream: TokenStream) {
    let components = materials.compactMap { component -> Statement? in
      let fibre = TokenStream(component.name).words.lazy.compactMap { Fibres.of($0) }.first
      return fibre.map { Statement(fibre: $0, name: component.name, percent: component.percent) }
    }
    let named = FibreRule.statements(of: .material, in: stream)
    let titled = FibreRule.statements(of: .title, in: stream)
    let isShared = titled.contains { $0.percent != nil }
    stated = [components, named, titled].lazy.compactMap(FibreRule.heaviest).first
    bonus = components.isEmpty && named.isEmpty && !isShared ? FibreRule.inTitle : FibreRule.certain
  }

  /// The fibres that a field names, each with the share that stands before it.
  private static func statements(of field: Field, in stream: TokenStream) -> [Statement] {
    stream.tokens.indices.compactMap { index -> Statement? in
      guard stream.tokens[index].field == field, let fibre = Fibres.of(stream.text(at: index)) else { return nil }
      let before = index > 0 ? Int(stream.text(at: index - 1)) : nil
      let percent = before.flatMap { (1...100).contains($0) ? Decimal(Int128($0)) : nil }
      return Statement(fibre: fibre, name: stream.text(at: index), percent: percent)
    }
  }

  /// That of the largest share, or the first named where no shares are given.
  private static func heaviest(_ statements: [Statement]) -> Statement? {
    guard var heaviest = statements.first else { return nil }
    for next in statements.dropFirst() {
      let (held, share) = (heaviest.percent ?? 0, next.percent ?? 0)
      let isLater = next.percent != nil && next.fibre.rawValue > heaviest.fibre.rawValue
      if share > held || (share == held && isLater) { heaviest = next }
    }
    return heaviest
  }

  func add(to scores: inout [Float], demands: [Fibres]) {
    guard let stated else { return }
    for place in demands.indices where !demands[place].isEmpty {
      scores[place] += demands[place].contains(stated.fibre) ? bonus : -bonus
    }
  }

  func evidence(_ demand: Fibres, code: HSCode) -> ClassificationEvidence? {
    guard let stated, !demand.isEmpty else { return nil }
    let verdict = demand.contains(stated.fibre) ? "fits" : "does not fit"
    return ClassificationEvidence(
      kind: .rule, text: "The main fibre (\(stated.name)) \(verdict) \(code.dotted)", reference: "main fibre")
  }
}
