/// Every text of the training set by its features, to find those nearest to a query.
struct ExampleIndex: Sendable {
  private let starts: [Int32]
  private let texts: [Int32]
  private let values: [Float]
  private let labels: [Int32]
  private let labelCount: Int

  init(_ training: TrainingSet, labelCount: Int) {
    var starts = [Int32](repeating: 0, count: training.vocabulary.count + 1)
    for feature in training.features { starts[Int(feature) + 1] += 1 }
    for feature in 0..<training.vocabulary.count { starts[feature + 1] += starts[feature] }
    self.starts = starts
    var texts = [Int32](repeating: 0, count: training.features.count)
    var values = [Float](repeating: 0, count: training.features.count)
    for text in 0..<training.count {
      for place in training.row(text) {
        let feature = Int(training.features[place])
        texts[Int(starts[feature])] = Int32(text)
        values[Int(starts[feature])] = training.values[place]
        starts[feature] += 1
      }
    }
    (self.texts, self.values) = (texts, values)
    labels = training.texts.map(\.label)
    self.labelCount = labelCount
  }

  /// A long listing is near by its strongest features; the rest costs time and moves little.
  private static func leastStrength(_ vector: FeatureVector) -> Float {
    let most = 32
    return vector.count <= most ? 0 : vector.values.sorted(by: >)[most - 1]
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
  /// - Parameter count: of the nearest texts to name, nearest first.
  func nearness(_ vector: FeatureVector, naming count: Int) -> (labels: [Float], nearest: [Neighbour]) {
    var result = [Float](repeating: 0, count: labelCount)
    var nearest: [Neighbour] = []
    withUnsafeTemporaryAllocation(of: Float.self, capacity: labels.count) { similarity in
      similarity.initialize(repeating: 0)
      var touched: [Int32] = []
      touched.reserveCapacity(4096)
      let least = ExampleIndex.leastStrength(vector)
      for place in vector.features.indices where vector.values[place] >= least {
        let feature = Int(vector.features[place])
        let strength = vector.values[place]
        for entry in Int(starts[feature])..<Int(starts[feature + 1]) {
          let text = texts[entry]
          if similarity[Int(text)] == 0 { touched.append(text) }
          similarity[Int(text)] += strength * values[entry]
        }
      }
      var second = [Float](repeating: 0, count: labelCount)
      var third = second
      for text in touched {
        let near = similarity[Int(text)]
        let label = Int(labels[Int(text)])
        if count > 0 { nearest.keep(Neighbour(text: Int(text), label: label, nearness: near), most: count) }
        if near > result[label] {
          (result[label], second[label], third[label]) = (near, result[label], second[label])
        } else if near > second[label] {
          (second[label], third[label]) = (near, second[label])
        } else if near > third[label] {
          third[label] = near
        }
      }
      for text in touched {
        let label = Int(labels[Int(text)])
        result[label] += 0.4 * second[label] + 0.2 * third[label]
        (second[label], third[label]) = (0, 0)
      }
    }
    return (result, nearest)
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
