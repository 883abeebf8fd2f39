/// Something that goes up and down.
public final class Gauge: Sendable, MetricInstrument {
  private let values: LabelledValues<Double>

  init(labels: [String]) {
    values = LabelledValues(labels: labels, initial: 0)
  }

  /// The label values are in the order of the labels.
  public func set(_ value: Double, _ labelValues: String...) {
    values.update(labelValues) { $0 = value }
  }

  public func add(_ amount: Double, _ labelValues: String...) {
    values.update(labelValues) { $0 += amount }
  }

  public func value(_ labelValues: String...) -> Double {
    values.sorted().first { $0.labelValues == labelValues }?.value ?? 0
  }

  func samples() -> [MetricSample] {
    values.sorted().map { MetricSample(labelValues: $0.labelValues, value: $0.value) }
  }
}
