import Domain

/// Says when an estimate of duty is not to be relied on without a person.
public struct DutyControl: Sendable {
  private let limits: DutyLimits

  public init(_ limits: DutyLimits) { self.limits = limits }

  /// The candidates of one market, the best first.
  public func findings(_ exposure: DutyExposure, in market: Market, history: DutyHistory? = nil) -> [Finding] {
    let entries = exposure.entries.filter { $0.market == market }
    guard let best = entries.first else { return [] }
    var findings = [unknownRate(best), outOfDate(best), unconfirmed(best)].compactMap(\.self)
    if let finding = difference(exposure, entries, in: market) { findings.append(finding) }
    if let history, let finding = unusual(best.estimate, history) { findings.append(finding) }
    return findings
  }

  private func unknownRate(_ entry: DutyExposure.Entry) -> Finding? {
    guard !entry.estimate.unknown.isEmpty else { return nil }
    let effect: Finding.Effect = limits.holdsUnknown ? .review : .inform
    return ScreenerRule.dutyUnknown.finding(
      effect, "The duty estimate for \(entry.code.dotted) is incomplete.",
      entry.estimate.unknown.prefix(4).map { Observation(field: "/duties/0", text: String($0.prefix(120))) },
      roles: [.finance])
  }

  private func outOfDate(_ entry: DutyExposure.Entry) -> Finding? {
    guard !entry.estimate.outOfDate.isEmpty else { return nil }
    return ScreenerRule.rateOutOfDate.finding(
      limits.holdsUnknown ? .review : .inform, "The duty estimate rests on a rate whose time is over.",
      entry.estimate.outOfDate.map { Observation(field: "/duties/0", text: $0) }, roles: [.finance])
  }

  private func unconfirmed(_ entry: DutyExposure.Entry) -> Finding? {
    guard !entry.estimate.unconfirmed.isEmpty else { return nil }
    return ScreenerRule.rateUnconfirmed.finding(
      limits.holdsUnknown ? .review : .inform,
      "The duty estimate rests on a rate that is not confirmed against the instrument.",
      entry.estimate.unconfirmed.map { Observation(field: "/duties/0", text: $0) }, roles: [.finance])
  }

  /// Candidates of which one has no known rate are the business of `unknownRate`, when it is the best.
  private func difference(
    _ exposure: DutyExposure, _ entries: [DutyExposure.Entry], in market: Market
  ) -> Finding? {
    guard let most = limits.differencePoints, entries.count > 1, let spread = exposure.spread(in: market),
      spread > most
    else { return nil }
    let rates = entries.map { entry in
      let range = entry.percentages.map {
        $0.lowerBound == $0.upperBound ? "\($0.lowerBound)" : "\($0.lowerBound) to \($0.upperBound)"
      }
      return "\(entry.code.dotted): \(range ?? "?") %"
    }
    return ScreenerRule.dutyDiffers.finding(
      .review, "The candidates' duty rates lie \(spread) percentage points apart, above the \(most) of the policy.",
      rates.map { Observation(field: "/duties", text: $0) }, roles: [.broker, .finance])
  }

  private func unusual(_ estimate: DutyEstimate, _ history: DutyHistory) -> Finding? {
    guard let most = limits.historyPoints, let distance = history.distance(of: estimate), distance > most,
      let median = history.median
    else { return nil }
    return ScreenerRule.dutyUnusual.finding(
      .review,
      "Duty and tax lie \(distance.rounded(places: 1, .halfUp)) percentage points from the \(median.rounded(places: 1, .halfUp)) % "
        + "that is usual for this tenant's goods of the heading.",
      [Observation(field: "/duties/0", text: estimate.total?.description ?? "")], roles: [.finance])
  }
}
