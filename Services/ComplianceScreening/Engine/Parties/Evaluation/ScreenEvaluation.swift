import Names

/// How well a list is searched, measured on names of which it is known whom they mean, if anyone listed.
public struct ScreenEvaluation: Sendable {
  public struct Query: Sendable {
    public var query: PartyQuery
    /// nil for a name that is on no list.
    public var expected: String?

    public init(query: PartyQuery, expected: String?) {
      self.query = query
      self.expected = expected
    }
  }

  public private(set) var positives = 0
  public private(set) var found = 0
  public private(set) var negatives = 0
  public private(set) var flagged = 0
  public private(set) var hits = 0
  /// Names that were missed, and names that were flagged though on no list.
  public private(set) var mistakes: [String] = []
  public let millisecondsPerQuery: Double
  public let threshold: Double

  public init(_ queries: [Query], in screen: PartyScreen, threshold: Double = NameMatch.threshold) {
    self.threshold = threshold
    Name.prepare()
    let start = ContinuousClock.now
    let results = queries.map { screen.hits($0.query, threshold: threshold).map(\.entry.id) }
    millisecondsPerQuery = (ContinuousClock.now - start) / .milliseconds(1) / Double(max(1, queries.count))
    for (query, ids) in zip(queries, results) { count(query, ids) }
  }

  private mutating func count(_ query: Query, _ ids: [String]) {
    if let expected = query.expected {
      positives += 1
      hits += ids.count
      if ids.contains(expected) { found += 1 } else { mistakes.append("missed: \(query.query.name)") }
    } else {
      negatives += 1
      if !ids.isEmpty {
        flagged += 1
        mistakes.append("flagged: \(query.query.name)")
      }
    }
  }

  public var recall: Double { positives == 0 ? 0 : Double(found) / Double(positives) }
  public var negativesFlagged: Double { negatives == 0 ? 0 : Double(flagged) / Double(negatives) }
  public var hitsPerPositive: Double { positives == 0 ? 0 : Double(hits) / Double(positives) }

  /// Columns query and expected_id; schema, dob and country where they are known.
  public static func queries(csv: [UInt8]) throws(PartyList.FormatError) -> [Query] {
    let table = try AnswerTable(csv: csv, required: ["query", "expected_id"])
    var queries: [Query] = []
    for row in table.rows {
      let expected = table.text(row, "expected_id")
      queries.append(
        Query(
          query: PartyQuery(
            table.text(row, "query"), kind: ListText.kind(table.text(row, "schema")),
            birth: BirthDate(text: table.text(row, "dob")),
            country: CountryReading.country(table.text(row, "country"))),
          expected: expected.isEmpty ? nil : expected))
    }
    return queries
  }
}
