import Domain
import Glibc

/// Turns what a ranking looks like into the probability that its first code is right. Fitted on the knowledge's own
/// examples, each scored by a model that did not see it.
struct Calibration: Sendable {
  let weights: [Double]

  init(knowledge: Knowledge, training: TrainingSet) {
    var samples: [Sample] = []
    let folds = 3
    for fold in 0..<folds {
      let isLeftOut: (Int) -> Bool = { training.texts[$0].isExample && $0 % folds == fold }
      let model = LinearModel(topics: knowledge.topics, training: training, leavingOut: isLeftOut, settings: .init())
      for place in training.texts.indices where isLeftOut(place) {
        samples += Calibration.samples(training, place: place, topics: knowledge.topics, model: model)
      }
    }
    weights = Calibration.fit(samples)
  }

  /// The world is less tidy than the knowledge: it mislabels, misspells, and sells what nobody wrote an example for.
  /// The log-odds fitted on our own examples are lowered by this much, and more for each word not understood.
  private static let scepticism = (always: 0.75, unknown: 1.0)

  func probability(_ view: RankingView, remark: Double = 0) -> Double {
    let doubt = Calibration.scepticism.always + Calibration.scepticism.unknown * (1 - view.knownShare)
    return sigmoid(dot(weights, view.inputs) - doubt + remark)
  }

  struct Sample {
    var inputs: [Double]
    var isRight: Bool
    var weight: Double
  }

  /// Sellers write less well than the knowledge does, and sell what it does not hold. So each example is also asked as
  /// if its heading were unknown, cut to half, and as one word alone.
  private static func samples(_ training: TrainingSet, place: Int, topics: [Topic], model: LinearModel) -> [Sample] {
    let text = training.texts[place]
    let tokens = text.tokenWeights.indices.filter { text.tokenWeights[$0] > 0 }
    var samples = [sample(training, text, keeping: tokens, model: model, weight: 1, masking: [])]
    let heading = topics[Int(text.label)].code.heading
    let siblings = topics.indices.filter { topics[$0].code.heading == heading }
    samples.append(sample(training, text, keeping: tokens, model: model, weight: 0.4, masking: siblings))
    guard tokens.count > 1 else { return samples }
    let half = place % 2 == 0 ? tokens.prefix((tokens.count + 1) / 2) : tokens.suffix((tokens.count + 1) / 2)
    samples.append(sample(training, text, keeping: Array(half), model: model, weight: 0.7, masking: []))
    samples.append(crowded(training, place: place, model: model))
    let alone = [tokens[place / 2 % tokens.count]]
    samples.append(sample(training, text, keeping: alone, model: model, weight: 0.7, masking: []))
    return samples
  }

  /// The example among the chatter of another one, as category paths and attributes surround a title.
  private static func crowded(_ training: TrainingSet, place: Int, model: LinearModel) -> Sample {
    let text = training.texts[place]
    let other = training.texts[(place &* 7919 &+ 13) % training.texts.count]
    let shift = Int32(text.tokenWeights.count)
    let chatter = training.features[other.features].map {
      FeatureList.Feature(hash: $0.hash, weight: $0.weight * 0.5, token: $0.token + shift, kind: $0.kind)
    }
    let known = model.known(Array(training.features[text.features]) + chatter)
    let view = RankingView(
      known: known, tokenWeights: text.tokenWeights + other.tokenWeights.map { $0 * 0.5 }, scores: model.scores(known),
      model: model)
    return Sample(inputs: view.inputs, isRight: view.first == Int(text.label), weight: 0.7)
  }

  private static func sample(
    _ training: TrainingSet, _ text: TrainingSet.Text, keeping tokens: [Int], model: LinearModel, weight: Double,
    masking masked: [Int]
  ) -> Sample {
    var tokenWeights = [Float](repeating: 0, count: text.tokenWeights.count)
    for token in tokens { tokenWeights[token] = text.tokenWeights[token] }
    let known = model.known(training.features[text.features].filter { tokenWeights[Int($0.token)] > 0 })
    var scores = model.scores(known)
    for topic in masked { scores[topic] = -1000 }
    let view = RankingView(known: known, tokenWeights: tokenWeights, scores: scores, model: model)
    return Sample(
      inputs: view.inputs, isRight: masked.isEmpty && view.first == Int(text.label), weight: weight)
  }

  /// Logistic regression by a fixed number of Newton steps: the same result for the same samples.
  private static func fit(_ samples: [Sample]) -> [Double] {
    let width = RankingView.inputCount
    var weights = [Double](repeating: 0, count: width)
    for _ in 0..<12 {
      var gradient = weights.map { -$0 * 0.5 }
      var hessian = [[Double]](repeating: [Double](repeating: 0, count: width), count: width)
      for index in 0..<width { hessian[index][index] = 0.5 }
      for sample in samples {
        let p = sigmoid(dot(weights, sample.inputs))
        let slope = max(p * (1 - p), 1e-6) * sample.weight
        let error = ((sample.isRight ? 1 : 0) - p) * sample.weight
        for row in 0..<width {
          gradient[row] += error * sample.inputs[row]
          for column in 0..<width { hessian[row][column] += slope * sample.inputs[row] * sample.inputs[column] }
        }
      }
      for (index, step) in solve(hessian, gradient).enumerated() { weights[index] += step }
    }
    return weights
  }

  private static func solve(_ matrix: [[Double]], _ right: [Double]) -> [Double] {
    var rows = zip(matrix, right).map { $0 + [$1] }
    let width = right.count
    for pivot in 0..<width {
      let best = (pivot..<width).max { abs(rows[$0][pivot]) < abs(rows[$1][pivot]) }!
      rows.swapAt(pivot, best)
      for row in 0..<width where row != pivot {
        let factor = rows[row][pivot] / rows[pivot][pivot]
        for column in pivot...width { rows[row][column] -= factor * rows[pivot][column] }
      }
    }
    return (0..<width).map { rows[$0][width] / rows[$0][$0] }
  }
}

func sigmoid(_ value: Double) -> Double { 1 / (1 + exp(-value)) }

func dot(_ left: [Double], _ right: [Double]) -> Double {
  var sum = 0.0
  for index in left.indices { sum += left[index] * right[index] }
  return sum
}
