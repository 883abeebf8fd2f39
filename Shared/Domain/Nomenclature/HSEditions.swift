/// The editions of the Harmonised System that are known, and what the codes of each are in the others.
public struct HSEditions: Sendable {
  public struct GapError: Error, Hashable, Sendable, CustomStringConvertible {
    public var from: HSEdition
    public var to: HSEdition
    public var description: String { "nothing says what became of the codes of \(from) in \(to)" }
  }

  /// The one that the product classifies by.
  public let current: HSEdition
  /// In order.
  public let all: [HSEdition]
  private let steps: [HSCorrelation]
  private let codes: [HSEdition: Set<HSCode>]

  /// nil where there is nothing to convert by.
  /// - Parameter codes: all codes of six digits that the product classifies by. They say which edition that is: the newest
  ///   of whose new codes they have most.
  public init?(_ correlations: [HSCorrelation], codes: Set<HSCode>) throws(GapError) {
    let steps = correlations.sorted { $0.from < $1.from }
    guard let first = steps.first else { return nil }
    for (step, next) in zip(steps, steps.dropFirst()) where step.to != next.from {
      throw GapError(from: step.to, to: next.from)
    }
    self.steps = steps
    all = [first.from] + steps.map(\.to)
    current = steps.last { $0.created.intersection(codes).count * 2 > $0.created.count }?.to ?? first.from
    self.codes = HSEditions.codes(of: steps, current, codes)
  }

  private static func codes(
    of steps: [HSCorrelation], _ current: HSEdition, _ codes: Set<HSCode>
  ) -> [HSEdition: Set<HSCode>] {
    var known = [current: codes]
    for step in steps.reversed() where step.to <= current {
      known[step.from] = known[step.to]?.subtracting(step.created).union(step.changes.keys)
    }
    for step in steps where step.from >= current {
      known[step.to] = known[step.from]?.subtracting(step.dropped).union(step.targets)
    }
    return known
  }

  public func has(_ code: HSCode, in edition: HSEdition) -> Bool {
    guard code.digits.utf8.count >= 6, let known = codes[edition] else { return false }
    return known.contains(code.sixDigits)
  }

  /// Its name in an edition where it was something else than in the next.
  public func title(_ code: HSCode, in edition: HSEdition) -> String? {
    steps.first { $0.from == edition }?.changes[code.sixDigits]?.title
  }

  /// By the first six digits. nil when it is no code of that edition.
  public func convert(_ code: HSCode, from: HSEdition, to: HSEdition) -> HSConversion? {
    guard has(code, in: from), all.contains(to) else { return nil }
    var conversion = HSConversion(code: code, from: from, to: to, codes: [code.sixDigits])
    if from <= to {
      for step in steps where step.from >= from && step.to <= to { conversion.advance(step) }
    } else {
      for step in steps.reversed() where step.from >= to && step.to <= from { conversion.goBack(step) }
    }
    return conversion
  }

  /// What a code that is none of the current edition is today, when it is one of another edition: the nearest that has it.
  public func reading(of code: HSCode) -> HSConversion? {
    guard !has(code, in: current) else { return nil }
    let older = all.filter { $0 < current }.reversed()
    let newer = all.filter { $0 > current }
    return (older + newer).first { has(code, in: $0) }.flatMap { convert(code, from: $0, to: current) }
  }
}

extension HSConversion {
  fileprivate mutating func advance(_ step: HSCorrelation) {
    var next: [HSCode] = []
    for code in codes {
      guard let change = step.changes[code] else {
        next.append(code)
        continue
      }
      next += change.outcomes.map(\.code)
      if let question = change.question {
        let answers = change.outcomes.map { Question.Answer($0.answer, $0.code) }
        questions.append(Question(about: code, text: question, answers: answers))
      } else {
        renameAnswers(code, to: change.outcomes[0].code)
      }
    }
    codes = next.withoutRepetition
  }

  private mutating func renameAnswers(_ code: HSCode, to newer: HSCode) {
    for question in questions.indices {
      for answer in questions[question].answers.indices where questions[question].answers[answer].code == code {
        questions[question].answers[answer].code = newer
      }
    }
  }

  fileprivate mutating func goBack(_ step: HSCorrelation) {
    hasOthers = hasOthers || codes.contains { step.drawOnOthers.contains($0) }
    codes = codes.flatMap { step.origins(of: $0) ?? [$0] }.withoutRepetition
  }
}

extension HSCode {
  fileprivate var sixDigits: HSCode { digits.utf8.count == 6 ? self : HSCode(subheading) ?? self }
}

extension [HSCode] {
  fileprivate var withoutRepetition: [HSCode] {
    var seen: Set<HSCode> = []
    return filter { seen.insert($0).inserted }
  }
}
