import ComplianceScreeningEngine
import Domain
import JSON
import Testing

/// Codes that differ between markets, and rulings that differ between authorities.
struct ConflictTests {
  private static func chosen(_ market: String, _ code: String, isDecided: Bool = false) -> ChosenCode {
    ChosenCode(market: Fixtures.market(market), code: Fixtures.code(code), isDecided: isDecided)
  }

  private static func screen(_ elsewhere: [ChosenCode]) -> Finding? {
    Fixtures.screener.screen(
      Fixtures.product("Mug"), market: Fixtures.market("SG"), classification: Fixtures.classified("691200"),
      on: Fixtures.today, elsewhere: elsewhere
    ).finding("engine/codes-differ")
  }

  @Test func `a code that other markets do not have goes to the compliance lead, with theirs`() throws {
    let finding = try #require(
      ConflictTests.screen([
        ConflictTests.chosen("MY", "69120010"), ConflictTests.chosen("TH", "69111000", isDecided: true),
        ConflictTests.chosen("VN", "7013"),
      ]))
    #expect(finding.effect == .review && finding.roles == [.complianceLead])
    #expect(finding.observed.map(\.field) == ["/markets/TH", "/markets/VN"])
    #expect(finding.summary.contains("TH 6911.10.00 (decided)"))
  }

  @Test func `codes that differ in national digits only agree`() {
    #expect(ConflictTests.screen([ConflictTests.chosen("MY", "69120010"), ConflictTests.chosen("TH", "6912")]) == nil)
    #expect(ConflictTests.screen([]) == nil)
  }

  private static let rulings = try! Fixtures.folder.rulings()!

  private static func screen(_ title: String, _ code: String, _ rulings: RulingBook = rulings) -> Screening {
    Screener(packs: Fixtures.packs, parties: Fixtures.parties, embargo: Fixtures.embargo, rulings: rulings).screen(
      Fixtures.product(title), market: Fixtures.market("SG"), classification: Fixtures.classified(code),
      on: Fixtures.today)
  }

  @Test func `goods on which authorities disagree go to the compliance lead with both rulings`() throws {
    let screening = ConflictTests.screen("Power bank 10000mAh 3.7V", "850760")
    let finding = try #require(screening.finding("engine/rulings-disagree"))
    #expect(finding.effect == .review && finding.roles == [.complianceLead])
    #expect(finding.summary.contains("8504.40 and 8507.60"))
    let shown = finding.observed.filter { $0.field == "ruling" }.map(\.text)
    #expect(shown.count == 2, "one that was withdrawn is not shown")
    #expect(shown.contains { $0.contains("HQ H249299") } && shown.contains { $0.contains("NY 844425") })
    #expect(screening.listVersions.last == "rulings@\(ConflictTests.rulings.version)")
  }

  @Test func `another heading, other goods and rulings that agree are no conflict`() {
    #expect(ConflictTests.screen("Power bank pouch", "420292").finding("engine/rulings-disagree") == nil)
    #expect(ConflictTests.screen("Car battery", "850710").finding("engine/rulings-disagree") == nil)
    var agreeing = ConflictTests.rulings
    for index in agreeing.topics.indices {
      agreeing.topics[index].rulings.removeAll { $0.code.heading == "8504" }
    }
    #expect(
      ConflictTests.screen("Power bank 10000mAh 3.7V", "850760", agreeing).finding("engine/rulings-disagree") == nil)
  }

  @Test func `the rulings survive writing and reading, and each topic disagrees`() throws {
    #expect(try RulingBook.parse(ConflictTests.rulings.json.canonicalBytes) == ConflictTests.rulings)
    #expect(!ConflictTests.rulings.topics.contains { !$0.disagrees })
  }
}
