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
  let misspellings: Misspellings
  /// What each code is given before anything is read, for how often sellers ship it.
  private let priors: [Float]
  let settings: Settings

  struct Settings: Sendable {
    var softmax = SoftmaxLevel.Settings()
    /// What an example of the very same words adds to the log-odds.
    var nearness: Float = 2.5
    /// What a pair of neighbours counts beside its words.
    var pair: Float = 0.4
    /// What the words count that an unknown one may be short for.
    var abbreviation: Float = 0.8
    /// What the known words in an unknown one count.
    var joined: Float = 0.8
    /// What the word counts that an unknown one is but for a letter.
    var misspelt: Float = 0.8
    /// What a code is given that e-commerce lives on; half of it where it is often sold.
    var prior: Float = 1
    /// So many words halve that: who says little means the usual good.
    var priorWords: Float = 3
    var reading = FeatureList.Reading.broad
    /// How many of the nearest texts are named.
    var neighbours = 0
  }

  init(_ knowledge: consuming Knowledge, settings: Settings = Settings()) {
    let nomenclature = Nomenclature(knowledge.topics.map(\.code))
    let words = knowledge.words
    let priors = knowledge.topics.map { settings.prior * $0.frequency.share }
    self.init(
      nomenclature, TrainingSet(knowledge, pair: settings.pair), words: words, priors: priors, settings: settings)
  }

  init(
    _ nomenclature: Nomenclature, _ training: consuming TrainingSet, words: WordLists, priors: [Float]? = nil,
    settings: Settings
  ) {
    self.priors = priors ?? [Float](repeating: 0, count: nomenclature.codes.count)
    self.nomenclature = nomenclature
    self.words = words
    self.settings = settings
    (abbreviations, misspellings) = training.finish()
    let levels = LinearModel.Levels(nomenclature, training: &training, settings: settings.softmax)
    // The texts end here, before the next large thing is built.
    examples = ExampleIndex(consume training, labelCount: nomenclature.codes.count)
    linear = LinearModel(joining: levels, leastWeight: settings.softmax.least)
    joined = JoinedWords(vocabulary: linear.vocabulary, words: words)
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
    let nearest: [ExampleIndex.Neighbour]
  }

  /// A feature of the product that the model knows, with the word that it came from.
  struct Known {
    var feature: Int32
    var strength: Float
    var token: Int32
    var kind: FeatureList.Kind

    /// By feature, then the strongest first: the bits of positive numbers are in their order.
    fileprivate var order: UInt64 { UInt64(UInt32(bitPattern: feature)) << 32 | UInt64(~strength.bitPattern) }
  }

  func read(_ stream: TokenStream) -> Reading {
    let list = FeatureList(stream, words: words, reading: settings.reading)
    let said = known(list.features, of: stream)
    let titleEnd = Int32(stream.tokens.firstIndex { $0.field != .title } ?? stream.tokens.count)
    let whole = CodeScorer.ofLengthOne(said)
    let title = CodeScorer.ofLengthOne(said.filter { $0.token < titleEnd })
    let hasMore = title.count < whole.count && !title.isEmpty
    let views = hasMore ? views(title: title, whole: whole) : views(whole)
    return Reading(
      stream: stream, tokenWeights: list.tokenWeights, known: whole, views: views, scores: scores(views, of: whole))
  }

  private func views(_ only: [Known]) -> [View] {
    let (nearness, nearest) = examples.nearness(only, naming: settings.neighbours)
    return [View(linear: linear.scores(TwoReadings(only))[0], nearness: nearness, nearest: nearest)]
  }

  private func views(title: [Known], whole: [Known]) -> [View] {
    let linear = linear.scores(TwoReadings(title: title, whole: whole))
    let byTitle = examples.nearness(title, naming: settings.neighbours)
    // A title of some words finds the examples it is near to; attributes find those that share attributes.
    let byAll = title.count < 6 ? examples.nearness(whole, naming: settings.neighbours) : byTitle
    return [
      View(linear: linear[0], nearness: byTitle.labels, nearest: byTitle.nearest),
      View(linear: linear[1], nearness: byAll.labels, nearest: byAll.nearest),
    ]
  }

  /// The mean of what the views say, and the priors.
  private func scores(_ views: [View], of known: [Known]) -> [Float] {
    let scores = views.map { view in
      view.linear.merged(with: view.nearness) { [near = settings.nearness] in $0 + near * $1 }
    }
    let mean = scores.count == 1 ? scores[0] : scores[0].merged(with: scores[1]) { ($0 + $1) / 2 }
    let wordCount = known.reduce(0) { $0 + ($1.kind == .word ? 1 : 0) }
    let share = settings.priorWords / (settings.priorWords + Float(wordCount))
    return mean.merged(with: priors) { $0 + share * $1 }
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

  /// The hashes of the known words in one that nobody knows.
  private func joinedWords(_ stream: TokenStream, token: Int) -> [UInt32] {
    let token = stream.tokens[token]
    guard token.kind == .word || token.kind == .mixed else { return [] }
    return stream.bytes.withUnsafeBufferPointer { joined.words(in: $0, Int(token.start)..<Int(token.end)) }
  }

  /// The known word that an unknown one is but for a letter.
  private func meaning(_ stream: TokenStream, of feature: FeatureList.Feature) -> Known? {
    let token = stream.tokens[Int(feature.token)]
    guard token.kind == .word, token.field == .title else { return nil }
    let word = stream.bytes.withUnsafeBufferPointer {
      misspellings.meant(by: $0, Int(token.start)..<Int(token.end))
    }
    return word.map { word in
      Known(
        feature: word, strength: feature.weight * settings.misspelt * linear.rarity[Int(word)], token: feature.token,
        kind: .word)
    }
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

  /// What the model knows of the text, by feature; the same feature at its strongest place first.
  private func known(_ features: [FeatureList.Feature], of stream: TokenStream) -> [Known] {
    var known: [Known] = []
    known.reserveCapacity(features.count)
    /// The last token with a word that is known, alone or in its parts: it needs no guess at what it is short for.
    var knownToken: Int32 = -1
    for (place, feature) in features.enumerated() {
      if feature.kind == .consonants {
        let isLast = place + 1 == features.count || features[place + 1].kind != .consonants
        if isLast, feature.token != knownToken { known += meanings(feature) }
        continue
      }
      if let index = linear.vocabulary.index(of: feature.hash) {
        if feature.kind == .word { knownToken = feature.token }
        let strength = feature.weight * feature.kind.strength(pair: settings.pair) * linear.rarity[Int(index)]
        known.append(Known(feature: index, strength: strength, token: feature.token, kind: feature.kind))
      } else if feature.kind == .word {
        let words = joinedWords(stream, token: Int(feature.token))
        let meant = words.isEmpty ? meaning(stream, of: feature).map { [$0] } ?? [] : parts(of: feature, words)
        if meant.isEmpty { continue }
        known += meant
        knownToken = feature.token
      }
    }
    known.sort { ($0.order, $0.token) < ($1.order, $1.token) }
    return known
  }

  /// Each feature once, at its strongest place; together of a length of one.
  private static func ofLengthOne(_ known: [Known]) -> [Known] {
    var strongest: [Known] = []
    strongest.reserveCapacity(known.count)
    var length: Float = 0
    for item in known where item.feature != strongest.last?.feature {
      strongest.append(item)
      length += item.strength * item.strength
    }
    guard length > 0 else { return [] }
    let scale = 1 / length.squareRoot()
    for place in strongest.indices { strongest[place].strength *= scale }
    return strongest
  }
}
