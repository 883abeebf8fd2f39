import Domain
import Glibc

/// Walks down the nomenclature: the share of each chapter, of each heading in its chapter, of each code in its heading.
struct LinearModel: Sendable {
  let vocabulary: Vocabulary
  /// How few codes have a feature, as the logarithm.
  let rarity: [Float]
  private let chapters: SoftmaxLevel
  private let headings: SoftmaxLevel
  private let codes: SoftmaxLevel
  /// Of all three levels, a feature's together: first the codes, then the headings, then the chapters.
  private let weights: SparseWeights

  /// Without the weights that say next to nothing.
  init(joining levels: Levels, leastWeight: Float) {
    (vocabulary, rarity) = (levels.vocabulary, levels.rarity)
    (codes, headings, chapters) = (levels.codes.level, levels.headings.level, levels.chapters.level)
    weights = SparseWeights(
      joining: [levels.codes, levels.headings, levels.chapters].map { ($0.weights, $0.level.bias.count) },
      least: leastWeight)
  }

  /// The three levels as they are learnt, each with weights of its own.
  struct Levels {
    typealias Learnt = (level: SoftmaxLevel, weights: SparseWeights)

    fileprivate let vocabulary: Vocabulary
    fileprivate let rarity: [Float]
    fileprivate let chapters: Learnt
    fileprivate let headings: Learnt
    fileprivate let codes: Learnt

    /// Normalizes the training texts on the way.
    init(_ nomenclature: Nomenclature, training: inout TrainingSet, settings: SoftmaxLevel.Settings) {
      vocabulary = training.vocabulary
      rarity = Levels.rarity(training, codeCount: nomenclature.codes.count)
      training.normalize(rarity)
      let codeOfText = training.labels
      let headingOfText = codeOfText.map { nomenclature.headingOfCode[Int($0)] }
      let chapterOfText = headingOfText.map { nomenclature.chapterOfHeading[Int($0)] }
      let texts = training
      @Sendable func learn(_ children: [Range<Int>], _ labels: [Int32]) -> Learnt {
        var level = SoftmaxLevel(children: children)
        let weights = level.learn(texts, labelOfText: labels, settings: settings)
        return (level, weights)
      }
      let (widest, narrower) = Parallel.both {
        learn([0..<nomenclature.headingsOfChapter.count], chapterOfText)
      } with: {
        (learn(nomenclature.headingsOfChapter, headingOfText), learn(nomenclature.codesOfHeading, codeOfText))
      }
      chapters = widest
      (headings, codes) = narrower
    }

    private static func rarity(_ training: TrainingSet, codeCount: Int) -> [Float] {
      var last = [Int32](repeating: -1, count: training.vocabulary.count)
      var counts = [Float](repeating: 0, count: training.vocabulary.count)
      for text in 0..<training.count {
        let label = training.labels[text]
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
  }

  private var firstHeading: Int { codes.bias.count }
  private var firstChapter: Int { codes.bias.count + headings.bias.count }
  private var labelCount: Int { firstChapter + chapters.bias.count }

  /// For each reading the logarithm of each code's probability, down to one in a hundred thousand.
  func scores(_ features: TwoReadings) -> [[Float]] {
    withUnsafeTemporaryAllocation(of: SIMD2<Float>.self, capacity: labelCount) { odds in
      for (first, level) in [(0, codes), (firstHeading, headings), (firstChapter, chapters)] {
        for label in level.bias.indices { odds[first + label] = SIMD2(repeating: level.bias[label]) }
      }
      weights.add(features, to: odds)
      return odds.withMemoryRebound(to: Float.self) { flat in
        (0..<features.count).map { lane in scores { flat[2 * $0 + lane] } }
      }
    }
  }

  private func scores(_ odds: (_ label: Int) -> Float) -> [Float] {
    let least: Float = 1e-5
    let chapterShares = chapters.shares({ odds(firstChapter + $0) }, among: [1], least: least)
    let headingShares = headings.shares({ odds(firstHeading + $0) }, among: chapterShares, least: least)
    return codes.shares(odds, among: headingShares, least: least).map { $0 > least ? logf($0) : LinearModel.least }
  }

  static let least: Float = -12

  /// What features add to the scores of some codes, at most eight: a lane for each.
  /// - Parameter places: nil for a code that is not held, to which nothing is added.
  func contributions(_ features: [CodeScorer.Known], to places: [Int?]) -> [SIMD8<Float>] {
    var lanes = LabelLanes(labelCount: labelCount)
    for (lane, place) in places.enumerated() {
      guard let place else { continue }
      let heading = Int(codes.parent[place])
      lanes.add(place, lane: lane)
      lanes.add(firstHeading + heading, lane: lane)
      lanes.add(firstChapter + Int(headings.parent[heading]), lane: lane)
    }
    return features.map { item in
      var sum = SIMD8<Float>.zero
      weights.add(item.feature, to: &sum, lanes: lanes)
      return item.strength * sum
    }
  }
}
