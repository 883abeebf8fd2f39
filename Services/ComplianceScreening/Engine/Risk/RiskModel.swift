import Domain
import Glibc
import JSON

/// How often people overturned what looked like this, learned from their decisions by logistic regression over the parts of
/// the risk score. The same decisions in the same order give the same weights.
public struct RiskModel: Hashable, Sendable {
  public var version: Int64
  public var caseCount: Int
  /// In millionths per point.
  public var weights: [Risk.Part.Name: Int64]
  public var bias: Int64

  /// A decided case: what its score was made of, and whether the person decided otherwise.
  public struct Example: Sendable {
    public var parts: [Risk.Part]
    public var isOverturned: Bool

    public init(parts: [Risk.Part], isOverturned: Bool) {
      self.parts = parts
      self.isOverturned = isOverturned
    }
  }

  /// Fewer say too little: rules of thumb hold until then.
  public static let casesMin = 200
  public static let casesOfEachMin = 30

  public init(version: Int64, caseCount: Int, weights: [Risk.Part.Name: Int64], bias: Int64) {
    self.version = version
    self.caseCount = caseCount
    self.weights = weights
    self.bias = bias
  }

  /// nil where there are too few of either kind to learn from.
  public static func fit(_ examples: [Example], version: Int64) -> RiskModel? {
    let overturned = examples.count { $0.isOverturned }
    guard examples.count >= casesMin, overturned >= casesOfEachMin, examples.count - overturned >= casesOfEachMin else {
      return nil
    }
    let weights = LogisticFit(examples.map { ($0.features, $0.isOverturned) }).weights
    func millionths(_ weight: Double) -> Int64 { Int64((weight * 1_000_000).rounded()) }
    let named = zip(Risk.Part.Name.allCases, weights.dropFirst())
    return RiskModel(
      version: version, caseCount: examples.count,
      // The features count tens of points.
      weights: Dictionary(uniqueKeysWithValues: named.map { ($0, millionths($1 / 10)) }), bias: millionths(weights[0]))
  }

  /// The chance that a person decides otherwise, in whole percent.
  func percent(_ parts: [Risk.Part]) -> Int {
    let sum = parts.reduce(bias) { $0 + (weights[$1.name] ?? 0) * Int64($1.points) }
    return Int((100 / (1 + exp(-Double(sum) / 1_000_000))).rounded())
  }
}

extension RiskModel.Example {
  /// One for the bias, then each part in its order.
  fileprivate var features: [Double] {
    [1] + Risk.Part.Name.allCases.map { name in Double(parts.first { $0.name == name }?.points ?? 0) / 10 }
  }
}

/// Newton's method with a ridge, which keeps weights of parts that never vary at nothing.
private struct LogisticFit {
  private(set) var weights: [Double]
  private static let ridge = 0.5
  private static let steps = 20

  init(_ examples: [(features: [Double], label: Bool)]) {
    let size = examples.first?.features.count ?? 0
    weights = [Double](repeating: 0, count: size)
    for _ in 0..<LogisticFit.steps { step(examples, size) }
  }

  private mutating func step(_ examples: [(features: [Double], label: Bool)], _ size: Int) {
    var gradient = (0..<size).map { $0 == 0 ? 0 : -LogisticFit.ridge * weights[$0] }
    var curvature = (0..<size).map { row in (0..<size).map { $0 == row ? (row == 0 ? 1e-9 : LogisticFit.ridge) : 0 } }
    for (features, label) in examples {
      let chance = 1 / (1 + exp(-zip(weights, features).reduce(0) { $0 + $1.0 * $1.1 }))
      let (error, slope) = ((label ? 1 : 0) - chance, chance * (1 - chance))
      for row in 0..<size where features[row] != 0 {
        gradient[row] += error * features[row]
        for column in 0..<size { curvature[row][column] += slope * features[row] * features[column] }
      }
    }
    for (index, change) in LogisticFit.solve(curvature, gradient).enumerated() { weights[index] += change }
  }

  /// Gauss's elimination; the ridge keeps the matrix far from singular.
  private static func solve(_ matrix: [[Double]], _ right: [Double]) -> [Double] {
    var rows = zip(matrix, right).map { $0 + [$1] }
    let size = rows.count
    for pivot in 0..<size {
      let best = (pivot..<size).max { abs(rows[$0][pivot]) < abs(rows[$1][pivot]) } ?? pivot
      rows.swapAt(pivot, best)
      guard abs(rows[pivot][pivot]) > 1e-12 else { continue }
      for row in pivot + 1..<size {
        let factor = rows[row][pivot] / rows[pivot][pivot]
        for column in pivot...size { rows[row][column] -= factor * rows[pivot][column] }
      }
    }
    var solution = [Double](repeating: 0, count: size)
    for row in (0..<size).reversed() where abs(rows[row][row]) > 1e-12 {
      let known = (row + 1..<size).reduce(0.0) { $0 + rows[row][$1] * solution[$1] }
      solution[row] = (rows[row][size] - known) / rows[row][row]
    }
    return solution
  }
}

extension RiskModel: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    var weights: [Risk.Part.Name: Int64] = [:]
    for (key, value) in try json.required("weights").members() {
      if let name = Risk.Part.Name(rawValue: key) { weights[name] = try value.integer() }
    }
    self.init(
      version: try json.integer("version"), caseCount: Int(try json.integer("caseCount")), weights: weights,
      bias: try json.integer("bias"))
  }

  public var json: JSONValue {
    [
      "version": .integer(version), "caseCount": .integer(Int64(caseCount)), "bias": .integer(bias),
      "weights": .object(
        JSONObject(Risk.Part.Name.allCases.compactMap { name in weights[name].map { (name.rawValue, .integer($0)) } })),
    ]
  }
}
