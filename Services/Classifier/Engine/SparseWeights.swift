/// For each feature the labels it speaks for and how strongly, as compressed rows. Labels of a row are in order.
struct SparseWeights: Sendable {
  private(set) var rowStarts: [Int32]
  private(set) var labels: [Int32]
  var values: [Float]

  /// A row for each feature, with a place for each label that has it. The texts must stand in the order of their labels.
  init(_ training: TrainingSet, featureCount: Int, label: (Int) -> Int32) {
    var last = [Int32](repeating: -1, count: featureCount)
    var sizes = [Int32](repeating: 0, count: featureCount + 1)
    for text in 0..<training.count {
      let label = label(text)
      for place in training.row(text) {
        let feature = Int(training.features[place])
        if last[feature] != label {
          last[feature] = label
          sizes[feature + 1] += 1
        }
      }
    }
    for feature in 0..<featureCount { sizes[feature + 1] += sizes[feature] }
    rowStarts = sizes
    labels = [Int32](repeating: 0, count: Int(sizes[featureCount]))
    values = [Float](repeating: 0, count: labels.count)
    for feature in 0..<featureCount { last[feature] = -1 }
    for text in 0..<training.count {
      let label = label(text)
      for place in training.row(text) {
        let feature = Int(training.features[place])
        if last[feature] != label {
          last[feature] = label
          labels[Int(sizes[feature])] = label
          sizes[feature] += 1
        }
      }
    }
  }

  /// Without the weights that say next to nothing.
  mutating func prune(below least: Float) {
    var kept = 0
    var start = 0
    for feature in 0..<rowStarts.count - 1 {
      let end = Int(rowStarts[feature + 1])
      for entry in start..<end where abs(values[entry]) >= least {
        labels[kept] = labels[entry]
        values[kept] = values[entry]
        kept += 1
      }
      start = end
      rowStarts[feature + 1] = Int32(kept)
    }
    labels = Array(labels[..<kept])
    values = Array(values[..<kept])
  }

  func row(_ feature: Int32) -> Range<Int> { Int(rowStarts[Int(feature)])..<Int(rowStarts[Int(feature) + 1]) }

  /// Adds the feature's weights, times its strength, to the scores.
  func add(_ feature: Int32, strength: Float, to scores: UnsafeMutableBufferPointer<Float>) {
    for entry in row(feature) { scores[Int(labels[entry])] += strength * values[entry] }
  }

  func value(_ feature: Int32, label: Int32) -> Float {
    let place = place(feature, label: label)
    return place < row(feature).upperBound && labels[place] == label ? values[place] : 0
  }

  /// Where the labels of a row reach this one.
  func place(_ feature: Int32, label: Int32) -> Int {
    let row = row(feature)
    var low = row.lowerBound
    var high = row.upperBound
    while low < high {
      let middle = (low + high) / 2
      if labels[middle] < label { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
