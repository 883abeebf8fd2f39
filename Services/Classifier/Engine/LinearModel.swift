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
        let feature = Int(training.features[place])
        if last[feature] != label {
          last[feature] = label
          counts[feature] += 1
        }
      }
    }
    return counts.map { logf(1 + Float(codeCount) / ($0 + 0.5)) }
  }

  /// The logarithm of each code's probability, down to one in a hundred thousand.
  func scores(_ vector: FeatureVector) -> [Float] {
    let least: Float = 1e-5
    let chapterShares = chapters.shares(vector, among: [1], least: least)
    let headingShares = headings.shares(vector, among: chapterShares, least: least)
    var scores = codes.shares(vector, among: headingShares, least: least)
    for code in scores.indices { scores[code] = scores[code] > least ? logf(scores[code]) : LinearModel.least }
    return scores
  }

  static let least: Float = -12

  /// What one feature adds to one code's score.
  func contribution(_ item: CodeScorer.Known, code: Int) -> Float {
    let heading = codes.parent[code]
    return item.strength
      * (codes.weights.value(item.feature, label: Int32(code)) + headings.weights.value(item.feature, label: heading)
        + chapters.weights.value(item.feature, label: headings.parent[Int(heading)]))
  }
}
