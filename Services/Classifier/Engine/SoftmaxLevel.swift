import Glibc

/// One step down the nomenclature (to a chapter, to a heading of it, to a code of that): among the children of one
/// parent, how likely is each, from the features that speak for them. Multinomial logistic regression, learnt in a
/// fixed order of texts by steps that shrink with what a feature has already moved.
struct SoftmaxLevel: Sendable {
  /// The children of each parent.
  let children: [Range<Int>]
  /// The parent of each label.
  let parent: [Int32]
  private(set) var bias: [Float]

  struct Settings: Sendable {
    var passes = 4
    var step: Float = 1
    /// A text whose error was below this has been learnt, and comes up again only so many passes later.
    var settled: Float = 0.08
    var rest = 3
    /// How far one text may move the odds: texts have a length of one, weights should stay small.
    var scale: Float = 1.7
    /// Weights below this are dropped: what they add is lost in the noise, what they cost is not.
    var least: Float = 0.09
  }

  init(children: [Range<Int>]) {
    self.children = children
    var parent = [Int32](repeating: 0, count: children.last?.upperBound ?? 0)
    for (index, range) in children.enumerated() { for label in range { parent[label] = Int32(index) } }
    self.parent = parent
    bias = [Float](repeating: 0, count: parent.count)
  }

  /// - Returns: how strongly each feature speaks for each label.
  mutating func learn(
    _ training: TrainingSet, labelOfText: [Int32], settings: Settings
  ) -> SparseWeights {
    var weights = SparseWeights(training, labelOfText: labelOfText)
    learn(training, labelOfText: labelOfText, settings: settings, into: &weights)
    return weights
  }

  private mutating func learn(
    _ training: TrainingSet, labelOfText: [Int32], settings: Settings, into weights: inout SparseWeights
  ) {
    let longest = (0..<training.count).reduce(0) { max($0, training.row($1).count) }
    var bias = bias
    let lessons = lessons(training, labelOfText)
    var random = Shuffle()
    weights.withEntries { rowStarts, entries in
      training.features.withUnsafeBufferPointer { features in
        bias.withUnsafeMutableBufferPointer { bias in
          let learner = Learner(
            features, longest: longest, rowStarts: rowStarts, entries: entries, bias: bias, scale: settings.scale)
          if children.count > 1 { learner.locate(lessons) }
          // Families have no weight in common: each is learnt by itself, and what it touches stays at hand.
          for (place, family) in families(lessons).enumerated() {
            if place > 0 { learner.forget(family) }
            SoftmaxLevel.learn(family, by: learner, settings: settings, chance: &random)
          }
        }
      }
      for place in entries.indices { entries[place].weight *= settings.scale }
    }
    self.bias = bias
  }

  private static func learn(
    _ family: ArraySlice<Learner.Lesson>, by learner: Learner, settings: Settings, chance: inout Shuffle
  ) {
    var lessons = family.map { (lesson: $0, restsUntil: 0) }
    for pass in 0..<settings.passes {
      let step = settings.step * (1 - 0.8 * Float(pass) / Float(settings.passes))
      lessons = chance.shuffled(lessons)
      for place in lessons.indices where lessons[place].restsUntil <= pass {
        let error = learner.take(lessons[place].lesson, step: step)
        if error < settings.settled { lessons[place].restsUntil = pass + settings.rest }
      }
    }
  }

  /// The texts that could have another label, in the order of their labels.
  private func lessons(_ training: TrainingSet, _ labelOfText: [Int32]) -> [Learner.Lesson] {
    labelOfText.indices.compactMap { text in
      let label = labelOfText[text]
      let siblings = children[Int(parent[Int(label)])]
      guard siblings.count > 1 else { return nil }
      return Learner.Lesson(
        text: Int32(text), start: training.starts[text], end: training.starts[text + 1], label: label,
        siblings: Int32(siblings.lowerBound)..<Int32(siblings.upperBound))
    }
  }

  /// The texts of each parent's children.
  private func families(_ lessons: [Learner.Lesson]) -> [ArraySlice<Learner.Lesson>] {
    var families: [ArraySlice<Learner.Lesson>] = []
    var start = 0
    for place in lessons.indices
    where place + 1 == lessons.count || lessons[place + 1].siblings != lessons[place].siblings {
      families.append(lessons[start...place])
      start = place + 1
    }
    return families
  }

  static func normalize(_ odds: UnsafeMutableBufferPointer<Float>, _ range: Range<Int>) {
    var largest = odds[range.lowerBound]
    for index in range where odds[index] > largest { largest = odds[index] }
    var sum: Float = 0
    for index in range {
      odds[index] = expf(odds[index] - largest)
      sum += odds[index]
    }
    for index in range { odds[index] /= sum }
  }

  /// The share of each label among all, where `among` gives the parents'. Below the least it is nothing.
  func shares(_ odds: (_ label: Int) -> Float, among parents: [Float], least: Float) -> [Float] {
    [Float](unsafeUninitializedCapacity: bias.count) { shares, count in
      count = bias.count
      shares.initialize(repeating: 0)
      for (parent, range) in children.enumerated() where parents[parent] > least {
        for label in range { shares[label] = odds(label) }
        SoftmaxLevel.normalize(shares, range)
        for label in range { shares[label] *= parents[parent] }
      }
    }
  }
}

/// A fixed sequence that looks like chance.
struct Shuffle {
  private var state: UInt64 = 88_172_645_463_325_252

  mutating func next(below bound: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state % UInt64(bound))
  }

  mutating func shuffled<Value>(_ values: consuming [Value]) -> [Value] {
    for index in stride(from: values.count - 1, to: 0, by: -1) { values.swapAt(index, next(below: index + 1)) }
    return values
  }
}
