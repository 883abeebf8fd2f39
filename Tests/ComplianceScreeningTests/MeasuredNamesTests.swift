import ComplianceScreeningEngine
import Names
import Testing

/// Floors under what was measured on names and lists that nobody of us wrote.
@Suite(.enabled(if: SharedData.isPresent, "\(SharedData.absence)"), .timeLimit(.minutes(5)))
struct MeasuredNamesTests {
  private static let folder = "screening/ofac_2021-07-07"

  private static func lists() throws -> [PartyList] {
    let files = try ["sdn.csv", "alt.csv", "add.csv", "sdn_comments.csv"].map {
      ListFile(name: $0, bytes: try SharedData.read("\(folder)/\($0)"))
    }
    return try ListFolder(files, published: Fixtures.date("2021-07-07")).lists()
  }

  @Test func `pairs of names are told apart`() throws {
    let pairs = try PairEvaluation.pairs(csv: try SharedData.read("screening/name_pairs_dev.csv"))
    let result = PairEvaluation(pairs)
    #expect(result.f1 >= 0.92, "\(result.f1)")
    #expect(result.falsePositiveRate <= 0.12, "\(result.falsePositiveRate)")
  }

  @Test func `who is listed is found, and hardly anyone else`() throws {
    let queries = try ScreenEvaluation.queries(csv: try SharedData.read("screening/sdn_queries_dev.csv"))
    let screen = PartyScreen(lists: try Self.lists())
    let result = ScreenEvaluation(queries, in: screen)
    #expect(result.recall >= 0.97, "\(result.mistakes)")
    #expect(result.negativesFlagged <= 0.01, "\(result.mistakes)")
    #expect(result.hitsPerPositive <= 2)
    // Without what else is known of a person, the name alone.
    let bare = queries.map { ScreenEvaluation.Query(query: PartyQuery($0.query.name), expected: $0.expected) }
    let byName = ScreenEvaluation(bare, in: screen)
    #expect(byName.recall >= 0.97, "\(byName.mistakes)")
    #expect(byName.negativesFlagged <= 0.04, "\(byName.mistakes)")
  }

  @Test func `the official files are read whole`() throws {
    let sdn = try #require(try Self.lists().first)
    #expect(sdn.id == "us-ofac-sdn" && sdn.version.hasPrefix("2021-07-07-"))
    #expect(sdn.entries.count == 8976)
    #expect(sdn.entries.reduce(0) { $0 + $1.names.count } > 20_886)
    #expect(sdn.entries.filter { $0.kind == .person }.count == 4620)
    #expect(sdn.entries.filter { $0.kind == .person && !$0.births.isEmpty }.count > 3500)
    let un = try ListFolder(
      [ListFile(name: "un.xml", bytes: try SharedData.read("screening/un_2026-02-27/UN_consolidated.xml"))],
      published: nil
    ).lists()[0]
    #expect(un.id == "un-consolidated" && un.published == Fixtures.date("2026-02-27") && un.entries.count == 1003)
    #expect(un.entries.allSatisfy { !$0.name.isEmpty })
    let denied = try ListFolder(
      [ListFile(name: "denied.txt", bytes: try SharedData.read("screening/us_denied_persons.txt"))], published: nil
    ).lists()[0]
    #expect(denied.id == "us-denied-persons" && denied.entries.count == 665)
    #expect(Set(denied.entries.map(\.id)).count == 665)
  }
}
