import Domain

/// Labelled texts cut into features, as compressed rows: the label is the place of the topic. A feature that stands
/// twice in a text counts once, at its strongest place.
struct TrainingSet: Sendable {
  struct Text: Sendable {
    var label: Int32
    /// Only examples are held out to measure; a name held out would leave nothing to know it by.
    var isExample: Bool
  }

  struct Feature: Sendable {
    var index: Int32
    var value: Float
  }

  private(set) var vocabulary = Vocabulary(expecting: 1 << 16)
  private(set) var texts: [Text] = []
  private(set) var starts: [Int32] = [0]
  private(set) var features: [Feature] = []
  private var places: [Int32] = []
  private var consonants: [(consonants: UInt32, word: Int32)] = []
  /// How many texts have each feature.
  private var counts: [Int32] = []

  /// To be taken once all texts are appended: what only serves to append is given up.
  mutating func finish() -> Abbreviations {
    defer { (places, consonants, counts) = ([], [], []) }
    return Abbreviations(consonants) { counts[Int($0)] }
  }

  var count: Int { texts.count }
  func row(_ text: Int) -> Range<Int> { Int(starts[text])..<Int(starts[text + 1]) }

  mutating func append(_ list: FeatureList, label: Int, isExample: Bool, pair: Float) {
    let start = features.count
    var newWord: Int32?
    for feature in list.features {
      if feature.kind == .consonants {
        if let newWord { consonants.append((feature.hash, newWord)) }
        continue
      }
      let index = vocabulary.insert(feature.hash)
      let value = feature.weight * feature.kind.strength(pair: pair)
      if feature.kind == .word { newWord = Int(index) == places.count ? index : nil }
      if Int(index) == places.count {
        places.append(-1)
        counts.append(0)
      }
      let place = Int(places[Int(index)])
      if place >= start {
        features[place].value = max(features[place].value, value)
      } else {
        places[Int(index)] = Int32(features.count)
        counts[Int(index)] += 1
        features.append(Feature(index: index, value: value))
      }
    }
    starts.append(Int32(features.count))
    texts.append(Text(label: Int32(label), isExample: isExample))
  }

  /// Weighs each feature by how few labels have it, and brings each text to a length of one.
  mutating func normalize(_ rarity: [Float]) {
    for text in texts.indices {
      var length: Float = 0
      for place in row(text) {
        features[place].value *= rarity[Int(features[place].index)]
        length += features[place].value * features[place].value
      }
      guard length > 0 else { continue }
      let scale = 1 / length.squareRoot()
      for place in row(text) { features[place].value *= scale }
    }
  }
}

extension TrainingSet {
  /// The knowledge as labelled texts: titles, names, examples, and the look-alikes that other codes send here.
  init(_ knowledge: consuming Knowledge, pair: Float) {
    var sentHere: [HSCode: [String]] = [:]
    for guidance in knowledge.sections.map(\.guidance) + knowledge.topics.map(\.guidance) {
      for exclusion in guidance.exclusions where exclusion.codes.count == 1 {
        sentHere[exclusion.codes[0], default: []] += exclusion.phrases
      }
    }
    for (label, topic) in knowledge.topics.enumerated() {
      for text in [topic.title] + topic.names + (sentHere[topic.code] ?? []) {
        append(FeatureList(TokenStream(text), words: knowledge.words), label: label, isExample: false, pair: pair)
      }
      for example in topic.examples {
        append(
          FeatureList(TokenStream(ExampleLine(example)), words: knowledge.words), label: label, isExample: true,
          pair: pair)
      }
    }
  }
}
