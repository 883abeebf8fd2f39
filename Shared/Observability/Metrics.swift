import Synchronization

/// The metrics of a process, and their text for Prometheus (exposition format 0.0.4).
///
/// Make instruments once, at start; asking again for the same name gives the same instrument. Using them costs one
/// uncontended lock.
public final class Metrics: Sendable {
  public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  private struct Family {
    let name: String
    let help: String
    let type: String
    let labels: [String]
    /// The instrument itself, to give it again.
    let instrument: any Sendable
    let samples: @Sendable () -> [MetricSample]
  }

  private let families = Mutex<[String: Family]>([:])

  public init() {}

  // MARK: Instruments

  /// Something that is counted and only grows. The name ends in `_total`.
  public func counter(_ name: String, _ help: String, labels: [String] = []) -> Counter {
    precondition(name.hasSuffix("_total"), "the name of a counter ends in _total: \(name)")
    return register(name, help, type: "counter", labels: labels) { Counter(labels: labels) }
  }

  /// Something that goes up and down.
  public func gauge(_ name: String, _ help: String, labels: [String] = []) -> Gauge {
    register(name, help, type: "gauge", labels: labels) { Gauge(labels: labels) }
  }

  /// A distribution over fixed buckets, given by their upper bounds in rising order.
  public func histogram(
    _ name: String, _ help: String, buckets: [Double] = Histogram.latencySeconds, labels: [String] = []
  ) -> Histogram {
    register(name, help, type: "histogram", labels: labels) { Histogram(buckets: buckets, labels: labels) }
  }

  /// A gauge whose value is asked for at each scrape. Nil leaves it out.
  public func observedGauge(_ name: String, _ help: String, _ value: @escaping @Sendable () -> Double?) {
    _ = register(name, help, type: "gauge", labels: []) { ObservedValue(read: value) }
  }

  /// A counter that is kept elsewhere, asked for at each scrape.
  public func observedCounter(_ name: String, _ help: String, _ value: @escaping @Sendable () -> Double?) {
    precondition(name.hasSuffix("_total"), "the name of a counter ends in _total: \(name)")
    _ = register(name, help, type: "counter", labels: []) { ObservedValue(read: value) }
  }

  private func register<Instrument: MetricInstrument>(
    _ name: String, _ help: String, type: String, labels: [String], make: () -> Instrument
  ) -> Instrument {
    precondition(MetricName.isValid(name), "\(name) is not a metric name")
    precondition(labels.allSatisfy(MetricName.isValidLabel), "\(labels) are not label names")
    return families.withLock { families in
      if let existing = families[name] {
        guard let instrument = existing.instrument as? Instrument, existing.labels == labels else {
          preconditionFailure("\(name) is registered with another type or other labels")
        }
        return instrument
      }
      let instrument = make()
      families[name] = Family(
        name: name, help: help, type: type, labels: labels, instrument: instrument, samples: { instrument.samples() })
      return instrument
    }
  }

  // MARK: Exposition

  public func exposition() -> [UInt8] {
    let sorted = families.withLock { $0.values.sorted { $0.name < $1.name } }
    var output = ""
    for family in sorted {
      let samples = family.samples()
      if samples.isEmpty { continue }
      output += "# HELP \(family.name) \(MetricText.escapedHelp(family.help))\n"
      output += "# TYPE \(family.name) \(family.type)\n"
      for sample in samples {
        let pairs = zip(family.labels, sample.labelValues) + sample.extraLabels.map { ($0, $1) }
        output += family.name + sample.suffix + MetricText.labels(pairs) + " " + MetricText.number(sample.value) + "\n"
      }
    }
    return Array(output.utf8)
  }
}

/// What the exposition asks of every instrument.
protocol MetricInstrument: Sendable {
  func samples() -> [MetricSample]
}

/// One line of the exposition.
struct MetricSample {
  var suffix = ""
  var labelValues: [String] = []
  var extraLabels: [(String, String)] = []
  let value: Double
}

/// A value that is read at each scrape.
private struct ObservedValue: MetricInstrument {
  let read: @Sendable () -> Double?

  func samples() -> [MetricSample] { read().map { [MetricSample(value: $0)] } ?? [] }
}

private func + (a: Zip2Sequence<[String], [String]>, b: [(String, String)]) -> [(String, String)] {
  Array(a) + b
}
