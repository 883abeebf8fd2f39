import Domain

/// Scores every code for a product: what the words say on the way down the nomenclature, and how near the examples of
/// the code are. A listing is read twice, by its title alone and with all it says, and the mean of both counts.
struct CodeScorer: Sendable {
  let nomenclature: Nomenclature
  let words: WordLists
  let linear: LinearModel
  let examples: ExampleIndex
  let abbreviations: Abbreviations
  let joined: JoinedWords
  let settings: Settings

  struct Settings: Sendable {
    var softmax = SoftmaxLevel.Settings()
    /// What an example of the very same words adds to the log-odds.
    var nearness: Float = 2.5
    /// What a pair of neighbours counts beside its words.
    var pair: Float = 0.4
    /// What the words count that an unknown one may be short for.
    var abbreviation: Float = 0.6
    /// What the known words in an unknown one count.
    var joined: Float = 0.8
    var reading = FeatureList.Reading.broad
    /// How many of the nearest texts are named.
    var neighbours = 0
  }

  init(_ knowledge: Knowledge, settings: Settings = Settings()) {
    self.init(
      Nomenclature(knowledge.topics.map(\.code)), TrainingSet(knowledge, pair: settings.pair), words: knowledge.words,
      settings: settings)
  }

  init(_ nomenclature: Nomenclature, _ training: TrainingSet, words: WordLists, settings: Settings) {
    var training = training
    self.nomenclature = nomenclature
    self.words = words
    self.settings = settings
    abbreviations = training.abbreviations
    linear = LinearModel(nomenclature, training: &training, settings: settings.softmax)
    examples = ExampleIndex(training, labelCount: nomenclature.codes.count)
    joined = JoinedWords(vocabulary: linear.vocabulary, noise: words.noise)
  }

  /// What was read of a product, and what each reading says.
  struct Reading {
    let stream: TokenStream
    let tokenWeights: [Float]
    let known: [Known]
    /// The title alone; then everything, where there is more.
    let views: [View]
    var scores: [Float]
    /// The texts nearest to all that was said.
    var nearest: [ExampleIndex.Neighbour] { views[views.count - 1].nearest }
  }

  struct View {
    let linear: [Float]
    let nearness: [Float]
    let scores: [Float]
    let nearest: [ExampleIndex.Neighbour]
  }

  /// A feature of the product that the model knows, with the word that it came from.
  struct Known {
    var feature: Int32
    var strength: Float
    var token: Int32
    var kind: FeatureList.Kind
  }

  func read(_ stream: TokenStream) -> Reading {
    let list = FeatureList(stream, words: words, reading: settings.reading)
    let joined = joinedWords(list.features, of: stream)
    let all = known(list.features[...], joined)
    let title = known(list.features.filter { stream.tokens[Int($0.token)].field == .title }[...], joined)
    let hasMore = title.count < all.count && !title.isEmpty
    var views = [view(hasMore ? title : all)]
    // A title of some words finds the examples it is near to; attributes find those that share attributes.
    if hasMore { views.append(view(all, nearness: title.count < 6 ? nil : views[0])) }
    var scores = views[0].scores
    if views.count > 1 { for code in scores.indices { scores[code] = (scores[code] + views[1].scores[code]) / 2 } }
    return Reading(
      stream: stream, tokenWeights: list.tokenWeights, known: all, views: views, scores: scores)
  }

  private func view(_ known: [Known], nearness given: View? = nil) -> View {
    var vector = FeatureVector()
    for item in known { vector.append(item.feature, item.strength) }
    let linear = linear.scores(vector)
    let (nearness, nearest) =
      given.map { ($0.nearness, $0.nearest) } ?? examples.nearness(vector, naming: settings.neighbours)
    var scores = linear
    for code in scores.indices { scores[code] += settings.nearness * nearness[code] }
    return View(linear: linear, nearness: nearness, scores: scores, nearest: nearest)
  }

  /// What an unknown word may be short for.
  private func meanings(_ feature: FeatureList.Feature) -> [Known] {
    abbreviations.meanings(feature.hash).map { meaning in
      Known(
        feature: meaning.word,
        strength: feature.weight * settings.abbreviation * meaning.share * linear.rarity[Int(meaning.word)],
        token: feature.token, kind: .consonants)
    }
  }

  /// By token: the hashes of the known words in one that nobody knows.
  private func joinedWords(_ features: [FeatureList.Feature], of stream: TokenStream) -> [Int32: [UInt32]] {
    var found: [Int32: [UInt32]] = [:]
    for feature in features where feature.kind == .word && linear.vocabulary.index(of: feature.hash) == nil {
      let token = stream.tokens[Int(feature.token)]
      guard token.kind == .word || token.kind == .mixed else { continue }
      found[feature.token] = stream.bytes.withUnsafeBufferPointer {
        joined.words(in: $0, Int(token.start)..<Int(token.end))
      }
    }
    return found
  }

  /// These words and their pairs, in the place of the one that is not known.
  private func parts(of feature: FeatureList.Feature, _ words: [UInt32]) -> [Known] {
    let pairs = zip(words, words.dropFirst()).map { (FeatureHash.pair($0, $1), FeatureList.Kind.pair) }
    return (words.map { ($0, .word) } + pairs).compactMap { hash, kind in
      linear.vocabulary.index(of: hash).map { index in
        let strength = feature.weight * settings.joined * kind.strength(pair: settings.pair)
        return Known(
          feature: index, strength: strength * linear.rarity[Int(index)], token: feature.token, kind: kind)
      }
    }
  }

  /// Each feature once, at its strongest place; together of a length of one.
  private func known(_ features: ArraySlice<FeatureList.Feature>, _ joined: [Int32: [UInt32]]) -> [Known] {
    var known: [Known] = []
    known.reserveCapacity(features.count)
    var length: Float = 0
    var knownWord: Int32 = -1
    for (place, feature) in features.enumerated() {
      if feature.kind == .consonants {
        let isLast = place + 1 == features.count || features[features.startIndex + place + 1].kind != .consonants
        if isLast, feature.token != knownWord { known += meanings(feature) }
        continue
      }
      guard let index = linear.vocabulary.index(of: feature.hash) else {
        guard feature.kind == .word, let words = joined[feature.token], !words.isEmpty else { continue }
        known += parts(of: feature, words)
        knownWord = feature.token
        continue
      }
      if feature.kind == .word { knownWord = feature.token }
      let strength = feature.weight * feature.kind.strength(pair: settings.pair) * linear.rarity[Int(index)]
      known.append(Known(feature: index, strength: strength, token: feature.token, kind: feature.kind))
    }
    known.sort { ($0.feature, -$0.strength, $0.token) < ($1.feature, -$1.strength, $1.token) }
    var last: Int32 = -1
    known.removeAll { item in
      defer { last = item.feature }
      return item.feature == last
    }
    for item in known { length += item.strength * item.strength }
    guard length > 0 else { return [] }
    let scale = 1 / length.squareRoot()
    for place in known.indices { known[place].strength *= scale }
    return known
  }
}
