import Glibc

/// One step down the nomenclature (to a chapter, to a heading of it, to a code of that): among the children of one
/// parent, how likely is each, from the features that speak for them. Multinomial logistic regression, learnt in a
/// fixed order of texts by steps that shrink with what a feature has already moved.
struct SoftmaxLevel: Sendable {
  /// The children of each parent.
  let children: [Range<Int>]
  /// The parent of each label.
  let parent: [Int32]
  private(set) var weights: SparseWeights
  private(set) var bias: [Float]

  struct Settings: Sendable {
    var passes = 6
    var step: Float = 1
    /// A text whose error was below this has been learnt, and comes up again only so many passes later.
    var settled: Float = 0.03
    var rest = 3
    /// How far one text may move the odds: texts have a length of one, weights should stay small.
    var scale: Float = 3
    /// Weights below this are dropped: what they add is lost in the noise, what they cost is not.
    var least: Float = 0.06
  }

  init(
    _ training: TrainingSet, featureCount: Int, children: [Range<Int>], labelOfText: [Int32], settings: Settings
  ) {
    self.children = children
    var parent = [Int32](repeating: 0, count: children.last?.upperBound ?? 0)
    for (index, range) in children.enumerated() { for label in range { parent[label] = Int32(index) } }
    self.parent = parent
    bias = [Float](repeating: 0, count: parent.count)
    weights = SparseWeights(training, featureCount: featureCount) { labelOfText[$0] }
    learn(training, featureCount: featureCount, labelOfText: labelOfText, settings: settings)
    weights.prune(below: settings.least)
  }

  private mutating func learn(
    _ training: TrainingSet, featureCount: Int, labelOfText: [Int32], settings: Settings
  ) {
    let rows = weights
    let texts = (0..<training.count).filter { children[Int(parent[Int(labelOfText[$0])])].count > 1 }
    var errors = bias
    weights.values.withUnsafeMutableBufferPointer { values in
      withUnsafeMutableBufferPointers(&bias, &errors) { bias, errors in
        var learner = Learner(
          rows: rows, values: values, bias: bias, odds: errors, training: training, settings: settings,
          featureCount: featureCount)
        if children.count > 1 { learner.locate { children[Int(parent[Int(labelOfText[$0])])] } }
        var restsUntil = [Int](repeating: 0, count: training.count)
        for pass in 0..<settings.passes {
          learner.begin(pass)
          for text in learner.order(texts) where restsUntil[text] <= pass {
            let label = Int(labelOfText[text])
            let error = learner.take(text, label: label, among: children[Int(parent[label])])
            if error < settings.settled { restsUntil[text] = pass + settings.rest }
          }
        }
      }
      for entry in values.indices { values[entry] *= settings.scale }
    }
  }

  private struct Learner {
    let rows: SparseWeights
    let values: UnsafeMutableBufferPointer<Float>
    let bias: UnsafeMutableBufferPointer<Float>
    let training: TrainingSet
    let settings: Settings
    /// How much each feature has moved so far.
    private var moved: [Float]
    /// Scratch: the probability of each sibling, then how far it is from the truth.
    private let odds: UnsafeMutableBufferPointer<Float>
    private var spans: [Span] = []
    private var starts: [Int32] = []
    private var counts: [UInt16] = []
    private var random = Shuffle()
    private var step: Float = 1

    /// The part of a feature's row that belongs to the siblings in question.
    private struct Span {
      var start: Int32
      var end: Int32
      var strength: Float
      var feature: Int32
    }

    init(
      rows: SparseWeights, values: UnsafeMutableBufferPointer<Float>, bias: UnsafeMutableBufferPointer<Float>,
      odds: UnsafeMutableBufferPointer<Float>, training: TrainingSet, settings: Settings, featureCount: Int
    ) {
      (self.rows, self.values, self.bias, self.odds) = (rows, values, bias, odds)
      (self.training, self.settings) = (training, settings)
      moved = [Float](repeating: 0.1, count: featureCount)
      spans.reserveCapacity(1024)
    }

