import Domain

/// Labelled texts cut into features, as compressed rows: the label is the place of the topic. A feature that stands
/// twice in a text counts once, at its strongest place.
struct TrainingSet: Sendable {
  struct Feature: Sendable {
    var index: Int32
    var value: Float
  }

  private(set) var vocabulary = Vocabulary(expecting: 1 << 16)
  /// Of each text.
  private(set) var labels: [Int32] = []
  private(set) var starts: [Int32] = [0]
  private(set) var features: [Feature] = []
  private var places: [Int32] = []
  private var consonants: [(consonants: UInt32, word: Int32)] = []
  /// How many texts have each feature.
  private var counts: [Int32] = []

  /// To be taken once all texts are appended: what only serves to append is given up.
  mutating func finish() -> (abbreviations: Abbreviations, misspellings: Misspellings) {
    defer { (places, consonants, counts) = ([], [], []) }
    let hashes = vocabulary.hashes
    let misspellings = Misspellings(
      consonants.lazy.map { [counts] in (hashes[Int($0.word)], $0.word, counts[Int($0.word)]) })
    return (Abbreviations(consonants) { counts[Int($0)] }, misspellings)
  }

  var count: Int { labels.count }
  func row(_ text: Int) -> Range<Int> { Int(starts[text])..<Int(starts[text + 1]) }

  mutating func append(_ list: FeatureList, label: Int, pair: Float) {
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
    labels.append(Int32(label))
  }

  /// The texts of the other after its own, as if they had been appended one by one.
  mutating func append(_ other: TrainingSet) {
    let known = vocabulary.count
    let indices = other.vocabulary.hashes.map { vocabulary.insert($0) }
    let added = vocabulary.count - known
    places += [Int32](repeating: -1, count: added)
    counts += [Int32](repeating: 0, count: added)
    for (index, count) in zip(indices, other.counts) { counts[Int(index)] += count }
    for entry in other.consonants where indices[Int(entry.word)] >= known {
      consonants.append((entry.consonants, indices[Int(entry.word)]))
    }
    let offset = Int32(features.count)
    features.reserveCapacity(features.count + other.features.count)
    for feature in other.features { features.append(Feature(index: indices[Int(feature.index)], value: feature.value)) }
    for start in other.starts.dropFirst() { starts.append(offset + start) }
    labels += other.labels
  }

  /// Weighs each feature by how few labels have it, and brings each text to a length of one.
  mutating func normalize(_ rarity: [Float]) {
    for text in labels.indices {
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
    let (topics, words) = (knowledge.topics, knowledge.words)
    let sentHere = TrainingSet.lookAlikes(copy knowledge)
    @Sendable func read(_ places: Range<Int>) -> TrainingSet {
      var part = TrainingSet()
      for label in places {
        let topic = topics[label]
        for text in [topic.title] + topic.names + (sentHere[topic.code] ?? []) {
          part.append(FeatureList(TokenStream(text), words: words), label: label, pair: pair)
        }
        for example in topic.examples {
          part.append(FeatureList(TokenStream(ExampleLine(example)), words: words), label: label, pair: pair)
        }
      }
      return part
    }
    let middle = TrainingSet.middle(topics)
    let (second, first) = Parallel.both {
      read(middle..<topics.count)
    } with: {
      read(0..<middle)
    }
    self = first
    append(second)
  }

  /// The topic in the middle of all that is to be read.
  private static func middle(_ topics: [Topic]) -> Int {
    let sizes = topics.map { $0.exampleLines.utf8.count }
    var left = sizes.reduce(0, +) / 2
    return sizes.firstIndex { size in
      left -= size
      return left < 0
    } ?? 0
  }

  private static func lookAlikes(_ knowledge: Knowledge) -> [HSCode: [String]] {
    var sentHere: [HSCode: [String]] = [:]
    for guidance in knowledge.sections.map(\.guidance) + knowledge.topics.map(\.guidance) {
      for exclusion in guidance.exclusions where exclusion.codes.count == 1 {
        sentHere[exclusion.codes[0], default: []] += exclusion.phrases
      }
    }
    return sentHere
  }
}
