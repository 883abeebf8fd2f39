/// For each feature the labels it speaks for and how strongly, as compressed rows.
struct SparseWeights: Sendable {
  private(set) var rowStarts: [Int32] = [0]
  private(set) var labels: [Int32] = []
  var values: [Float] = []

  mutating func appendRow(_ row: [(label: Int32, value: Float)]) {
    for entry in row {
      labels.append(entry.label)
      values.append(entry.value)
    }
    rowStarts.append(Int32(labels.count))
  }

  func row(_ feature: Int32) -> Range<Int> { Int(rowStarts[Int(feature)])..<Int(rowStarts[Int(feature) + 1]) }

  /// Adds the feature's weights, times its strength, to the scores.
  func add(_ feature: Int32, strength: Float, to scores: inout [Float]) {
    for entry in row(feature) { scores[Int(labels[entry])] += strength * values[entry] }
  }

  /// Labels of a row are in order.
  func value(_ feature: Int32, label: Int32) -> Float {
    let row = row(feature)
    var low = row.lowerBound
    var high = row.upperBound
    while low < high {
      let middle = (low + high) / 2
      if labels[middle] < label { low = middle + 1 } else { high = middle }
    }
    return low < row.upperBound && labels[low] == label ? values[low] : 0
  }

  func largest(_ feature: Int32) -> Float {
    var largest: Float = 0
    for entry in row(feature) { largest = max(largest, values[entry]) }
    return largest
  }
}
