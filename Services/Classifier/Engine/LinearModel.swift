import Domain
import Glibc

/// Walks down the nomenclature: the share of each chapter, of each heading in its chapter, of each code in its heading.
struct LinearModel: Sendable {
  let vocabulary: Vocabulary
  /// How few codes have a feature, as the logarithm.
  let rarity: [Float]
  let chapters: SoftmaxLevel
  let headings: SoftmaxLevel
  let codes: SoftmaxLevel

  /// Normalizes the training texts on the way.
  init(_ nomenclature: Nomenclature, training: inout TrainingSet, settings: SoftmaxLevel.Settings) {
    let vocabulary = training.vocabulary
    self.vocabulary = vocabulary
    rarity = LinearModel.rarity(training, codeCount: nomenclature.codes.count)
    training.normalize(rarity)
    let codeOfText = training.texts.map(\.label)
    let headingOfText = codeOfText.map { nomenclature.headingOfCode[Int($0)] }
    let chapterOfText = headingOfText.map { nomenclature.chapterOfHeading[Int($0)] }
    let texts = training
    @Sendable func level(_ children: [Range<Int>], _ labels: [Int32]) -> SoftmaxLevel {
      SoftmaxLevel(texts, featureCount: vocabulary.count, children: children, labelOfText: labels, settings: settings)
    }
    let (widest, narrower) = Parallel.both {
      level([0..<nomenclature.headingsOfChapter.count], chapterOfText)
    } with: {
      (level(nomenclature.headingsOfChapter, headingOfText), level(nomenclature.codesOfHeading, codeOfText))
    }
    chapters = widest
    (headings, codes) = narrower
  }

  private static func rarity(_ training: TrainingSet, codeCount: Int) -> [Float] {
    var last = [Int32](repeating: -1, count: training.vocabulary.count)
    var counts = [Float](repeating: 0, count: training.vocabulary.count)
    for text in 0..<training.count {
      let label = training.texts[text].label
      for place in training.row(text) {
        let feature = Int(training.features[place].index)
        if last[feature] != label {
          last[feature] = label
          counts[feature] += 1
        }
      }
    }
    return counts.map { logf(1 + Float(codeCount) / ($0 + 0.5)) }
  }

  /// For each reading the logarithm of each code's probability, down to one in a hundred thousand.
  func scores(_ features: TwoReadings) -> [[Float]] {
    let least: Float = 1e-5
    let whole = [[Float]](repeating: [1], count: features.count)
    let chapterShares = chapters.shares(features, among: whole, least: least)
    let headingShares = headings.shares(features, among: chapterShares, least: least)
    return codes.shares(features, among: headingShares, least: least).map { shares in
      shares.map { $0 > least ? logf($0) : LinearModel.least }
    }
  }

  static let least: Float = -12

  /// What features add to the scores of some codes, at most eight.
  /// - Parameter places: nil for a code that is not held, to which nothing is added.
  func contributions(to places: [Int?]) -> Contributions {
    let headingPlaces = places.map { $0.map { Int(codes.parent[$0]) } }
    let chapterPlaces = headingPlaces.map { $0.map { Int(headings.parent[$0]) } }
    return Contributions(
      levels: [
        (codes.weights, LabelLanes(places, labelCount: codes.parent.count)),
        (headings.weights, LabelLanes(headingPlaces, labelCount: headings.parent.count)),
        (chapters.weights, LabelLanes(chapterPlaces, labelCount: chapters.parent.count)),
      ])
  }

  struct Contributions {
    fileprivate let levels: [(weights: SparseWeights, lanes: LabelLanes)]

    /// A lane for each code.
    func of(_ item: CodeScorer.Known) -> SIMD8<Float> {
      var sum = SIMD8<Float>.zero
      for level in levels { level.weights.add(item.feature, to: &sum, lanes: level.lanes) }
      return item.strength * sum
    }
  }
}
