import Domain

/// The precedents of a tenant, to find those of the same product, of its variants, and of products like it. It takes in
/// and gives up single precedents, so that a decision counts for the next product.
public struct PrecedentIndex: Sendable {
  private let reader: LikenessReader
  private let telling: TellingWords
  private let nomenclature: Nomenclature
  private var held: [Precedent?] = []
  private var places: [UniqueID: Int] = [:]
  private var same: [ProductFingerprint: [Int]] = [:]
  private var variants: [ProductFingerprint: [Int]] = [:]
  private var postings: [UInt32: [Posting]] = [:]

  private struct Posting: Sendable {
    var place: Int32
    var strength: Float
  }

  /// Less alike than this says nothing.
  private static let leastLikeness: Float = 0.5
  /// Of rulings as many more: a tenant's many decisions about one product hide none.
  private static let similarMost = 8

  /// Alike as two may be whose difference may mean another code.
  private static let likenessOfOthers: Float = 0.6

  public init(_ model: ClassificationModel) {
    reader = LikenessReader(model.scorer)
    telling = TellingWords(model)
    nomenclature = model.scorer.nomenclature
  }

  public var count: Int { places.count }

  /// One for a code that the edition in force does not have speaks for nothing.
  public mutating func add(_ precedent: Precedent) {
    guard places[precedent.id] == nil, nomenclature.place(of: precedent.code) != nil else { return }
    let product = precedent.description.product(market: precedent.market)
    let place = held.count
    held.append(precedent)
    places[precedent.id] = place
    same[.same(product), default: []].append(place)
    if let variant = ProductFingerprint.variant(product, words: reader.words) {
      variants[variant, default: []].append(place)
    }
    for (hash, strength) in reader.read(product) {
      postings[hash, default: []].append(Posting(place: Int32(place), strength: strength))
    }
  }

  /// What stood under its features stays until the index is built again: it is passed over.
  public mutating func remove(_ id: UniqueID) {
    guard let place = places.removeValue(forKey: id) else { return }
    held[place] = nil
  }

  /// What stands for a product in a market.
  struct Matches {
    /// Of the very same product, in this market.
    var same: [Precedent] = []
    var variants: [Precedent] = []
    /// Nearest first, from all markets.
    var similar: [(precedent: Precedent, likeness: Float)] = []

    var isEmpty: Bool { same.isEmpty && variants.isEmpty && similar.isEmpty }
  }

  func matches(_ product: Product, market: Market) -> Matches {
    if places.isEmpty { return Matches() }
    let asKept = ProductDescription(product).product(market: market)
    func here(_ places: [Int]?) -> [Precedent] {
      (places ?? []).compactMap { held[$0] }.filter { $0.market == market }
    }
    func difference(_ precedent: Precedent) -> ProductDifference {
      ProductDifference(asKept, precedent.description.product(market: precedent.market))
    }
    var matches = Matches()
    matches.same = here(same[.same(asKept)]).filter { difference($0).isNone }
    matches.variants = here(ProductFingerprint.variant(asKept, words: reader.words).flatMap { variants[$0] }).filter {
      !telling.tell(difference($0), from: $0.code)
    }
    matches.similar = similar(asKept).map { precedent, likeness in
      let isOther = telling.tellUnheard(difference(precedent), from: precedent.code)
      return (precedent, isOther ? min(likeness, PrecedentIndex.likenessOfOthers) : likeness)
    }
    return matches
  }

  private func similar(_ product: Product) -> [(precedent: Precedent, likeness: Float)] {
    let features = reader.read(product)
    var near: [(place: Int, likeness: Float)] = []
    withUnsafeTemporaryAllocation(of: Float.self, capacity: held.count) { likeness in
      likeness.initialize(repeating: 0)
      for (hash, strength) in features {
        for posting in postings[hash] ?? [] { likeness[Int(posting.place)] += strength * posting.strength }
      }
      for place in likeness.indices where likeness[place] >= PrecedentIndex.leastLikeness {
        near.append((place, min(likeness[place], 1)))
      }
    }
    let standing = near.compactMap { place, likeness in held[place].map { (precedent: $0, likeness: likeness) } }
    let nearest = standing.sorted {
      ($0.likeness, $0.precedent.decidedAt, $0.precedent.id) > ($1.likeness, $1.precedent.decidedAt, $1.precedent.id)
    }
    let others = nearest.dropFirst(PrecedentIndex.similarMost).filter { $0.precedent.source == .ruling }
    return Array(nearest.prefix(PrecedentIndex.similarMost)) + others.prefix(PrecedentIndex.similarMost)
  }
}

/// Reads a product as features of a length of one, each weighed by how rare the knowledge has it. What the knowledge does
/// not have is a name or a number as often as it is the tenant's own word for its goods, and counts in between.
struct LikenessReader: Sendable {
  let words: WordLists
  private let vocabulary: Vocabulary
  private let rarity: [Float]
  private let unknown: Float

  /// A long listing is near by its strongest features; the rest costs time and moves little.
  private static let featuresMost = 40

  init(_ scorer: CodeScorer) {
    words = scorer.words
    vocabulary = scorer.linear.vocabulary
    rarity = scorer.linear.rarity
    unknown = 0.6 * (scorer.linear.rarity.max() ?? 1)
  }

  func read(_ product: Product) -> [(hash: UInt32, strength: Float)] {
    let list = FeatureList(TokenStream(product), words: words)
    var strengths: [UInt32: Float] = [:]
    for feature in list.features where feature.kind != .consonants {
      let weight = feature.weight * feature.kind.strength(pair: 0.3)
      let rareness = vocabulary.index(of: feature.hash).map { rarity[Int($0)] } ?? unknown
      strengths[feature.hash] = max(strengths[feature.hash] ?? 0, weight * rareness)
    }
    let strongest = strengths.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.prefix(LikenessReader.featuresMost)
    let length = strongest.reduce(Float(0)) { $0 + $1.value * $1.value }.squareRoot()
    guard length > 0 else { return [] }
    return strongest.map { ($0.key, $0.value / length) }
  }
}
