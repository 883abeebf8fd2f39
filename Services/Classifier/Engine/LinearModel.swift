import Domain
import Glibc

/// Scores codes by how much more often each feature occurs with a code than at large, at three depths of the
/// nomenclature, so that a word learnt from one code of a heading also helps its siblings.
struct LinearModel: Sendable {
  /// The labels of one depth (codes, headings, chapters) and what each feature says about them.
  struct Level: Sendable {
    let labelOfTopic: [Int32]
    let labelCount: Int
    var weights: SparseWeights
    let importance: Float
  }

  struct Settings: Sendable {
    var smoothing: Float = 1
    var importance: [Float] = [1, 0.45, 0.5]
    var piecePenalty: Float = 0.45
    var pairStrength: Float = 0.6
    /// How many sightings halve the doubt about a word: one sighting proves little.
    var doubt: Float = 1
    var priors: [Topic.Frequency: Float] = [.daily: 0.35, .common: 0, .rare: -0.35]
  }

  let vocabulary: Vocabulary
  let levels: [Level]
  let priors: [Float]
  let settings: Settings

  init(topics: [Topic], training: TrainingSet, leavingOut isLeftOut: (Int) -> Bool, settings: Settings) {
    self.settings = settings
    let kept = training.texts.indices.filter { !isLeftOut($0) }
    let vocabulary = Vocabulary(kept.flatMap { training.features[training.texts[$0].features].map(\.hash) })
    self.vocabulary = vocabulary
    priors = topics.map { settings.priors[$0.frequency] ?? 0 }
    let depths: [(HSCode) -> String] = [{ $0.subheading }, { $0.heading }, { $0.chapter }]
    let counts = FeatureCounts(training: training, kept: kept, vocabulary: vocabulary)
    levels = zip(depths, settings.importance).map { name, importance in
      let names = topics.map { name($0.code) }
      let distinct = Array(Set(names)).sorted()
      let places = Dictionary(uniqueKeysWithValues: distinct.enumerated().map { ($1, Int32($0)) })
      let labelOfTopic = names.map { places[$0]! }
      return Level(
        labelOfTopic: labelOfTopic, labelCount: distinct.count,
        weights: counts.weights(
          labelOfTopic: labelOfTopic, labelCount: distinct.count, smoothing: settings.smoothing,
          doubt: settings.doubt),
        importance: importance)
    }
  }

  /// A feature the model knows, as strong as it counts.
  struct Known {
    var feature: Int32
    var strength: Float
    var token: Int32
    var isPiece: Bool
  }

  /// Keeps what the model knows; pieces count only for words it does not know.
  func known(_ features: some Collection<FeatureList.Feature>) -> [Known] {
    var known: [Known] = []
    known.reserveCapacity(features.count)
    var knownToken: Int32 = -1
    for feature in features {
      if feature.kind == .piece && feature.token == knownToken { continue }
      guard let index = vocabulary.index(of: feature.hash) else { continue }
      if feature.kind == .word { knownToken = feature.token }
      let strength = feature.weight * self.strength(feature.kind)
      known.append(
        Known(feature: index, strength: strength, token: feature.token, isPiece: feature.kind == .piece))
    }
    return LinearModel.strongestOnce(known)
  }

  /// A word said twice counts once, at its strongest place.
  private static func strongestOnce(_ known: [Known]) -> [Known] {
    let sorted = known.sorted {
      ($0.feature, -$0.strength, $0.token) < ($1.feature, -$1.strength, $1.token)
    }
    var last: Int32 = -1
    return sorted.filter { item in
      defer { last = item.feature }
      return item.feature != last
    }
  }

  private func strength(_ kind: FeatureList.Kind) -> Float {
    switch kind {
    case .word: 1
    case .pair: settings.pairStrength
    case .piece: settings.piecePenalty
    }
  }

  func scores(_ known: [Known]) -> [Float] {
    var scores = priors
    for level in levels {
      var partial = [Float](repeating: 0, count: level.labelCount)
      for item in known { level.weights.add(item.feature, strength: item.strength, to: &partial) }
      for topic in scores.indices { scores[topic] += level.importance * partial[Int(level.labelOfTopic[topic])] }
    }
    return scores
  }

  /// What one feature adds to one topic's score.
  func contribution(_ item: Known, topic: Int) -> Float {
    var sum: Float = 0
    for level in levels {
      sum += level.importance * level.weights.value(item.feature, label: level.labelOfTopic[topic])
    }
    return sum * item.strength
  }

  /// How much the feature tells apart codes at best.
  func specificity(_ feature: Int32) -> Float { levels[0].weights.largest(feature) }
}

/// How often each feature occurs with each topic, as a share of the topic's texts.
private struct FeatureCounts {
  private struct Entry {
    var feature: Int32
    var topic: Int32
    var count: Float
  }

  private let entries: [Entry]
  private let textWeight: [Float]
  private let featureCount: Int

  init(training: TrainingSet, kept: [Int], vocabulary: Vocabulary) {
    var pairs: [UInt64] = []
    var weights: [Float] = []
    var totals: [Float] = []
    var seen = [Int32](repeating: -1, count: vocabulary.count)
    for place in kept {
      let text = training.texts[place]
      while totals.count <= Int(text.label) { totals.append(0) }
      totals[Int(text.label)] += text.weight
      for feature in training.features[text.features] {
        guard let index = vocabulary.index(of: feature.hash), seen[Int(index)] != Int32(place) else { continue }
        seen[Int(index)] = Int32(place)
        pairs.append(UInt64(index) << 32 | UInt64(text.label))
        weights.append(text.weight)
      }
    }
    var entries: [Entry] = []
    for place in pairs.indices.sorted(by: { pairs[$0] < pairs[$1] }) {
      let entry = Entry(
        feature: Int32(pairs[place] >> 32), topic: Int32(truncatingIfNeeded: pairs[place]), count: weights[place])
      if let last = entries.last, last.feature == entry.feature, last.topic == entry.topic {
        entries[entries.count - 1].count += entry.count
      } else {
        entries.append(entry)
      }
    }
    self.entries = entries
    textWeight = totals
    featureCount = vocabulary.count
  }

  /// log(1 + share / (smoothing × mean share)): zero where the feature does not occur, small where it occurs everywhere.
  func weights(labelOfTopic: [Int32], labelCount: Int, smoothing: Float, doubt: Float) -> SparseWeights {
    var total = [Float](repeating: 0, count: labelCount)
    for topic in textWeight.indices { total[Int(labelOfTopic[topic])] += textWeight[topic] }
    var result = SparseWeights()
    var row: [(label: Int32, value: Float)] = []
    var sightings: [Float] = []
    var next = 0
    for feature in 0..<Int32(featureCount) {
      row.removeAll(keepingCapacity: true)
      sightings.removeAll(keepingCapacity: true)
      while next < entries.count, entries[next].feature == feature {
        let label = labelOfTopic[Int(entries[next].topic)]
        let share = entries[next].count / total[Int(label)]
        // Topics are sorted by code, so those of one heading or chapter follow each other.
        if let last = row.last, last.label == label {
          row[row.count - 1].value += share
          sightings[row.count - 1] += entries[next].count
        } else {
          row.append((label, share))
          sightings.append(entries[next].count)
        }
        next += 1
      }
      let mean = row.reduce(0) { $0 + $1.value } / Float(labelCount)
      for place in row.indices {
        let trust = sightings[place] / (sightings[place] + doubt)
        row[place].value = trust * log1pf(row[place].value / (smoothing * mean))
      }
      result.appendRow(row)
    }
    return result
  }
}
