import Crypto
import Domain

/// Meets itself again when a tenant lists the same product twice: the words of its titles, its materials and its
/// category, whatever their case, accents and order. Sixteen bytes of SHA-256.
public struct ProductFingerprint: Hashable, Sendable {
  public let bytes: [UInt8]

  /// nil unless there are sixteen bytes.
  public init?(bytes: [UInt8]) {
    guard bytes.count == 16 else { return nil }
    self.bytes = bytes
  }

  private init(digest: SHA256Digest) { bytes = Array(digest.bytes.prefix(16)) }

  public static func of(_ product: Product) -> ProductFingerprint {
    let titles = product.titles.map { words($0.text) }.sorted().joined(separator: "/")
    let materials = (product.materials + product.ingredients)
      .map { "\(words($0.name))=\($0.percent?.description ?? "")" }.sorted().joined(separator: "/")
    let category = product.categoryPath.map { words($0) }.joined(separator: "/")
    return ProductFingerprint(digest: SHA256.hash("\(titles)\n\(materials)\n\(category)"))
  }

  /// Every word counts here, colours, sizes and numbers too: a precedent speaks for one product only.
  private static func words(_ text: String) -> String {
    TokenStream(text).words.sorted().joined(separator: " ")
  }
}
