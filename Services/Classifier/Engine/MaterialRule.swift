import Domain

/// Where the seller states of what an article is made, codes that name another material step back, and those that name
/// this one step forward: a ring of steel is no ring of silver.
struct MaterialRule {
  struct Family: OptionSet, Sendable {
    let rawValue: UInt16
    static let plastics = Family(rawValue: 1)
    static let rubber = Family(rawValue: 1 << 1)
    static let leather = Family(rawValue: 1 << 2)
    static let wood = Family(rawValue: 1 << 3)
    static let paper = Family(rawValue: 1 << 4)
    static let textile = Family(rawValue: 1 << 5)
    static let glass = Family(rawValue: 1 << 6)
    static let ceramic = Family(rawValue: 1 << 7)
    static let steel = Family(rawValue: 1 << 8)
    static let copper = Family(rawValue: 1 << 9)
    static let aluminium = Family(rawValue: 1 << 10)
    static let silver = Family(rawValue: 1 << 11)
    static let gold = Family(rawValue: 1 << 12)
    static let baseMetal = Family(rawValue: 1 << 13)
    static let stone = Family(rawValue: 1 << 14)
    static let fur = Family(rawValue: 1 << 15)

    fileprivate static let runs = RunWords<Family>([
      ("塑料 塑胶 硅胶 树脂 亚克力 聚丙烯 聚乙烯 仿皮 人造皮 人造革 พลาสติก ซิลิโคน หนังเทียม อะคริลิค", .plastics),
      ("橡胶 乳胶 ยางพารา ยางธรรมชาติ", .rubber), ("真皮 牛皮 羊皮 หนังแท้ หนังวัว", .leather), ("หนังสือ", nil),
      ("木制 木质 实木 竹制 竹木 胶合板 ไม้ไผ่ ไม้สัก ไม้อัด ไม้จริง", .wood), ("纸质 纸制 纸板 牛皮纸 กระดาษ", .paper),
      ("涤纶 纯棉 全棉 棉质 帆布 布艺 毛绒 ผ้าฝ้าย ผ้าใบ โพลีเอสเตอร์", .textile), ("玻璃 แก้วใส กระจก", .glass),
      ("玻璃钢 玻璃胶 玻璃纤维", nil), ("陶瓷 เซรามิก", .ceramic), ("不锈钢 碳钢 铸铁 สแตนเลส เหล็ก", [.steel, .baseMetal]),
      ("黄铜 纯铜 ทองเหลือง ทองแดง", [.copper, .baseMetal]), ("铝合金 铝制 อลูมิเนียม อะลูมิเนียม", [.aluminium, .baseMetal]),
      ("锌合金 合金 金属 โลหะ", .baseMetal), ("纯银 เงินแท้", .silver), ("黄金 足金 ทองคำแท้", .gold), ("大理石 花岗岩 หินอ่อน", .stone),
    ])

    fileprivate static func of(_ word: String) -> Family {
      switch word {
      case "plastic", "plastics", "pvc", "abs", "silicone", "resin", "acrylic", "pp", "pe", "pet", "tpu", "eva", "pu",
        "polypropylene", "polyethylene", "polycarbonate", "pc", "vinyl", "melamine", "plastik", "silikon", "nhua":
        .plastics
      case "rubber", "latex", "karet", "neoprene": .rubber
      case "leather", "cowhide", "suede", "sheepskin", "kulit": .leather
      case "wood", "wooden", "bamboo", "mdf", "plywood", "kayu", "rattan": .wood
      case "paper", "cardboard", "paperboard", "kertas": .paper
      case "textile", "textiles", "cotton", "polyester", "nylon", "canvas", "linen", "wool", "silk", "fabric", "cloth",
        "denim", "felt", "velvet", "satin", "katun", "kain", "oxford", "plush", "mesh", "spandex", "viscose", "rayon",
        "fibre", "fibres", "knitted":
        .textile
      case "glass", "crystal", "kaca": .glass
      case "ceramic", "ceramics", "porcelain", "stoneware", "keramik", "clay": .ceramic
      case "steel", "iron", "stainless", "besi", "baja", "inox", "thep", "keluli": [.steel, .baseMetal]
      case "copper", "brass", "bronze": [.copper, .baseMetal]
      case "aluminium", "aluminum", "nhom": [.aluminium, .baseMetal]
      case "zinc", "alloy", "metal", "base", "logam": .baseMetal
      case "silver", "925", "perak": .silver
      case "gold", "platinum", "14k", "18k", "emas": .gold
      case "stone", "marble", "granite", "batu": .stone
      case "fur", "furskin": .fur
      default: []
      }
    }
  }

