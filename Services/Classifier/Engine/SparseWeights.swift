/// For each feature the labels it speaks for and how strongly, as compressed rows. Labels of a row are in order.
struct SparseWeights: Sendable {
  /// A label and its weight stand together: they are read together, and seldom lie near what was read before.
  struct Entry: Sendable {
    var label: Int32
    var weight: Float
  }

  private(set) var rowStarts: [Int32]
  private(set) var entries: [Entry]

  /// A row for each feature, with a place for each label that has it. The texts must stand in the order of their labels.
  init(_ training: TrainingSet, labelOfText: [Int32]) {
    let featureCount = training.vocabulary.count
    var last = [Int32](repeating: -1, count: featureCount)
    var sizes = [Int32](repeating: 0, count: featureCount + 1)
    for text in 0..<training.count {
      let label = labelOfText[text]
      for place in training.row(text) {
        let feature = Int(training.features[place].index)
        if last[feature] != label {
          last[feature] = label
          sizes[feature + 1] += 1
        }
      }
    }
    for feature in 0..<featureCount { sizes[feature + 1] += sizes[feature] }
    rowStarts = sizes
    entries = [Entry](repeating: Entry(label: 0, weight: 0), count: Int(sizes[featureCount]))
    for feature in 0..<featureCount { last[feature] = -1 }
    for text in 0..<training.count {
      let label = labelOfText[text]
      for place in training.row(text) {
        let feature = Int(training.features[place].index)
        if last[feature] != label {
          last[feature] = label
          entries[Int(sizes[feature])].label = label
          sizes[feature] += 1
        }
      }
    }
  }

  /// The rows of several, joined: each one's labels come after those of the ones before. Weights below the least are
  /// dropped.
  init(joining parts: [(weights: SparseWeights, labelCount: Int)], least: Float) {
    let featureCount = parts[0].weights.rowStarts.count - 1
    rowStarts = [0]
    rowStarts.reserveCapacity(featureCount + 1)
    entries = []
    entries.reserveCapacity(parts.reduce(0) { $0 + $1.weights.entries.count { abs($0.weight) >= least } })
    for feature in 0..<featureCount {
      var offset: Int32 = 0
      for part in parts {
        for place in part.weights.row(Int32(feature)) where abs(part.weights.entries[place].weight) >= least {
          let entry = part.weights.entries[place]
          entries.append(Entry(label: offset + entry.label, weight: entry.weight))
        }
        offset += Int32(part.labelCount)
      }
      rowStarts.append(Int32(entries.count))
    }
  }

  private func row(_ feature: Int32) -> Range<Int> {
    Int(rowStarts[Int(feature)])..<Int(rowStarts[Int(feature) + 1])
  }

  mutating func withEntries(
    _ body: (_ rowStarts: UnsafeBufferPointer<Int32>, _ entries: UnsafeMutableBufferPointer<Entry>) -> Void
  ) {
    rowStarts.withUnsafeBufferPointer { starts in
      entries.withUnsafeMutableBufferPointer { entries in body(starts, entries) }
    }
  }

  /// Adds each feature's weights, times its strengths, to the odds of their labels.
  func add(_ features: TwoReadings, to odds: UnsafeMutableBufferPointer<SIMD2<Float>>) {
    // Rows are far from each other: that all are found first lets the processor fetch many at a time.
    let rows = features.items.map { row($0.feature) }
    entries.withUnsafeBufferPointer { entries in
      for (item, row) in zip(features.items, rows) {
        for place in row { odds[Int(entries[place].label)] += item.strengths * entries[place].weight }
      }
    }
  }

  /// Adds the weights that a feature has for the labels in the lanes.
  func add(_ feature: Int32, to sum: inout SIMD8<Float>, lanes: LabelLanes) {
    let row = row(feature)
    entries.withUnsafeBufferPointer { entries in
      lanes.maskOfLabel.withUnsafeBufferPointer { masks in
        for place in row {
          let mask = masks[Int(entries[place].label)]
          if mask != 0 { sum += lanes.masks[Int(mask)] * entries[place].weight }
        }
      }
    }
  }
}
