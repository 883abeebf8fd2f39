import Domain

/// A tenant's own rules in force, ready to be asked beside a market's.
public struct OwnRuleBook: Sendable {
  public let version: Int64
  let book: RuleBook

  public init(_ rules: OwnRules, version: Int64) {
    self.version = version
    book = RuleBook(rules.rules, prefix: "own/")
  }

  /// As screenings record it.
  public var name: String { "own-rules@\(version)" }
}
