import Domain

/// Orders the review queue. It is a sum of named parts, so that a reviewer can see where it comes from, and it decides
/// nothing.
public struct RiskScore: Hashable, Sendable {
  public struct Part: Hashable, Sendable {
    public var name: String
    public var points: Int
  }

  public let parts: [Part]
  public var total: Int { min(100, parts.reduce(0) { $0 + $1.points }) }

  public init(findings: [Finding], duties: [DutyEstimate], classification: Classification) {
    let blocking = findings.filter(\.blocksClearance)
    parts = [
      Part(name: "gravest finding", points: RiskScore.points(findings.map(\.effect).max())),
      Part(name: "further findings", points: min(15, 5 * max(0, blocking.count - 1))),
      Part(name: "party or embargo", points: blocking.contains { RiskScore.isAboutParties($0) } ? 20 : 0),
      Part(name: "uncertain code", points: RiskScore.uncertainty(classification)),
      Part(name: "duty not known", points: duties.first?.total == nil ? 5 : 0),
    ].filter { $0.points > 0 }
  }

  private static func points(_ effect: Finding.Effect?) -> Int {
    switch effect {
    case .prohibit: 60
    case .requireDocument: 35
    case .review: 25
    case .inform, nil: 0
    }
  }

  private static func isAboutParties(_ finding: Finding) -> Bool {
    finding.ruleID == ScreenerRule.deniedParty.rawValue || finding.ruleID == ScreenerRule.embargo.rawValue
  }

  private static func uncertainty(_ classification: Classification) -> Int {
    guard let best = classification.best else { return 20 }
    return Int((1_000_000 - best.confidence.millionths) / 50_000)
  }
}
