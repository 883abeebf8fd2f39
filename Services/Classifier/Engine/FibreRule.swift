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

    private static func of(_ word: String) -> Fibres? {
      switch word {
      case "cotton", "katun", "denim", "kapas": .cotton
      case "wool", "merino", "lambswool", "wol": .wool
      case "cashmere": .cashmere
      case "silk", "sutra", "sutera": .silk
      case "polyester", "nylon", "acrylic", "polyamide", "spandex", "elastane", "lycra", "fleece", "chiffon",
        "poliester", "nilon", "poliamida":
        .synthetic
      case "viscose", "rayon", "modal", "lyocell", "tencel", "bamboo", "acetate": .artificial
      case "linen", "flax", "ramie", "hemp", "jute": .other
      default: nil
      }
    }

    static func named(in stream: TokenStream, at index: Int) -> RunWords<Fibres>.Found? {
      runs.first(in: stream, at: index, word: of)
    }

    /// What is padded with wadding is called by 棉 whatever it is of.
    private static let runs = RunWords<Fibres>([
      ("棉 棉麻 ฝ้าย คอตตอน", .cotton), ("棉服 棉衣 棉袄 棉裤 棉鞋 棉拖 棉签 棉棒 珍珠棉 太空棉 丝棉 喷胶棉 岩棉 石棉 玻璃棉", nil),
      ("羊毛 毛呢 呢料 ขนแกะ", .wool), ("羊绒 แคชเมียร์", .cashmere), ("仿羊绒 仿羊毛 ไหมพรม", nil),
      ("真丝 蚕丝 桑蚕丝 丝绸 ผ้าไหม", .silk),
      ("涤纶 聚酯 聚酯纤维 尼龙 锦纶 腈纶 氨纶 化纤 摇粒绒 羊羔绒 羊羔毛 仿真丝 雪纺 ขนแกะเทียม", .synthetic),
      ("โพลีเอสเตอร์ โพลีเอสเทอร์ ไนลอน อะคริลิก สแปนเด็กซ์ ใยสังเคราะห์ ชีฟอง", .synthetic),
      ("人造棉 人棉 粘胶 粘纤 莫代尔 天丝 莱赛尔 竹纤维 醋酸 铜氨 เรยอน วิสโคส โมดัล", .artificial), ("亚麻 苎麻 黄麻 ลินิน", .other),
    ])
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
      let stream = TokenStream(component.name)
      let fibre = stream.tokens.indices.lazy.compactMap { Fibres.named(in: stream, at: $0)?.value }.first
      return fibre.map { Statement(fibre: $0, name: component.name, percent: component.percent) }
    }
    let named = FibreRule.statements(of: .material, in: stream)
    let titled = FibreRule.statements(of: .title, in: stream)
    let isShared = titled.contains { $0.percent != nil }
    stated = [components, named, titled].lazy.compactMap(FibreRule.heaviest).first
    bonus = components.isEmpty && named.isEmpty && !isShared ? FibreRule.inTitle : FibreRule.certain
  }

  /// The fibres that a field names, each with its share: "65% cotton 35% linen", or "cotton 65% linen 35%".
  private static func statements(of field: Field, in stream: TokenStream) -> [Statement] {
    let found = stream.tokens.indices.compactMap { index in
      stream.tokens[index].field == field ? Fibres.named(in: stream, at: index).map { (index: index, fibre: $0) } : nil
    }
    guard let first = found.first?.index else { return [] }
    let follow = percent(in: stream, at: first - 1) == nil && percent(in: stream, at: first + 1) != nil
    return found.map { index, fibre in
      Statement(fibre: fibre.value, name: fibre.text, percent: percent(in: stream, at: index + (follow ? 1 : -1)))
    }
  }

  private static func percent(in stream: TokenStream, at index: Int) -> Decimal? {
    guard stream.tokens.indices.contains(index), let share = Int(stream.text(at: index)) else { return nil }
    return (1...100).contains(share) ? Decimal(Int128(share)) : nil
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
