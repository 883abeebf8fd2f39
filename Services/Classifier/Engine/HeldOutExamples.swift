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
        LabelledListing(product: ExampleLine($0.element).product(market: market), code: code)
      }
      part[topic].examples = examples.filter { $0.offset % step != 0 }.map(\.element)
    }
    training = Knowledge(part, of: knowledge)
    self.listings = listings
  }
}
