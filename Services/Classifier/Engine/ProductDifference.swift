import Domain

/// What two descriptions of goods differ in: words of their titles, and what an attribute says that both have.
struct ProductDifference {
  struct Word: Hashable {
    var hash: UInt32
    var isNumber: Bool
  }

  private(set) var words: Set<Word>
  /// Shares in percent are stated, and are others, or may go with other materials.
  let hasOtherShares: Bool

  /// Attributes whose values never make other goods.
  private static let idle: Set<String> = [
    "color", "colour", "size", "warna", "ukuran", "mau sac", "kich thuoc", "สี", "ขนาด", "颜色", "尺寸", "尺码", "brand",
    "sku", "model", "model number",
  ]

  init(_ one: Product, _ other: Product) {
    let titles = [one, other].map { product in TokenStream(product.titles.map(\.text).joined(separator: " / ")) }
    words = ProductDifference.words(titles[0], titles[1])
    let shares = [one, other].map { product in product.titles.reduce(0) { $0 + ProductDifference.percentSigns($1.text) }
    }
    hasOtherShares =
      shares != [0, 0]
      && (words.contains(where: \.isNumber) || shares.contains { $0 > 1 } && ProductDifference.isReordered(titles))
    let values = ProductDifference.values(other)
    for (name, value) in ProductDifference.values(one) {
      if let otherValue = values[name] { words.formUnion(ProductDifference.words(value, otherValue)) }
    }
  }

  var isNone: Bool { words.isEmpty && !hasOtherShares }

  private static func words(_ one: TokenStream, _ other: TokenStream) -> Set<Word> {
    func set(_ stream: TokenStream) -> Set<Word> {
      Set(
        stream.tokens.indices.map { place in
          Word(hash: stream.hash(at: place), isNumber: [.number, .mixed].contains(stream.tokens[place].kind))
        })
    }
    return set(one).symmetricDifference(set(other))
  }

  private static func percentSigns(_ text: String) -> Int {
    text.unicodeScalars.count { $0 == "%" || $0 == "\u{FF05}" }
  }

  /// Of several shares each belongs to the word beside it.
  private static func isReordered(_ titles: [TokenStream]) -> Bool {
    let words = titles.map(\.words)
    let common = Set(words[0]).intersection(words[1])
    return words[0].filter(common.contains) != words[1].filter(common.contains)
  }

  private static func values(_ product: Product) -> [String: TokenStream] {
    var values: [String: TokenStream] = [:]
    for attribute in product.attributes where !Field.describesMaterial(attribute.name) {
      let name = TokenStream(attribute.name).words.joined(separator: " ")
      if !idle.contains(name) { values[name, default: TokenStream()].append(attribute.value, field: .attribute) }
    }
    return values
  }
}

/// Which differences may mean another code. A colour or a size does not, unless the codes themselves speak of it: of gold
/// among jewellery, of orange among juices, of cubic centimetres among motorcycles.
struct TellingWords: Sendable {
  private let lists: WordLists
  private var ofChapter: [String: Set<UInt32>] = [:]
  private var headingsWithNumbers: Set<String> = []

  /// In listings of any goods, as are the words of sets: what was worn before, and what is not what it seems.
  private static let always = hashes("used non")
  /// Titles of codes are full of them.
  private static let never = hashes(
    "a an the and or of with in on to at by from as per all one more x cm mm m kg g ml l inch inches pc pcs piece pieces"
  )

  init(_ model: ClassificationModel) {
    lists = model.words
    for topic in model.topics {
      let title = TokenStream(topic.title)
      for place in title.tokens.indices {
        switch title.tokens[place].kind {
        case .number, .mixed: headingsWithNumbers.insert(topic.code.heading)
        default: ofChapter[topic.code.chapter, default: []].insert(title.hash(at: place))
        }
      }
    }
  }

  /// Whether goods that differ so may have another code than this, which the one of them has.
  func tell(_ difference: ProductDifference, from code: HSCode) -> Bool {
    tellUnheard(difference, from: code)
      || difference.words.contains { !$0.isNumber && !isNoise($0) && !TellingWords.never.contains($0.hash) }
  }

  /// The same by what likeness passes over: numbers, shares, colours, sizes and praise.
  func tellUnheard(_ difference: ProductDifference, from code: HSCode) -> Bool {
    difference.hasOtherShares
      || difference.words.contains { word in
        if word.isNumber { return headingsWithNumbers.contains(code.heading) }
        if TellingWords.always.contains(word.hash) || lists.roles(of: word.hash).contains(.sets) { return true }
        return isNoise(word) && !TellingWords.never.contains(word.hash)
          && ofChapter[code.chapter]?.contains(word.hash) == true
      }
  }

  private func isNoise(_ word: ProductDifference.Word) -> Bool { lists.roles(of: word.hash).contains(.noise) }

  private static func hashes(_ words: String) -> Set<UInt32> {
    Set(words.split(separator: " ").map { FeatureHash.word(String($0)) })
  }
}
