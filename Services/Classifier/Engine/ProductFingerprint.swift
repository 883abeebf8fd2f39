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
    let materials = product.attributes.filter { $0.name == "material" }.flatMap { TokenStream($0.value).words }.sorted()
    let category = product.categoryPath.flatMap { words($0) }
    return ProductFingerprint(words: titles + ["/"] + materials + ["/"] + category)
  }
}