    /// Where the rows of a text's features reach its siblings: searched once, not in each pass.
    mutating func locate(_ siblings: (Int) -> Range<Int>) {
      starts = [Int32](repeating: 0, count: training.features.count)
      counts = [UInt16](repeating: 0, count: training.features.count)
      for text in 0..<training.count {
        let siblings = siblings(text)
        if siblings.count == 1 { continue }
        for place in training.row(text) {
          let feature = training.features[place]
          let end = rows.row(feature).upperBound
          let start = rows.place(feature, label: Int32(siblings.lowerBound))
          var next = start
          while next < end, rows.labels[next] < Int32(siblings.upperBound) { next += 1 }
          starts[place] = Int32(start)
          counts[place] = UInt16(next - start)
        }
      }
    }

    mutating func begin(_ pass: Int) { step = settings.step * (1 - 0.8 * Float(pass) / Float(settings.passes)) }

    mutating func order(_ texts: [Int]) -> [Int] {
      var order = texts
      random.shuffle(&order)
      return order
    }

    /// - Returns: how far off it was.
    mutating func take(_ text: Int, label: Int, among siblings: Range<Int>) -> Float {
      collect(text)
      let error = errors(truth: label, among: siblings)
      if error < 1e-5 { return error }
      for span in spans {
        moved[Int(span.feature)] += error * span.strength * span.strength
        let rate = step * span.strength / moved[Int(span.feature)].squareRoot()
        for entry in Int(span.start)..<Int(span.end) { values[entry] -= rate * odds[Int(rows.labels[entry])] }
      }
      for sibling in siblings { bias[sibling] -= 0.02 * step * odds[sibling] }
      return error
    }

    private mutating func collect(_ text: Int) {
      spans.removeAll(keepingCapacity: true)
      for place in training.row(text) {
        let feature = training.features[place]
        let row = rows.row(feature)
        let start = starts.isEmpty ? Int32(row.lowerBound) : starts[place]
        let end = starts.isEmpty ? Int32(row.upperBound) : start + Int32(counts[place])
        guard end > start else { continue }
        spans.append(Span(start: start, end: end, strength: training.values[place] * settings.scale, feature: feature))
      }
    }

    /// Leaves the probability less the truth in `odds`; gives the sum of squares.
    private func errors(truth: Int, among siblings: Range<Int>) -> Float {
      for sibling in siblings { odds[sibling] = bias[sibling] }
      for span in spans {
        for entry in Int(span.start)..<Int(span.end) { odds[Int(rows.labels[entry])] += span.strength * values[entry] }
      }
      SoftmaxLevel.normalize(odds, siblings)
      odds[truth] -= 1
      var sum: Float = 0
      for sibling in siblings { sum += odds[sibling] * odds[sibling] }
      return sum
    }
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
  func shares(_ vector: FeatureVector, among parents: [Float], least: Float) -> [Float] {
    var odds = bias
    odds.withUnsafeMutableBufferPointer { odds in
      for place in vector.features.indices {
        weights.add(vector.features[place], strength: vector.values[place], to: odds)
      }
      for (index, range) in children.enumerated() where !range.isEmpty {
        let share = parents[index]
        if share > least { SoftmaxLevel.normalize(odds, range) }
        for label in range { odds[label] = share > least ? share * odds[label] : 0 }
      }
    }
    return odds
  }
}

private func withUnsafeMutableBufferPointers(
  _ first: inout [Float], _ second: inout [Float],
  _ body: (UnsafeMutableBufferPointer<Float>, UnsafeMutableBufferPointer<Float>) -> Void
) {
  first.withUnsafeMutableBufferPointer { first in
    second.withUnsafeMutableBufferPointer { second in body(first, second) }
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

  mutating func shuffle(_ values: inout [Int]) {
    guard values.count > 1 else { return }
    for index in stride(from: values.count - 1, to: 0, by: -1) { values.swapAt(index, next(below: index + 1)) }
  }
}