  /// What a code's title names; empty where it names none.
  static func demand(_ topic: Topic) -> Family {
    var accepted: Family = []
    for word in TokenStream(topic.title).words {
      if ["than", "not", "except", "excluding", "without", "for"].contains(word) { break }
      accepted.formUnion(Family.of(word))
    }
    if accepted.contains(.baseMetal), !accepted.isDisjoint(with: [.steel, .copper, .aluminium]) {
      accepted.remove(.baseMetal)
    }
    return accepted
  }

  let stated: Family
  let name: String
  private let strength: Float

  private static let forward: Float = 0.8
  private static let back: Float = -1.2
  /// A title's materials may be those of what the article is for.
  private static let inTitle: Float = 0.5

  init(stream: TokenStream) {
    var stated: Family = []
    var name = ""
    var isImitated = false
    for index in stream.tokens.indices where stream.tokens[index].field == .material {
      if ["faux", "synthetic", "artificial", "imitation", "vegan", "pu", "sintetis"].contains(stream.text(at: index)) {
        isImitated = true
      }
      guard let found = MaterialRule.named(at: index, in: stream) else { continue }
      if name.isEmpty { name = found.text }
      stated.formUnion(found.value == .leather && isImitated ? .plastics : found.value)
    }
    var strength: Float = 1
    if stated.isEmpty {
      strength = MaterialRule.inTitle
      for index in stream.tokens.indices where stream.tokens[index].field == .title {
        guard let found = MaterialRule.named(at: index, in: stream) else { continue }
        if name.isEmpty { name = found.text }
        stated.formUnion(found.value)
      }
    }
    (self.stated, self.name, self.strength) = (stated, name, strength)
  }

  /// The material that a word or a run of letters names.
  private static func named(at index: Int, in stream: TokenStream) -> RunWords<Family>.Found? {
    Family.runs.first(in: stream, at: index) { word in
      let family = Family.of(word)
      return family.isEmpty || isLook(family, at: index, in: stream) ? nil : family
    }
  }

  static func family(at index: Int, in stream: TokenStream) -> Family { named(at: index, in: stream)?.value ?? [] }

  /// Gold in colour, or laid on thinly, is not gold.
  private static func isLook(_ family: Family, at index: Int, in stream: TokenStream) -> Bool {
    guard !family.isDisjoint(with: [.silver, .gold]), index + 1 < stream.tokens.count else { return false }
    switch stream.text(at: index + 1) {
    case "color", "colour", "colored", "coloured", "plated", "plating", "tone", "toned": return true
    default: return false
    }
  }

  func add(to scores: inout [Float], demands: [Family]) {
    guard !stated.isEmpty else { return }
    let (forward, back) = (strength * MaterialRule.forward, strength * MaterialRule.back)
    for place in demands.indices where !demands[place].isEmpty {
      scores[place] += demands[place].isDisjoint(with: stated) ? back : forward
    }
  }

  func evidence(_ demand: Family, code: HSCode) -> ClassificationEvidence? {
    guard !stated.isEmpty, !demand.isEmpty else { return nil }
    let verdict = demand.isDisjoint(with: stated) ? "is not what \(code.dotted) is of" : "fits \(code.dotted)"
    return ClassificationEvidence(
      kind: .rule, text: "The stated material (\(name)) \(verdict)", reference: "stated material")
  }
}
