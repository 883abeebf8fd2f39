import Domain

/// What a tenant's goods of one heading have cost at the border so far: the share that duty and tax had of the customs value.
public struct DutyHistory: Hashable, Sendable {
  /// Percent of the customs value, in rising order.
  private let shares: [Decimal]

  public init(_ estimates: [DutyEstimate]) {
    shares = estimates.compactMap(DutyHistory.share).sorted()
  }

  public init(partsPerMillion: [Int64]) {
    shares = partsPerMillion.map { Decimal(Int128($0), scale: 4) }.sorted()
  }

  /// Fewer say nothing about what is usual.
  public static let countMin = 5

  public var median: Decimal? {
    guard shares.count >= DutyHistory.countMin else { return nil }
    let middle = shares.count / 2
    if shares.count % 2 == 1 { return shares[middle] }
    return (shares[middle - 1] + shares[middle]).divided(by: 2, places: 4, .halfUp)
  }

  /// Percentage points between an estimate and what is usual; nil when either is unknown.
  public func distance(of estimate: DutyEstimate) -> Decimal? {
    guard let median, let share = DutyHistory.share(estimate) else { return nil }
    return share > median ? share - median : median - share
  }

  /// As it is kept; nil where the total is not known.
  public static func partsPerMillion(_ estimate: DutyEstimate) -> Int64? {
    share(estimate).flatMap { Int64(exactly: ($0 * 10_000).rounded(places: 0, .halfUp).coefficient) }
  }

  static func share(_ estimate: DutyEstimate) -> Decimal? {
    guard let total = estimate.total, let value = estimate.customsValue, value.minorUnits > 0,
      total.currency == value.currency
    else { return nil }
    return (total.amount * 100).divided(by: value.amount, places: 4, .halfUp)
  }
}
