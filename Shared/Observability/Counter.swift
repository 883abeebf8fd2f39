/// Something that is counted and only grows.
public final class Counter: Sendable, MetricInstrument {
  private let values: LabelledValues<Double>

  init(labels: [String]) {
    values = LabelledValues(labels: labels, initial: 0)
  }

  /// The label values are in the order of the labels.
  public func increment(_ labelValues: String..., by amount: Double = 1) {
    precondition(amount >= 0, "a counter only grows")
    values.update(labelValues) { $0 += amount }
  }

  public func value(_ labelValues: String...) -> Double {
    values.sorted().first { $0.labelValues == labelValues }?.value ?? 0
  }

  func samples() -> [MetricSample] {
    values.sorted().map { MetricSample(labelValues: $0.labelValues, value: $0.value) }
  }
}
