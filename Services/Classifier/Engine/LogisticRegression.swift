import Glibc

/// Probability of yes from a few inputs, fitted by a fixed number of Newton steps: the same result for the same samples.
struct LogisticRegression: Sendable, Hashable {
  struct Sample {
    var inputs: [Double]
    var isRight: Bool
    var weight: Double
  }

  var weights: [Double]

  init(weights: [Double]) { self.weights = weights }

  init(fitting samples: [Sample], width: Int, steps: Int = 15) {
    weights = [Double](repeating: 0, count: width)
    for _ in 0..<steps {
      var gradient = weights.map { -$0 * 0.5 }
      var hessian = [[Double]](repeating: [Double](repeating: 0, count: width), count: width)
      for index in 0..<width { hessian[index][index] = 0.5 }
      for sample in samples {
        let p = probability(sample.inputs)
        let slope = max(p * (1 - p), 1e-6) * sample.weight
        let error = ((sample.isRight ? 1 : 0) - p) * sample.weight
        for row in 0..<width {
          gradient[row] += error * sample.inputs[row]
          for column in 0..<width { hessian[row][column] += slope * sample.inputs[row] * sample.inputs[column] }
        }
      }
      for (index, step) in LogisticRegression.solve(hessian, gradient).enumerated() { weights[index] += step }
    }
  }

  func logOdds(_ inputs: [Double]) -> Double {
    var sum = 0.0
    for index in weights.indices { sum += weights[index] * inputs[index] }
    return sum
  }

  func probability(_ inputs: [Double]) -> Double { sigmoid(logOdds(inputs)) }

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
