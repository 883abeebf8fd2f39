import Glibc

/// Places values along a line of the drawing.
struct Scale: Hashable, Sendable {
  var values: ClosedRange<Double>
  /// Where the values' ends lie; the first may be the greater, as on the way up.
  var from: Double
  var to: Double

  func place(_ value: Double) -> Double {
    let width = values.upperBound - values.lowerBound
    guard width > 0 else { return from }
    let share = min(max((value - values.lowerBound) / width, 0), 1)
    return from + (to - from) * share
  }

  /// From 0 to the round number that is not less than the value, and marks at round numbers between.
  static func ticks(upTo value: Double, about count: Int = 4) -> [Double] {
    guard value > 0, value.isFinite, count > 0 else { return [0, 1] }
    let rough = value / Double(count)
    let power = pow(10, log10(rough).rounded(.down))
    let factor = [1, 2, 5, 10].first { $0 * power >= rough * 0.999_999 } ?? 10
    // What is counted has no halves.
    let step = max(1, factor * power)
    let steps = (value / step).rounded(.up)
    return (0...Int(steps)).map { Double($0) * step }
  }
}

extension Double {
  /// To a tenth, which is finer than a screen shows.
  var drawn: String {
    let tenths = Int((self * 10).rounded())
    let sign = tenths < 0 ? "-" : ""
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(sign)\(abs(tenths) / 10).\(abs(tenths) % 10)"
  }
}
