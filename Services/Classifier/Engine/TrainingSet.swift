import Domain

/// The knowledge as labelled texts: examples, names and titles, each cut into features once.
struct TrainingSet {
  struct Text {
    var label: Int32
    var weight: Float
    /// Only examples are held out to measure; a name held out would leave nothing to know it by.
    var isExample: Bool
    var features: Range<Int>
    var tokenWeights: [Float]
  }

  private(set) var texts: [Text] = []
  private(set) var features: [FeatureList.Feature] = []

  init(_ knowledge: Knowledge) {
    for (label, topic) in knowledge.topics.enumerated() {
      append(topic.title, label: label, weight: 1, isExample: false, words: knowledge.words)
      for name in topic.names { append(name, label: label, weight: 2, isExample: false, words: knowledge.words) }
      for example in topic.examples {
        append(example, label: label, weight: 1, isExample: true, words: knowledge.words)
      }
    }
  }

  private mutating func append(_ text: String, label: Int, weight: Float, isExample: Bool, words: WordLists) {
    let list = FeatureList(TokenStream(text), words: words)
    let start = features.count
    features.append(contentsOf: list.features)
    texts.append(
      Text(
        label: Int32(label), weight: weight, isExample: isExample, features: start..<features.count,
        tokenWeights: list.tokenWeights))
  }
}
