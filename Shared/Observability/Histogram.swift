/// A distribution over fixed buckets.
public final class Histogram: Sendable, MetricInstrument {
  /// From one millisecond to half a minute.
  public static let latencySeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

  private struct Distribution {
    /// Observations in each bucket, not cumulative; the last is for those above every bound.
    var counts: [UInt64]
    var sum: Double = 0
  }

  private let bounds: [Double]
  private let values: LabelledValues<Distribution>

  init(buckets: [Double], labels: [String]) {
    precondition(
      !buckets.isEmpty && zip(buckets, buckets.dropFirst()).allSatisfy { $0 < $1 } && buckets.allSatisfy(\.isFinite),
      "buckets rise and are finite")
    bounds = buckets
    values = LabelledValues(
      labels: labels, initial: Distribution(counts: [UInt64](repeating: 0, count: buckets.count + 1)))
  }

  /// The label values are in the order of the labels.
  public func observe(_ value: Double, _ labelValues: String...) {
    observe(value, labelValues)
  }

  /// In seconds.
  public func observe(_ duration: Duration, _ labelValues: String...) {
    let (seconds, attoseconds) = duration.components
    observe(Double(seconds) + Double(attoseconds) / 1e18, labelValues)
  }

  private func observe(_ value: Double, _ labelValues: [String]) {
    let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
    values.update(labelValues) { distribution in
      distribution.counts[bucket] += 1
      distribution.sum += value
    }
  }

  func samples() -> [MetricSample] {
    values.sorted().flatMap { samples(of: $0.value, $0.labelValues) }
  }

  private func samples(of distribution: Distribution, _ labelValues: [String]) -> [MetricSample] {
    var samples: [MetricSample] = []
    var cumulative: UInt64 = 0
    for (bound, count) in zip(bounds + [.infinity], distribution.counts) {
      cumulative += count
      samples.append(
        MetricSample(
          suffix: "_bucket", labelValues: labelValues, extraLabels: [("le", MetricText.number(bound))],
          value: Double(cumulative)))
    }
    samples.append(MetricSample(suffix: "_sum", labelValues: labelValues, value: distribution.sum))
    samples.append(MetricSample(suffix: "_count", labelValues: labelValues, value: Double(cumulative)))
    return samples
  }
}
