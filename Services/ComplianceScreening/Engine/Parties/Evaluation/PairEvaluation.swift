import Names

/// How well names are told apart, measured on pairs of which it is known whether they are one.
public struct PairEvaluation: Sendable {
  public struct Pair: Sendable {
    public var left: String
    public var right: String
    public var kind: NameKind
    public var isMatch: Bool
  }

  public struct Miss: Sendable {
    public var pair: Pair
    public var score: Double
  }

  public let threshold: Double
  public private(set) var truePositives = 0
  public private(set) var falsePositives = 0
  public private(set) var trueNegatives = 0
  public private(set) var falseNegatives = 0
  public private(set) var mistakes: [Miss] = []
  public let microsecondsPerPair: Double

  public init(_ pairs: [Pair], threshold: Double = NameMatch.threshold) {
    self.threshold = threshold
    Name.prepare()
    let start = ContinuousClock.now
    let scores = pairs.map {
      NameComparison.score(Name($0.left, kind: $0.kind), Name($0.right, kind: $0.kind))
    }
    microsecondsPerPair = (ContinuousClock.now - start) / .microseconds(1) / Double(max(1, pairs.count))
    for (pair, score) in zip(pairs, scores) { count(pair, score) }
  }

  private mutating func count(_ pair: Pair, _ score: Double) {
    switch (pair.isMatch, score >= threshold) {
    case (true, true): truePositives += 1
    case (true, false): falseNegatives += 1
    case (false, true): falsePositives += 1
    case (false, false): trueNegatives += 1
    }
    if pair.isMatch != (score >= threshold) { mistakes.append(Miss(pair: pair, score: score)) }
  }

  public var precision: Double { share(truePositives, of: truePositives + falsePositives) }
  public var recall: Double { share(truePositives, of: truePositives + falseNegatives) }
  public var f1: Double { share(2 * truePositives, of: 2 * truePositives + falsePositives + falseNegatives) }
  public var falsePositiveRate: Double { share(falsePositives, of: falsePositives + trueNegatives) }

  private func share(_ part: Int, of whole: Int) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }

  /// Columns name1, name2, is_match, and schema where it is known.
  public static func pairs(csv: [UInt8]) throws(PartyList.FormatError) -> [Pair] {
    let table = try AnswerTable(csv: csv, required: ["name1", "name2", "is_match"])
    var pairs: [Pair] = []
    for row in table.rows {
      pairs.append(
        Pair(
          left: table.text(row, "name1"), right: table.text(row, "name2"),
          kind: ListText.kind(table.text(row, "schema")), isMatch: try table.truth(row, "is_match")))
    }
    return pairs
  }
}
