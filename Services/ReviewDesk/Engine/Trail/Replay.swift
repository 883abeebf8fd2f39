import Domain

/// A case decided once more by what is in force today, beside what was found then. Nothing of it is stored.
public struct Replay: Sendable {
  public struct Outcome: Sendable {
    public var classification: Classification
    public var screening: Screening
    public var routing: Routing

    public init(classification: Classification, screening: Screening, routing: Routing) {
      self.classification = classification
      self.screening = screening
      self.routing = routing
    }
  }

  public struct Difference: Hashable, Sendable {
    public var what: Phrase
    public var then: Phrase
    public var today: Phrase

    public init(what: Phrase, then: Phrase, today: Phrase) {
      self.what = what
      self.then = then
      self.today = today
    }
  }

  public var then: Outcome
  public var today: Outcome

  public init(then: Outcome, today: Outcome) {
    self.then = then
    self.today = today
  }

  /// What would be another, the weightiest first; versions are told apart by `versions`.
  public var differences: [Difference] {
    let (then, today) = (then, today)
    var found: [Difference] = []
    func compare(_ what: Phrase, _ words: (Outcome) -> Phrase) {
      let (before, after) = (words(then), words(today))
      if before != after { found.append(Difference(what: what, then: before, today: after)) }
    }
    compare("Lane") { $0.routing.lane.phrase }
    compare("Best code") { $0.classification.best.map { .verbatim($0.code.dotted) } ?? "none" }
    compare("Confidence") { $0.classification.best.map { .verbatim($0.confidence.percent) } ?? "none" }
    compare("Description") { $0.classification.isTooVague ? "too vague" : "clear enough" }
    compare("Asked") { .list($0.routing.roles.map(\.phrase)) }
    compare("People needed") { $0.routing.requiresTwoPeople ? "two" : "one" }
    compare("Duty and taxes of the best code") { $0.screening.duties.first?.total.map { "\($0)" } ?? "not known" }
    compare("Risk") { "\($0.screening.riskScore)" }
    return found
  }

  /// Findings of the one and not of the other.
  public var gone: [Finding] { then.screening.findings.filter { Replay.lacks($0, today) } }
  public var new: [Finding] { today.screening.findings.filter { Replay.lacks($0, then) } }

  /// The same rule with the same effect is the same, though it saw the code at another confidence.
  private static func lacks(_ finding: Finding, _ outcome: Outcome) -> Bool {
    !outcome.screening.findings.contains {
      ($0.ruleID, $0.effect, $0.summary, $0.requiredDocument)
        == (finding.ruleID, finding.effect, finding.summary, finding.requiredDocument)
    }
  }

  public var wouldDiffer: Bool { !differences.isEmpty || !gone.isEmpty || !new.isEmpty }

  /// What was in force, then and today.
  public var versions: [Difference] {
    [
      Difference(
        what: "Model", then: .verbatim(then.classification.modelVersion),
        today: .verbatim(today.classification.modelVersion)),
      Difference(what: "Policy", then: "\(then.routing.policyVersion)", today: "\(today.routing.policyVersion)"),
      Difference(
        what: "Market pack", then: .verbatim(then.screening.packVersion), today: .verbatim(today.screening.packVersion)),
      Difference(
        what: "Lists, tariff and rules", then: .verbatim(then.screening.listVersions.joined(separator: ", ")),
        today: .verbatim(today.screening.listVersions.joined(separator: ", "))),
    ]
  }
}
