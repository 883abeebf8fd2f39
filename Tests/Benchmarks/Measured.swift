/// One round of a rate, and what it cost: the cost stays the same while others use the machine too.
struct Measured: Sendable {
  var rate: Double
  /// Milliseconds of one core for each product or message.
  var load: [(name: String, milliseconds: Double)]

  var cost: Double { load.map(\.milliseconds).reduce(0, +) }

  var text: String {
    let parts = load.map { "\($0.name) \(Report.text($0.milliseconds))" }.joined(separator: ", ")
    return "\(Report.text(rate))/s, \(Report.text(cost)) ms of a core each (\(parts))"
  }
}

/// Several rounds of one measurement.
struct Rounds: Sendable {
  private(set) var rates: [Double] = []
  private var costs: [Double] = []

  mutating func add(_ measured: Measured) {
    rates.append(measured.rate)
    costs.append(measured.cost)
  }

  mutating func add(rate: Double) { rates.append(rate) }

  var rate: Double? { Rounds.median(rates) }
  var cost: Double? { Rounds.median(costs) }

  /// Of an even number the higher one.
  private static func median(_ values: [Double]) -> Double? { values.isEmpty ? nil : values.sorted()[values.count / 2] }

  var spread: ClosedRange<Double>? {
    guard let low = rates.min(), let high = rates.max(), rates.count > 1 else { return nil }
    return low...high
  }
}
