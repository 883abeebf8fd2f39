/// Learns the weights of one level in place, text by text. All it touches is reached by plain pointers: a start of the
/// service spends most of its time here.
final class Learner {
  private let features: UnsafeBufferPointer<TrainingSet.Feature>
  private let rowStarts: UnsafeBufferPointer<Int32>
  private let entries: UnsafeMutableBufferPointer<SparseWeights.Entry>
  private let bias: UnsafeMutableBufferPointer<Float>
  private let scale: Float
  /// How much each feature has moved so far in this family.
  private let moved: UnsafeMutableBufferPointer<Float>
  /// Scratch: the probability of each sibling, then how far it is from the truth.
  private let odds: UnsafeMutableBufferPointer<Float>
  /// Scratch: what the features of the text at hand reach.
  private let spans: UnsafeMutableBufferPointer<Span>
  /// By place in the features of the texts; nil where every label is a sibling of every other.
  private var reach: UnsafeMutableBufferPointer<Reach>?

  /// The part of a feature's row that belongs to the siblings in question. What is far away in memory is fetched when spans
  /// are collected, where nothing waits for it.
  private struct Span {
    var start: Int
    var end: Int
    var strength: Float
    var feature: Int
    var moved: Float
    var first: SparseWeights.Entry
  }

  /// The same in little room. Two digits tell siblings apart, so that there are no more than a hundred.
  private struct Reach {
    private var packed: UInt32

    init(start: Int, count: Int) { packed = UInt32(start) << 8 | UInt32(count) }
    var start: Int { Int(packed >> 8) }
    var count: Int { Int(packed & 0xFF) }
  }

  /// A text, where its features stand, its label, and the labels that it could have.
  struct Lesson {
    var text: Int32
    var start: Int32
    var end: Int32
    var label: Int32
    var siblings: Range<Int32>
  }

  init(
    _ features: UnsafeBufferPointer<TrainingSet.Feature>, longest: Int, rowStarts: UnsafeBufferPointer<Int32>,
    entries: UnsafeMutableBufferPointer<SparseWeights.Entry>, bias: UnsafeMutableBufferPointer<Float>, scale: Float
  ) {
    (self.features, self.rowStarts, self.entries) = (features, rowStarts, entries)
    (self.bias, self.scale) = (bias, scale)
    moved = .allocate(capacity: rowStarts.count - 1)
    moved.initialize(repeating: Learner.unmoved)
    odds = .allocate(capacity: bias.count)
    odds.initialize(repeating: 0)
    spans = .allocate(capacity: longest)
  }

  deinit {
    moved.deallocate()
    odds.deallocate()
    spans.deallocate()
    reach?.deallocate()
  }

  /// Finds where the rows of a text's features reach its siblings, once for all passes. Texts and rows are in the order of
  /// the labels: each row is walked once.
  func locate(_ lessons: [Lesson]) {
    precondition(entries.count < 1 << 24)
    let reach = UnsafeMutableBufferPointer<Reach>.allocate(capacity: features.count)
    var last = rowStarts.dropLast().map { Reach(start: Int($0), count: 0) }
    for lesson in lessons {
      for place in Int(lesson.start)..<Int(lesson.end) {
        let feature = Int(features[place].index)
        if last[feature].count == 0 || entries[last[feature].start].label < lesson.siblings.lowerBound {
          last[feature] = next(after: last[feature], of: feature, lesson.siblings)
        }
        reach[place] = last[feature]
      }
    }
    self.reach = reach
  }

  private func next(after last: Reach, of feature: Int, _ siblings: Range<Int32>) -> Reach {
    var start = last.start + last.count
    while entries[start].label < siblings.lowerBound { start += 1 }
    var end = start
    while end < rowStarts[feature + 1], entries[end].label < siblings.upperBound { end += 1 }
    return Reach(start: start, count: end - start)
  }

  private static let unmoved: Float = 0.1

  /// To be called between families: what the features of the next moved in another says nothing there.
  func forget(_ family: ArraySlice<Lesson>) {
    for lesson in family {
      for place in Int(lesson.start)..<Int(lesson.end) { moved[Int(features[place].index)] = Learner.unmoved }
    }
  }

  /// - Returns: how far off it was.
  func take(_ lesson: Lesson, step: Float) -> Float {
    let spans = collect(lesson)
    let siblings = Int(lesson.siblings.lowerBound)..<Int(lesson.siblings.upperBound)
    let error = errors(spans, truth: Int(lesson.label), among: siblings)
    if error < 1e-5 { return error }
    for span in spans {
      let moved = span.moved + error * span.strength * span.strength
      self.moved[span.feature] = moved
      let rate = step * span.strength / moved.squareRoot()
      for place in span.start..<span.end { entries[place].weight -= rate * odds[Int(entries[place].label)] }
    }
    for sibling in siblings { bias[sibling] -= 0.02 * step * odds[sibling] }
    return error
  }

  private func collect(_ lesson: Lesson) -> UnsafeMutableBufferPointer<Span> {
    var count = 0
    for place in Int(lesson.start)..<Int(lesson.end) {
      let feature = Int(features[place].index)
      let start = reach?[place].start ?? Int(rowStarts[feature])
      let end = reach.map { start + $0[place].count } ?? Int(rowStarts[feature + 1])
      spans[count] = Span(
        start: start, end: end, strength: features[place].value * scale, feature: feature, moved: moved[feature],
        first: entries[start])
      count += 1
    }
    return UnsafeMutableBufferPointer(rebasing: spans[..<count])
  }

  /// Leaves the probability less the truth in `odds`; gives the sum of squares.
  private func errors(_ spans: UnsafeMutableBufferPointer<Span>, truth: Int, among siblings: Range<Int>) -> Float {
    for sibling in siblings { odds[sibling] = bias[sibling] }
    for span in spans {
      odds[Int(span.first.label)] += span.strength * span.first.weight
      for place in span.start + 1..<span.end {
        odds[Int(entries[place].label)] += span.strength * entries[place].weight
      }
    }
    SoftmaxLevel.normalize(odds, siblings)
    odds[truth] -= 1
    var sum: Float = 0
    for sibling in siblings { sum += odds[sibling] * odds[sibling] }
    return sum
  }
}
