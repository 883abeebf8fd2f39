import Domain
import Glibc

/// Turns what a ranking looks like into the probability that its first code is right. Fitted on the knowledge's own
/// texts, each read by a model that did not see it.
struct Calibration: Sendable {
  let model: ClaimModel

  init(_ model: ClaimModel) { self.model = model }

  static let inputNames = RankingView.inputNames + NamedGoods.inputNames

  static func inputs(_ view: RankingView, _ goods: NamedGoods) -> [Double] {
    view.inputs + goods.inputs(belief: view.belief)
  }

  func claims(_ view: RankingView, _ goods: NamedGoods) -> Claims {
    let claims = model.claims(Calibration.inputs(view, goods))
    return Claims { $0 == .code ? Calibration.reserved(claims[$0]) : claims[$0] }
  }

  /// The knowledge is tidier than the world, however distorted, and officials differ on one code in many: what lies above
  /// four in five is believed half. Judged, not fitted; what a tenant's own history shows has no such reserve.
  private static func reserved(_ logOdds: Double) -> Double {
    let sure = log(0.8 / 0.2)
    return logOdds <= sure ? logOdds : sure + (logOdds - sure) / 2
  }

  /// Two halves of the knowledge, names too, each read by a model built from the other. What is known of a product in
  /// the world is less than what the knowledge says of it.
  init(fitting knowledge: Knowledge) {
    self.init(ClaimModel(fitting: Calibration.trials(knowledge), width: Calibration.inputNames.count))
  }

  /// As many examples as settle a dozen weights; more would only take longer.
  private static let exampleCount = 8_000

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
        let company = company(of: label, knowledge.topics, half: half, &chance)
        for version in Distortion.versions(of: example, in: company, chance: &chance) {
          trials.append(reader.trial(version, truth: topic.code))
        }
      }
    }
    return trials
  }

  private static func company(
    of label: Int, _ topics: [Topic], half: Int, _ chance: inout Shuffle
  ) -> Distortion.Company {
    let near = (0..<3).map { _ in neighbour(of: label, topics, half: half, &chance) }
    let far = (0..<2).map { _ in
      neighbour(of: chance.next(below: topics.count), topics, half: half, &chance)
    }
    return Distortion.Company(near: near, far: far)
  }

  /// An example of a code nearby, most often of the same chapter; of the half that is asked, lest it be known by heart.
  private static func neighbour(of label: Int, _ topics: [Topic], half: Int, _ chance: inout Shuffle) -> String {
    let reach = 12
    let other = min(max(label - reach + chance.next(below: 2 * reach), 0), topics.count - 1)
    let examples = topics[other].examples
    let count = (examples.count + 1 - half) / 2
    return count == 0 ? topics[other].title : ExampleLine(examples[2 * chance.next(below: count) + half]).title
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
      let ranked = view.ranked.map { nomenclature.codes[$0] }
      let best = Array(ranked.prefix(ClassificationModel.candidateCount))
      let goods = NamedGoods(Explanation(reading: reading, scorer: scorer, ranked: best), words: scorer.words)
      return Trial(
        inputs: Calibration.inputs(view, goods), ranked: ranked, truth: truth, weight: version.weight)
    }
  }
}
