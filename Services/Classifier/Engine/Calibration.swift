import Domain

/// Turns what a ranking looks like into the probability that its first code is right. Fitted on the knowledge's own
/// texts, each read by a model that did not see it.
struct Calibration: Sendable {
  let model: ClaimModel

  init(_ model: ClaimModel) { self.model = model }

  /// The world is less tidy than the knowledge, however distorted: confidence is drawn towards the middle, and more for
  /// a long text, which adds up chance agreement. Judged, not fitted.
  private static let temper = (short: 1.0, long: 0.8)

  func claims(_ view: RankingView) -> Claims {
    let temper = Calibration.temper.short + (Calibration.temper.long - Calibration.temper.short) * view.length
    return model.claims(view.inputs, temper: temper)
  }

  /// Two halves of the knowledge, names too, each read by a model built from the other. What is known of a product in
  /// the world is less than what the knowledge says of it.
  init(fitting knowledge: Knowledge) {
    self.init(ClaimModel(fitting: Calibration.trials(knowledge), width: RankingView.inputNames.count))
  }

  /// As many examples as settle a dozen weights; more would only take longer.
  private static let exampleCount = 12_000

  static func trials(_ knowledge: Knowledge) -> [Trial] {
    let total = knowledge.topics.reduce(0) { $0 + $1.examples.count }
    let stride = max(1, total / exampleCount)
    let (first, second) = Parallel.both {
      trials(knowledge, half: 0, stride: stride)
    } with: {
      trials(knowledge, half: 1, stride: stride)
    }
    return first + second
  }

  private static func trials(_ knowledge: Knowledge, half: Int, stride: Int) -> [Trial] {
    var trials: [Trial] = []
    let reader = Reader(knowledge.keeping { $0 % 2 != half })
    var chance = Shuffle()
    var count = 0
    for (label, topic) in knowledge.topics.enumerated() {
      for (place, example) in topic.examples.enumerated() where place % 2 == half {
        count += 1
        if count % stride != 0 { continue }
        let near = neighbour(of: label, knowledge.topics, &chance)
        let far = neighbour(of: chance.next(below: knowledge.topics.count), knowledge.topics, &chance)
        for version in Distortion.versions(of: example, neighbour: near, other: far, chance: &chance) {
          trials.append(reader.trial(version, truth: topic.code))
        }
      }
    }
    return trials
  }

  /// An example of a code nearby, most often of the same chapter.
  private static func neighbour(of label: Int, _ topics: [Topic], _ chance: inout Shuffle) -> String {
    let reach = 12
    let other = min(max(label - reach + chance.next(below: 2 * reach), 0), topics.count - 1)
    let examples = topics[other].examples
    return examples.isEmpty ? topics[other].title : examples[chance.next(below: examples.count)]
  }

  /// Part of the knowledge as it would read a product.
  private struct Reader {
    let scorer: CodeScorer
    let demands: RuleDemands

    init(_ knowledge: Knowledge) {
      scorer = CodeScorer(knowledge)
      demands = RuleDemands(knowledge.topics)
    }

    func trial(_ version: Distortion, truth: HSCode) -> Trial {
      let reading = scorer.read(version.stream)
      let nomenclature = scorer.nomenclature
      var scores = reading.scores
      Rules(version.stream).add(to: &scores, demands: demands, in: nomenclature)
      let view = RankingView(reading, scores: scores, in: nomenclature)
      return Trial(
        inputs: view.inputs, ranked: view.ranked.map { nomenclature.codes[$0] }, truth: truth, weight: version.weight)
    }
  }
}
