import Domain

/// Part of the knowledge to learn from, and examples kept from it to measure by: for comparing learners on equal terms.
public struct HeldOutExamples: Sendable {
  public let training: Knowledge
  public let listings: [LabelledListing]

  /// - Parameters:
  ///   - step: each so many-th example of a code is kept back.
  ///   - examplesMin: codes with fewer are left out altogether.
  public init(_ knowledge: Knowledge, every step: Int, examplesMin: Int, market: Market) {
    var part = knowledge.topics.filter { $0.examples.count >= examplesMin }
    var listings: [LabelledListing] = []
    for topic in part.indices {
      let code = part[topic].code
      let examples = part[topic].examples.enumerated()
      listings += examples.filter { $0.offset % step == 0 }.map {
        LabelledListing(product: LabelledListings.product(example: $0.element, market: market), code: code)
      }
      part[topic].examples = examples.filter { $0.offset % step != 0 }.map(\.element)
    }
    training = Knowledge(part, of: knowledge)
    self.listings = listings
  }
}

extension LabelledListings {
  /// A line of the knowledge: `title [attribute: value; category: wide > narrow]`.
  static func product(example: String, market: Market) -> Product {
    guard example.utf8.last == UInt8(ascii: "]"), let open = example.utf8.lastIndex(of: UInt8(ascii: "[")) else {
      return product(title: example, market: market)
    }
    var attributes: [String] = []
    var category = ""
    for part in example[example.utf8.index(after: open)...].dropLast().split(separator: ";") {
      let text = part.drop { $0 == " " }
      if text.hasPrefix("category:") {
        category = String(text.dropFirst("category:".count))
      } else {
        attributes.append(String(text))
      }
    }
    return product(
      title: String(example[..<open]), attributes: attributes.joined(separator: ";"), category: category, market: market
    )
  }
}
