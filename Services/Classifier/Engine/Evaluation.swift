import Domain
import Glibc

/// How often the model is right on labelled listings, and whether its confidence keeps its promise. The labels are read
/// to score alone.
public struct Evaluation: Sendable {
  public struct Accuracy: Sendable, Hashable {
    public var top1: Double
    public var top3: Double
  }

  /// What would go out without a person: the share of all items, and the share of those that is right.
  public struct Clearing: Sendable, Hashable {
    public var count: Int
    public var coverage: Double
    public var precision: Double
  }

  public private(set) var count = 0
  /// Items whose code the model can give at all: no other can be right.
  public private(set) var coveredCount = 0
  public private(set) var vagueCount = 0
  /// By the digits compared: 2, 4 and 6.
  public private(set) var accuracy: [Int: Accuracy] = [:]
  /// Mean gap between confidence and share right, over ten bins by confidence; by the digits promised.
  public private(set) var calibrationErrors: [Int: Double] = [:]
  /// By the processor time of one thread: what one core does, whatever else the machine has to do.
  public private(set) var itemsPerSecond = 0.0
  private var outcomes: [Outcome] = []

  private struct Outcome: Sendable {
    var confidence: Double
    var isRight: Bool
    var certainty: Certainty?
    /// Whether the truth was in the set named with nineteen chances in twenty; nil where none was named.
    var isInSet: Bool?
    var sharedDigits: Int
  }

  public init(
    model: ClassificationModel, items: [LabelledListing], market: Market, precedents: PrecedentIndex? = nil
  ) {
    count = items.count
    coveredCount = items.count { model.knows($0.code) }
    let start = Evaluation.processorSeconds()
    let answers = items.map { model.classify($0.product, market: market, precedents: precedents) }
    let seconds = Evaluation.processorSeconds() - start
    itemsPerSecond = seconds > 0 ? Double(count) / seconds : 0
    vagueCount = answers.count { $0.isTooVague }
    for digits in [2, 4, 6] { accuracy[digits] = Evaluation.accuracy(items, answers, digits: digits) }
    outcomes = zip(items, answers).map { item, answer in
      Outcome(
        confidence: answer.best?.confidence.probability ?? 0,
        isRight: answer.best?.code.subheading == item.code.subheading, certainty: answer.certainty,
        isInSet: answer.likelySet.map { $0.contains { $0.code.subheading == item.code.subheading } },
        sharedDigits: [6, 4, 2].first { answer.best?.code.digits.prefix($0) == item.code.digits.prefix($0) } ?? 0)
    }
    calibrationErrors = [
      2: calibrationError { ($0.certainty?.chapter.probability ?? 0, $0.sharedDigits >= 2) },
      4: calibrationError { ($0.certainty?.heading.probability ?? 0, $0.sharedDigits >= 4) },
      6: calibrationError { ($0.confidence, $0.isRight) },
    ]
  }

  private static func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  public var vagueShare: Double { Double(vagueCount) / Double(max(1, count)) }

  /// What would clear at this confidence.
  public func clearing(at threshold: Double) -> Clearing {
    clearing { $0.confidence >= threshold }
  }

  /// What would clear where the error is proven to stay within the budget.
  public func clearing(errorBudget: Double) -> Clearing {
    clearing { outcome in (outcome.certainty?.errorBound?.probability).map { $0 <= errorBudget } ?? false }
  }

  private func clearing(_ clears: (Outcome) -> Bool) -> Clearing {
    clearing(outcomes.filter(clears).map(\.isRight))
  }

  /// The answers that name a set with nineteen chances in twenty, and how many of the sets hold the truth.
  public var likelySets: Clearing { clearing(outcomes.compactMap(\.isInSet)) }

  private func clearing(_ right: [Bool]) -> Clearing {
    Clearing(
      count: right.count, coverage: Double(right.count) / Double(max(1, count)),
      precision: right.isEmpty ? 1 : Double(right.count { $0 }) / Double(right.count))
  }

  private static func accuracy(_ items: [LabelledListing], _ answers: [Classification], digits: Int) -> Accuracy {
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

  private func calibrationError(_ promise: (Outcome) -> (confidence: Double, isKept: Bool)) -> Double {
    let promises = outcomes.map(promise)
    var error = 0.0
    for bin in 0..<10 {
      let inside = promises.filter { min(9, Int($0.confidence * 10)) == bin }
      let confidence = inside.reduce(0) { $0 + $1.confidence }
      error += abs(confidence - Double(inside.count { $0.isKept }))
    }
    return error / Double(max(1, count))
  }
}

extension Evaluation {
  /// The figures as a table a person reads, one fact to a line.
  public var report: String {
    var lines = [
      "rows \(count), their code known for \(coveredCount), too vague \(vagueCount) (\(percent(vagueShare)))"
    ]
    for digits in [2, 4, 6] {
      let value = accuracy[digits] ?? Accuracy(top1: 0, top3: 0)
      lines.append(
        "\(digits) digits: first \(percent(value.top1)), among three \(percent(value.top3)), "
          + "expected calibration error \(percent(calibrationErrors[digits] ?? 0))")
    }
    lines.append(line("at confidence 0.9", clearing(at: 0.9)))
    lines.append(line("at a budget of 2 % error", clearing(errorBudget: 0.02)))
    lines.append(line("at a budget of 5 % error", clearing(errorBudget: 0.05)))
    lines.append(line("at confidence 0.5", clearing(at: 0.5)))
    lines.append(line("at confidence 0.8", clearing(at: 0.8)))
    let sets = likelySets
    lines.append("sets named with 95 %: \(sets.count) (\(percent(sets.coverage)))\(right(sets))")
    lines.append("\(Int(itemsPerSecond)) items a second")
    return lines.joined(separator: "\n")
  }

  private func line(_ name: String, _ clearing: Clearing) -> String {
    "\(name): \(clearing.count) accepted (\(percent(clearing.coverage)))\(right(clearing))"
  }

  /// Of nothing no share is right.
  private func right(_ clearing: Clearing) -> String {
    clearing.count == 0 ? "" : ", right \(percent(clearing.precision))"
  }

  private func percent(_ share: Double) -> String {
    let tenths = Int((share * 1000).rounded())
    return "\(tenths / 10).\(tenths % 10) %"
  }
}
