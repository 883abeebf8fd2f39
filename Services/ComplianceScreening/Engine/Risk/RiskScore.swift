import Domain

/// Orders the review queue: what is at stake times how unsure it is, each a sum of named parts, so that a reviewer can see
/// where it comes from. It decides nothing.
public struct RiskScore: Hashable, Sendable {
  public let parts: [Risk.Part]
  private let model: RiskModel?

  /// - Parameter dollars: the value of one piece in US dollars; nil when unknown.
  public init(
    findings: [Finding], duties: [DutyEstimate], classification: Classification, dollars: Decimal? = nil,
    familiarity: Familiarity = .known, model: RiskModel? = nil
  ) {
    self.init(
      RiskScore.parts(of: findings)
        + [
          Risk.Part(.anyGoods, 10), Risk.Part(.dutyAtStake, RiskScore.dutyAtStake(duties)),
          Risk.Part(.value, RiskScore.value(dollars)), Risk.Part(.anyDecision, 10),
          Risk.Part(.uncertainCode, RiskScore.uncertainty(classification)),
          Risk.Part(.nearSecond, RiskScore.nearness(classification)),
          Risk.Part(.vague, classification.isTooVague ? 25 : 0),
          Risk.Part(.newSupplier, familiarity.isSupplierKnown ? 0 : 10),
          Risk.Part(.newMarket, familiarity.isMarketKnown ? 0 : 5),
        ], model)
  }

  /// The same case with other findings.
  init(_ earlier: Risk, findings: [Finding], model: RiskModel?) {
    let found: Set<Risk.Part.Name> = [.penalties, .parties, .findings]
    self.init(RiskScore.parts(of: findings) + earlier.parts.filter { !found.contains($0.name) }, model)
  }

  private init(_ parts: [Risk.Part], _ model: RiskModel?) {
    let order = Risk.Part.Name.allCases
    self.parts = parts.filter { $0.points > 0 }
      .sorted { (order.firstIndex(of: $0.name) ?? 0) < (order.firstIndex(of: $1.name) ?? 0) }
    self.model = model
  }

  public var risk: Risk { Risk(parts: parts, model: model?.version) }
  public var impact: Int { min(100, sum { $0.isImpact }) }
  /// Learned from decisions where there are enough, else the parts' sum.
  public var uncertainty: Int { model?.percent(parts) ?? min(100, sum { !$0.isImpact }) }
  public var total: Int { (impact * uncertainty + 50) / 100 }

  private func sum(_ isCounted: (Risk.Part.Name) -> Bool) -> Int {
    parts.filter { isCounted($0.name) }.reduce(0) { $0 + $1.points }
  }

  private static func parts(of findings: [Finding]) -> [Risk.Part] {
    let blocking = findings.filter(\.blocksClearance)
    let gravest = blocking.map(\.effect).max()
    let further = min(20, 5 * max(0, blocking.count - 1))
    return [
      Risk.Part(.penalties, gravest == .prohibit ? 50 : gravest == .requireDocument ? 30 : gravest == .review ? 20 : 0),
      Risk.Part(.parties, blocking.contains { isAboutParties($0) } ? 20 : 0),
      Risk.Part(
        .findings,
        (gravest == .prohibit ? 60 : gravest == .requireDocument ? 40 : gravest == .review ? 30 : 0) + further),
    ]
  }

  private static func isAboutParties(_ finding: Finding) -> Bool {
    finding.ruleID == ScreenerRule.deniedParty.rawValue || finding.ruleID == ScreenerRule.embargo.rawValue
  }

  /// What the best candidate costs, and how far the others lie from it; not knowing counts as much as the most.
  private static func dutyAtStake(_ duties: [DutyEstimate]) -> Int {
    let shares = duties.map(share)
    guard let best = shares.first, let best else { return 15 }
    let known = shares.compactMap(\.self)
    let spread = (known.max() ?? best) - (known.min() ?? best)
    return min(15, whole(best) / 4) + min(15, whole(spread) / 2)
  }

  private static func share(_ estimate: DutyEstimate) -> Decimal? {
    guard let total = estimate.total, let value = estimate.customsValue, value.minorUnits > 0,
      total.currency == value.currency
    else { return nil }
    return (total.amount * 100).divided(by: value.amount, places: 0, .halfUp)
  }

  private static func whole(_ decimal: Decimal) -> Int {
    Int(clamping: decimal.rounded(places: 0, .halfUp).coefficient)
  }

  private static func value(_ dollars: Decimal?) -> Int {
    guard let dollars else { return 5 }
    return dollars < 50 ? 0 : dollars < 200 ? 5 : dollars < 1000 ? 10 : 15
  }

  private static func uncertainty(_ classification: Classification) -> Int {
    guard let best = classification.best else { return 50 }
    return Int((1_000_000 - best.confidence.millionths) / 20_000)
  }

  private static func nearness(_ classification: Classification) -> Int {
    guard classification.candidates.count > 1 else { return 0 }
    let (best, second) = (classification.candidates[0].confidence, classification.candidates[1].confidence)
    return Int(max(0, 300_000 - (best.millionths - second.millionths)) / 20_000)
  }
}
