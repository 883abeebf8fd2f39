import Synchronization

/// One value for each combination of label values that occurred, under one lock.
final class LabelledValues<Value: Sendable>: Sendable {
  /// More combinations than this are a mistake in the labels; they share one value, so that memory stays bounded.
  static var combinationsMax: Int { 1000 }

  private let labelCount: Int
  private let initial: Value
  private let values: Mutex<[[String]: Value]>

  /// Without labels the one value exists from the start, so that it is exposed before it first changes.
  init(labels: [String], initial: Value) {
    labelCount = labels.count
    self.initial = initial
    values = Mutex(labels.isEmpty ? [[]: initial] : [:])
  }

  func update(_ labelValues: [String], _ change: (inout sending Value) -> Void) {
    precondition(labelValues.count == labelCount, "\(labelCount) label values are needed: \(labelValues)")
    values.withLock { values in
      let isFull = values.count >= Self.combinationsMax && values[labelValues] == nil
      let key = isFull ? [String](repeating: "other", count: labelCount) : labelValues
      change(&values[key, default: initial])
    }
  }

  func sorted() -> [(labelValues: [String], value: Value)] {
    let copy = values.withLock { $0 }
    return copy.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { ($0.key, $0.value) }
  }
}
