import Crypto
import Domain

/// Meets itself again when a tenant lists the same product twice: the words of its title, its materials and its category,
/// whatever their case, accents and order.
struct ProductFingerprint: Hashable, Sendable {
  private let words: [String]

  /// Every word counts here, colours, sizes and numbers too: a precedent speaks for one product only.
  static func same(_ product: Product) -> ProductFingerprint {
    of(product) { TokenStream($0).words }
  }

  /// Without colours, sizes, numbers and praise: what is left is the same for the variants of a product. nil where too
  /// little is left to say what it is.
  static func variant(_ product: Product, words lists: WordLists) -> ProductFingerprint? {
    var count = 0
    let fingerprint = of(product) { text in
      let stream = TokenStream(text)
      let words = stream.tokens.indices.filter { place in
        let token = stream.tokens[place]
        return token.kind != .number && token.kind != .mixed && token.end - token.start > 1
          && !lists.roles(of: stream.hash(at: place)).contains(.noise)
      }
      count += words.count
      return words.map { stream.text(at: $0) }
    }
    return count >= 3 ? fingerprint : nil
  }

  private static func of(_ product: Product, words: (String) -> [String]) -> ProductFingerprint {
    let titles = product.titles.flatMap { words($0.text) }.sorted()
    let materials = product.attributes.filter { Field.describesMaterial($0.name) }.flatMap { shares($0.value) }.sorted()
    let category = product.categoryPath.flatMap { words($0) }
    return ProductFingerprint(words: titles + ["/"] + materials + ["/"] + category)
  }

  /// Each material with its own share: `95% cotton, 5% elastane` and `cotton 95 %; elastane 5 %` are the same, whichever
  /// comes first, and `5% cotton, 95% elastane` is not.
  private static func shares(_ text: String) -> [String] {
    let stream = TokenStream(text)
    let leads = stream.tokens.first?.kind == .number
    var shares: [[String]] = [[]]
    for place in stream.tokens.indices {
      let isNumber = stream.tokens[place].kind == .number
      if isNumber, leads, place > 0 { shares.append([]) }
      shares[shares.count - 1].append(stream.text(at: place))
      if isNumber, !leads { shares.append([]) }
    }
    return shares.filter { !$0.isEmpty }.map { $0.sorted().joined(separator: " ") }
  }
}
