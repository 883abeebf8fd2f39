import Domain

/// A market's rules with all their phrases in one automaton.
struct RuleBook: Sendable {
  struct CompiledRule: Sendable {
    var rule: ScreeningRule
    var tests: [CompiledTest]
    var except: [Int]
  }

  /// A class, because each product is held against hundreds of them, and few are more than looked at.
  final class CompiledTest: Sendable {
    let test: RuleTest
    let words: [Int]
    let withWords: [Int]
    let components: [[Int]]

    init(_ test: RuleTest, _ automaton: inout PhraseAutomaton) {
      self.test = test
      words = test.words.compactMap { automaton.add($0) }
      withWords = test.withWords.compactMap { automaton.add($0) }
      components = test.components.map { $0.names.compactMap { automaton.add($0) } }
    }

    /// What its words alone say: most tests fail for want of any.
    func mayHold(_ hits: PhraseHits) -> Bool { test.words.isEmpty || hits.mentions(words) }
  }

  private let rules: [CompiledRule]
  let automaton: PhraseAutomaton
  /// Whether any rule waits for what a shipment says.
  let asksShipments: Bool

  /// - Parameter prefix: stands before the ids of what the rules find.
  init(_ rules: [ScreeningRule], prefix: String = "") {
    var automaton = PhraseAutomaton()
    var compiled: [CompiledRule] = []
    compiled.reserveCapacity(rules.count)
    for var rule in rules {
      rule.id = prefix + rule.id
      let tests = rule.match.map { CompiledTest($0, &automaton) }
      compiled.append(CompiledRule(rule: rule, tests: tests, except: rule.except.compactMap { automaton.add($0) }))
    }
    automaton.finish()
    self.rules = compiled
    self.automaton = automaton
    asksShipments = rules.contains { $0.match.contains { $0.consignment != nil } }
  }

  func findings(_ facts: Facts) -> [Finding] {
    rules.indices.compactMap { index in
      guard rules[index].tests.contains(where: { $0.mayHold(facts.hits) }),
        rules[index].rule.validity.contains(facts.date)
      else { return nil }
      return RuleBook.finding(rules[index], facts)
    }
  }

  /// A test that holds decides; else one that could not be decided is itself a finding, because a fact that a rule needs
  /// and that nobody stated is not a clearance.
  private static func finding(_ compiled: CompiledRule, _ facts: Facts) -> Finding? {
    var undecided: (reasons: [String], observed: [Observation])?
    var waiting: [Observation]?
    for test in compiled.tests where test.mayHold(facts.hits) {
      switch TestEvaluation(test, except: compiled.except, facts).outcome {
      case .fails: continue
      case .holds(let observed): return spoken(compiled.rule, observed)
      case .undecided(let reasons, let observed): undecided = undecided ?? (reasons, observed)
      case .waitsForShipment(let observed): waiting = waiting ?? observed
      }
    }
    if let undecided { return open(compiled.rule, undecided.reasons, undecided.observed) }
    return waiting.map { later(compiled.rule, $0) }
  }

  private static func spoken(_ rule: ScreeningRule, _ observed: [Observation]) -> Finding {
    Finding(
      ruleID: rule.id, ruleVersion: rule.version, effect: rule.effect, summary: rule.summary,
      observed: Array(observed.prefix(observationsMax)), source: rule.source,
      requiredDocument: rule.requiredDocument, roles: rule.roles, reroute: rule.reroute)
  }

  /// All that the product itself can say holds; the rest is asked of each shipment.
  private static func later(_ rule: ScreeningRule, _ observed: [Observation]) -> Finding {
    Finding(
      ruleID: "\(rule.id)/by-shipment", ruleVersion: rule.version, effect: .inform,
      summary: "Depends on the shipment, and is asked of each. The rule: \(rule.summary)",
      observed: Array(observed.prefix(observationsMax)), source: rule.source, roles: rule.roles, reroute: rule.reroute)
  }

  private static func open(_ rule: ScreeningRule, _ reasons: [String], _ observed: [Observation]) -> Finding {
    Finding(
      ruleID: "\(rule.id)/undecided", ruleVersion: rule.version, effect: min(rule.effect, .review),
      summary: "Could not be decided, because \(reasons.joined(separator: " and ")). The rule: \(rule.summary)",
      observed: Array(observed.prefix(observationsMax)), source: rule.source, roles: rule.roles, reroute: rule.reroute)
  }

  private static let observationsMax = 4
}
