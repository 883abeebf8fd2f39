import Domain

/// Turns what a ranking looks like into the probability that its first code is right. Fitted on the knowledge's own
/// texts, each read by a model that did not see it.
struct Calibration: Sendable {
  let regression: LogisticRegression

  init(_ regression: LogisticRegression) { self.regression = regression }

  func logOdds(_ view: RankingView) -> Double { regression.logOdds(view.inputs) }

  /// Two halves of the knowledge, names too, each read by a model built from the other. What is known of a product in
  /// the world is less than what the knowledge says of it.
  init(fitting knowledge: Knowledge) { self.init(Calibration.fit(Calibration.samples(knowledge))) }

  static func fit(_ samples: [LogisticRegression.Sample]) -> LogisticRegression {
    LogisticRegression(fitting: samples, width: RankingView.inputNames.count)
  }

  static func samples(_ knowledge: Knowledge) -> [LogisticRegression.Sample] {
    var samples: [LogisticRegression.Sample] = []
    for half in 0..<2 {
      let scorer = CodeScorer(knowledge.keeping { $0 % 2 != half })
      var chance = Shuffle()
      for (label, topic) in knowledge.topics.enumerated() {
        for (place, example) in topic.examples.enumerated() where place % 2 == half {
          let near = neighbour(of: label, knowledge.topics, &chance)
          let asked = Distortion.versions(of: example, neighbour: near, chance: &chance)
          for version in asked { samples.append(sample(version, label: label, scorer: scorer)) }
        }
      }
    }
    return samples
  }

  /// An example of a code nearby, most often of the same chapter.
  private static func neighbour(of label: Int, _ topics: [Topic], _ chance: inout Shuffle) -> String {
    let reach = 12
    let other = min(max(label - reach + chance.next(below: 2 * reach), 0), topics.count - 1)
    let examples = topics[other].examples
    return examples.isEmpty ? topics[other].title : examples[chance.next(below: examples.count)]
  }

  private static func sample(_ version: Distortion, label: Int, scorer: CodeScorer) -> LogisticRegression.Sample {
    let reading = scorer.read(version.stream)
    var scores = reading.scores
    if version.isForeign {
      let nomenclature = scorer.nomenclature
      for code in nomenclature.codesOfHeading[Int(nomenclature.headingOfCode[label])] { scores[code] = -1000 }
    }
    let view = RankingView(reading, scores: scores, in: scorer.nomenclature)
    return LogisticRegression.Sample(
      inputs: view.inputs, isRight: !version.isForeign && view.ranked[0] == label, weight: version.weight)
  }
}
