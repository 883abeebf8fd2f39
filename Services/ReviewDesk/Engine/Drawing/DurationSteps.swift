import Domain
import Glibc

/// How long things took, counted by steps of a scale on which four steps double the time. So much is kept that a percentile
/// is known to within a fifth, and counts of several days can be added.
public struct DurationSteps: Hashable, Sendable {
  public private(set) var counts: [Int: Int64]

  public init(_ counts: [Int: Int64] = [:]) { self.counts = counts.filter { $0.value > 0 } }

  public mutating func add(_ count: Int64, at step: Int) { counts[step, default: 0] += count }

  public var count: Int64 { counts.values.reduce(0, +) }

  /// The step that a time belongs to; whatever takes less than a second counts as one.
  public static func step(ofSeconds seconds: Double) -> Int { Int((4 * log2(max(seconds, 1))).rounded(.down)) }

  /// Where a step begins.
  public static func seconds(atStep step: Int) -> Double { exp2(Double(step) / 4) }

  /// In seconds; nil of none.
  /// - Parameter share: 0.5 for the median.
  public func percentile(_ share: Double) -> Double? {
    guard count > 0 else { return nil }
    let rank = share * Double(count)
    var before: Int64 = 0
    for (step, count) in counts.sorted(by: { $0.key < $1.key }) {
      guard Double(before + count) < rank else {
        let within = max(0, rank - Double(before)) / Double(count)
        return exp2((Double(step) + within) / 4)
      }
      before += count
    }
    return nil
  }
}

/// Seconds in the largest unit that fits.
struct DurationText {
  let text: Phrase

  init(seconds: Double) {
    switch seconds {
    case ..<60: text = "\(Int(seconds.rounded())) s"
    case ..<3600: text = "\(DurationText.number(seconds / 60)) min"
    case ..<172_800: text = "\(DurationText.number(seconds / 3600)) h"
    default: text = "\(DurationText.number(seconds / 86_400)) days"
    }
  }

  private static func number(_ value: Double) -> Decimal {
    let tenths = Int128((value * 10).rounded())
    return value >= 10 || tenths % 10 == 0 ? Decimal(Int128(value.rounded()), scale: 0) : Decimal(tenths, scale: 1)
  }
}
