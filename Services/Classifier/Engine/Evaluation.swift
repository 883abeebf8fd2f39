import Domain

/// How often the model is right on labelled listings, and whether its confidence keeps its promise.
public struct Evaluation: Sendable {
  /// A listing and its true code.
  public struct Item: Sendable {
    public var product: Product
    public var code: HSCode

    public init(product: Product, code: HSCode) {
      self.product = product
      self.code = code
    }
  }

  public struct Accuracy: Sendable, Hashable {
    public var top1: Double
    public var top3: Double
  }

  public private(set) var count = 0
  /// Items whose code is in the knowledge at all: no other can be right.
  public private(set) var coveredCount = 0
  public private(set) var vagueCount = 0
  /// By the digits compared: 2, 4 and 6.
  public private(set) var accuracy: [Int: Accuracy] = [:]
  /// Mean gap between confidence and share right, over ten bins by confidence.
  public private(set) var expectedCalibrationError = 0.0
  public private(set) var itemsPerSecond = 0.0
  private var outcomes: [(confidence: Double, isRight: Bool)] = []

  public init(model: ClassificationModel, items: [Item], market: Market) {
    count = items.count
    coveredCount = items.count { model.knows($0.code) }
    let clock = ContinuousClock()
    var answers: [Classification] = []
    let elapsed = clock.measure { answers = items.map { model.classify($0.product, market: market, precedents: []) } }
    let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
    itemsPerSecond = seconds > 0 ? Double(count) / seconds : 0
    vagueCount = answers.count { $0.isTooVague }
    for digits in [2, 4, 6] { accuracy[digits] = Evaluation.accuracy(items, answers, digits: digits) }
    outcomes = zip(items, answers).map { item, answer in
      (answer.best?.confidence.probability ?? 0, answer.best?.code.subheading == item.code.subheading)
    }
    expectedCalibrationError = calibrationError()
  }

  /// What would clear at this confidence: the share of all items, and the share of those that is right.
  public func clearing(at threshold: Double) -> (count: Int, coverage: Double, precision: Double) {
    let cleared = outcomes.filter { $0.confidence >= threshold }
    let right = cleared.count { $0.isRight }
    return (
      cleared.count, count == 0 ? 0 : Double(cleared.count) / Double(count),
      cleared.isEmpty ? 1 : Double(right) / Double(cleared.count)
    )
  }

  private static func accuracy(_ items: [Item], _ answers: [Classification], digits: Int) -> Accuracy {
    var first = 0
    var three = 0
    for (item, answer) in zip(items, answers) {
      let truth = item.code.digits.prefix(digits)
      if answer.best?.code.digits.prefix(digits) == truth { first += 1 }
      if answer.candidates.prefix(3).contains(where: { $0.code.digits.prefix(digits) == truth }) { three += 1 }
    }
    let total = Double(max(1, items.count))
    return Accuracy(top1: Double(first) / total, top3: Double(three) / total)
  }

  private func calibrationError() -> Double {
    var error = 0.0
    for bin in 0..<10 {
      let inside = outcomes.filter { min(9, Int($0.confidence * 10)) == bin }
      let confidence = inside.reduce(0) { $0 + $1.confidence }
      error += abs(confidence - Double(inside.count { $0.isRight }))
    }
    return error / Double(max(1, count))
  }
}

extension Evaluation {
  /// The figures as a table a person reads, one fact to a line.
  public var report: String {
    let nine = clearing(at: 0.9)
    let five = clearing(at: 0.5)
    var lines = ["items \(count), of them in the knowledge \(coveredCount), too vague \(vagueCount)"]
    for digits in [2, 4, 6] {
      let value = accuracy[digits] ?? Accuracy(top1: 0, top3: 0)
      lines.append("\(digits) digits: first \(percent(value.top1)), among three \(percent(value.top3))")
    }
    lines.append("expected calibration error \(percent(expectedCalibrationError))")
    lines.append("at 0.9: \(nine.count) shown (\(percent(nine.coverage))), right \(percent(nine.precision))")
    lines.append("at 0.5: \(five.count) shown (\(percent(five.coverage))), right \(percent(five.precision))")
    lines.append("\(Int(itemsPerSecond)) items a second")
    return lines.joined(separator: "\n")
  }

  private func percent(_ share: Double) -> String {
    let tenths = Int((share * 1000).rounded())
    return "\(tenths / 10).\(tenths % 10) %"
  }
}
