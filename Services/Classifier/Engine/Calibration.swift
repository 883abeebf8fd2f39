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

  func probability(_ view: RankingView) -> Double { sigmoid(dot(weights, view.inputs)) }

  struct Sample {
    var inputs: [Double]
    var isRight: Bool
    var weight: Double
  }

  /// One sample as it is, and one as if the knowledge lacked the true heading: what is outside must not look certain.
  private static func samples(_ training: TrainingSet, place: Int, topics: [Topic], model: LinearModel) -> [Sample] {
    let text = training.texts[place]
    let known = model.known(training.features[text.features])
    var scores = model.scores(known)
    let view = RankingView(known: known, tokenWeights: text.tokenWeights, scores: scores, model: model)
    var samples = [Sample(inputs: view.inputs, isRight: view.first == Int(text.label), weight: 1)]
    let heading = topics[Int(text.label)].code.heading
    for topic in topics.indices where topics[topic].code.heading == heading { scores[topic] = -1000 }
    let masked = RankingView(known: known, tokenWeights: text.tokenWeights, scores: scores, model: model)
    samples.append(Sample(inputs: masked.inputs, isRight: false, weight: 0.35))
    return samples
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
