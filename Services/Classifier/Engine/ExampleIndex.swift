/// Every text of the training set by its features, to find those nearest to a query.
struct ExampleIndex: Sendable {
  private let starts: [Int32]
  private let postings: [Posting]
  private let labels: [Int32]
  private let labelCount: Int

  private struct Posting: Sendable {
    var text: Int32
    var value: Float
  }

  init(_ training: consuming TrainingSet, labelCount: Int) {
    var starts = [Int32](repeating: 0, count: training.vocabulary.count + 1)
    for feature in training.features { starts[Int(feature.index) + 1] += 1 }
    for feature in 0..<training.vocabulary.count { starts[feature + 1] += starts[feature] }
    self.starts = starts
    var postings = [Posting](repeating: Posting(text: 0, value: 0), count: training.features.count)
    for text in 0..<training.count {
      for place in training.row(text) {
        let feature = training.features[place]
        postings[Int(starts[Int(feature.index)])] = Posting(text: Int32(text), value: feature.value)
        starts[Int(feature.index)] += 1
      }
    }
    self.postings = postings
    labels = training.labels
    self.labelCount = labelCount
  }

  /// A long listing is near by its strongest features; the rest costs time and moves little.
  private static func strongest(_ features: [CodeScorer.Known]) -> [CodeScorer.Known] {
    let most = 16
    if features.count <= most { return features }
    let least = features.map(\.strength).sorted(by: >)[most - 1]
    return features.filter { $0.strength >= least }
  }

  /// How many texts each label has.
  var textCounts: [Int] {
    var counts = [Int](repeating: 0, count: labelCount)
    for label in labels { counts[Int(label)] += 1 }
    return counts
  }

  struct Neighbour {
    var text: Int
    var label: Int
    /// The cosine.
    var nearness: Float
  }

  /// How near the nearest texts of each label are: the nearest counts whole, the next two in part.
  /// - Parameter features: of a length of one.
  /// - Parameter count: of the nearest texts to name, nearest first.
  func nearness(_ features: [CodeScorer.Known], naming count: Int) -> (labels: [Float], nearest: [Neighbour]) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: labels.count) { similarity in
      withUnsafeTemporaryAllocation(of: Int32.self, capacity: labels.count + 1) { touched in
        similarity.initialize(repeating: 0)
        let texts = collect(ExampleIndex.strongest(features), similarity, touched)
        var nearest: [Neighbour] = []
        if count > 0 {
          for text in texts.map({ Int($0) }) {
            nearest.keep(
              Neighbour(text: text, label: Int(labels[text]), nearness: similarity[text]), most: count)
          }
        }
        return (nearestOfLabels(texts, similarity), nearest)
      }
    }
  }

  /// - Returns: the texts that share a feature, each once.
  private func collect(
    _ features: [CodeScorer.Known], _ similarity: UnsafeMutableBufferPointer<Float>,
    _ touched: UnsafeMutableBufferPointer<Int32>
  ) -> UnsafeMutableBufferPointer<Int32>.SubSequence {
    var count = 0
    postings.withUnsafeBufferPointer { postings in
      for item in features {
        for place in Int(starts[Int(item.feature)])..<Int(starts[Int(item.feature) + 1]) {
          let posting = postings[place]
          let before = similarity[Int(posting.text)]
          // Whether it was touched before is a guess that the processor would often get wrong.
          touched[count] = posting.text
          count = min(count + (before == 0 ? 1 : 0), labels.count)
          similarity[Int(posting.text)] = before + item.strength * posting.value
        }
      }
    }
    return touched[..<count]
  }

  private func nearestOfLabels(
    _ texts: UnsafeMutableBufferPointer<Int32>.SubSequence, _ similarity: UnsafeMutableBufferPointer<Float>
  ) -> [Float] {
    withUnsafeTemporaryAllocation(of: SIMD4<Float>.self, capacity: labelCount) { nearest in
      nearest.initialize(repeating: .zero)
      labels.withUnsafeBufferPointer { labels in
        for text in texts {
          let label = Int(labels[Int(text)])
          let (first, second, third) = (nearest[label][0], nearest[label][1], nearest[label][2])
          // The three of most among four, without a branch: which it is cannot be foretold.
          let near = similarity[Int(text)]
          let next = min(first, near)
          nearest[label] = [max(first, near), max(second, next), max(third, min(second, next)), 0]
        }
      }
      return nearest.map { $0[0] + (0.4 * $0[1] + 0.2 * $0[2]) }
    }
  }
}

extension [ExampleIndex.Neighbour] {
  /// Of two equally near the earlier text comes first, in whatever order they are met.
  fileprivate mutating func keep(_ neighbour: Element, most: Int) {
    func isNearer(_ other: Element) -> Bool {
      (neighbour.nearness, other.text) > (other.nearness, neighbour.text)
    }
    if count == most, !isNearer(self[most - 1]) { return }
    if count == most { removeLast() }
    insert(neighbour, at: firstIndex(where: isNearer) ?? count)
  }
}
