import Domain

/// A history in the order of its codes, read once, to build models from all of it or from a part.
struct HistoryLines: Sendable {
  let listings: [LabelledListing]
  let codes: [HSCode]
  private let features: [FeatureList]
  private let words: WordLists
  /// Where each line stood in the history as it was given.
  private let places: [Int]

  /// Syllables written apart, as in Vietnamese, mean something in pairs; a history has enough of them to learn from. It is
  /// of the kind that is asked, so that it can be learnt more closely than the knowledge.
  private static let settings = CodeScorer.Settings(
    softmax: SoftmaxLevel.Settings(step: 0.5, settled: 0.02, scale: 3), pair: 0.8, reading: .close, neighbours: 12)

  init(_ listings: [LabelledListing], words: WordLists) {
    let sorted = listings.enumerated().sorted {
      ($0.element.code.subheading, $0.offset) < ($1.element.code.subheading, $1.offset)
    }
    self.listings = sorted.map(\.element)
    self.words = words
    codes = sorted.map { HSCode($0.element.code.subheading)! }
    features = self.listings.map {
      FeatureList(TokenStream($0.product), words: words, reading: HistoryLines.settings.reading)
    }
    places = sorted.map(\.offset)
  }

  /// By the place it was given in, scattered: a file may come back to a code every so many lines.
  func fold(_ line: Int, of count: Int) -> Int {
    Int((UInt32(truncatingIfNeeded: places[line]) &* 2_654_435_761) >> 16) % count
  }

  func scorer(_ lines: [Int]) -> CodeScorer {
    let nomenclature = Nomenclature(Set(lines.map { codes[$0] }).sorted())
    var training = TrainingSet()
    for line in lines {
      let label = nomenclature.place(of: codes[line])!
      training.append(features[line], label: label, pair: HistoryLines.settings.pair)
    }
    return CodeScorer(nomenclature, training, words: words, settings: HistoryLines.settings)
  }
}
