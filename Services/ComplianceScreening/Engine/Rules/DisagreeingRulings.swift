import Domain

/// Speaks where authorities have ruled differently on goods of a kind, and one of their headings is a candidate.
struct DisagreeingRulings: Sendable {
  private let book: RuleBook
  private let topics: [String: RulingBook.Topic]
  private let rulings: RulingBook

  init(_ rulings: RulingBook) {
    self.rulings = rulings
    let topics = rulings.topics.filter(\.disagrees)
    self.topics = Dictionary(topics.map { ($0.id, $0) }) { first, _ in first }
    book = RuleBook(topics.map { DisagreeingRulings.rule($0, rulings.version) })
  }

  var version: String { "rulings@\(rulings.version)" }

  func findings(_ facts: Facts) -> [Finding] {
    book.findings(facts.read(by: book)).compactMap { spoken in
      guard let topic = topics[spoken.ruleID] else { return nil }
      let codes = Set(topic.standing.map(\.code.subheading)).sorted().compactMap { HSCode($0)?.dotted }
      return ScreenerRule.rulingsDisagree.finding(
        .review, "Authorities have ruled differently on \(topic.goods): \(codes.joined(separator: " and ")).",
        spoken.observed.prefix(2) + topic.standing.prefix(4).map(DisagreeingRulings.observation),
        roles: [.complianceLead])
    }
  }

  private static func observation(_ ruling: RulingBook.Ruling) -> Observation {
    Observation(
      field: "ruling",
      text: "\(ruling.authority), \(ruling.reference) of \(ruling.date): \(ruling.code.dotted). \(ruling.goods)")
  }

  private static func rule(_ topic: RulingBook.Topic, _ version: String) -> ScreeningRule {
    ScreeningRule(
      id: topic.id, version: version, effect: .review,
      match: [RuleTest(hsPrefixes: Set(topic.standing.map(\.code.heading)).sorted(), words: topic.words)],
      except: topic.except, summary: topic.goods,
      source: RuleSource(authority: "Pabean", instrument: "Rulings", asOf: topic.standing.map(\.date).max()))
  }
}
