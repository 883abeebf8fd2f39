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

    static func of(_ word: String) -> Family {
      switch word {
      case "plastic", "plastics", "pvc", "abs", "silicone", "resin", "acrylic", "pp", "pe", "pet", "tpu", "eva", "pu",
        "polypropylene", "polyethylene", "polycarbonate", "pc", "vinyl", "melamine", "plastik", "silikon":
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
      case "steel", "iron", "stainless", "besi", "baja": [.steel, .baseMetal]
      case "copper", "brass", "bronze": [.copper, .baseMetal]
      case "aluminium", "aluminum": [.aluminium, .baseMetal]
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
      let word = stream.text(at: index)
      if ["faux", "synthetic", "artificial", "imitation", "vegan", "pu", "sintetis"].contains(word) {
        isImitated = true
      }
      var family = MaterialRule.family(at: index, in: stream)
      if family == .leather, isImitated { family = .plastics }
      if !family.isEmpty, name.isEmpty { name = word }
      stated.formUnion(family)
    }
    var strength: Float = 1
    if stated.isEmpty {
      strength = MaterialRule.inTitle
      for index in stream.tokens.indices where stream.tokens[index].field == .title {
        let family = MaterialRule.family(at: index, in: stream)
        if !family.isEmpty, name.isEmpty { name = stream.text(at: index) }
        stated.formUnion(family)
      }
    }
    (self.stated, self.name, self.strength) = (stated, name, strength)
  }

  /// Gold in colour, or laid on thinly, is not gold.
  static func family(at index: Int, in stream: TokenStream) -> Family {
    let family = Family.of(stream.text(at: index))
    guard !family.isDisjoint(with: [.silver, .gold]), index + 1 < stream.tokens.count else { return family }
    switch stream.text(at: index + 1) {
    case "color", "colour", "colored", "coloured", "plated", "plating", "tone", "toned": return []
    default: return family
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
