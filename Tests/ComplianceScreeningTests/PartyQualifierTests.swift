import ComplianceScreeningEngine
import Domain
import Names
import Testing

struct PartyQualifierTests {
  private static let source = RuleSource(authority: "Test", instrument: "List", asOf: Fixtures.date("2026-11-10"))
  private static let list = PartyList(
    id: "test", version: "1", source: source,
    entries: [
      ListedParty(
        id: "P1", kind: .person,
        names: [ListedName("FERRINAND, Tobias Emil"), ListedName("Kharento", .weak)],
        births: [BirthDate(Fixtures.date("1971-01-05"))], countries: [Fixtures.country("IR")], identifiers: ["J123456"]),
      ListedParty(id: "V1", kind: .vessel, names: [ListedName("ORVANTA STAR 5")], identifiers: ["9123456"]),
      ListedParty(id: "E1", kind: .organisation, names: [ListedName("ORVANTA TRADING LLC")]),
    ])
  private static let screen = PartyScreen(lists: [list])

  private func score(_ query: PartyQuery) -> Double { Self.screen.hits(query, threshold: 0.3).first?.score ?? 0 }

  @Test func `a date of birth speaks for or against`() throws {
    let bare = score(PartyQuery("Tobias Ferrinand"))
    let same = score(PartyQuery("Tobias Ferrinand", birth: BirthDate(text: "1971")))
    let near = score(PartyQuery("Tobias Ferrinand", birth: BirthDate(text: "1972-01-03")))
    let other = score(PartyQuery("Tobias Ferrinand", birth: BirthDate(text: "1990-07-01")))
    #expect(same > bare && bare > near && near > other)
    #expect(Self.screen.hits(PartyQuery("Tobias Emil Ferrinand", birth: BirthDate(text: "1990"))).isEmpty)
  }

  @Test func `a country speaks a little`() {
    let bare = score(PartyQuery("Tobias Ferrinand"))
    #expect(score(PartyQuery("Tobias Ferrinand", country: Fixtures.country("IR"))) > bare)
    #expect(score(PartyQuery("Tobias Ferrinand", country: Fixtures.country("NO"))) < bare)
  }

  @Test func `an identifier is a hit whatever the name`() throws {
    let hit = try #require(Self.screen.hits(PartyQuery("Somebody Else", identifiers: ["j-123 456"])).first)
    #expect(hit.entry.id == "P1" && hit.pieces.contains { $0.kind == .identifier })
    #expect(Self.screen.hits(PartyQuery("Somebody Else", identifiers: ["J123457", "12"])).isEmpty)
  }

  @Test func `a weak name is a hit only in full`() {
    #expect(Self.screen.hits("Kharento").first?.entry.id == "P1")
    #expect(Self.screen.hits("Kharentu").isEmpty)
    #expect(Self.screen.hits("Kharento Lee").isEmpty)
  }

  @Test func `a hit is explained to the person who decides`() throws {
    var product = Fixtures.product("Mug")
    product.supplier = Party(name: "Tobias Ferinand", country: Fixtures.country("IR"))
    let screener = Screener(packs: Fixtures.packs, parties: Self.screen, embargo: Embargo(version: "none", entries: []))
    let screening = screener.screen(
      product, market: Fixtures.market("SG"), classification: Fixtures.classified("691200"), on: Fixtures.today)
    let finding = try #require(screening.findings.first { $0.ruleID == "engine/denied-party" })
    #expect(finding.effect == .review && finding.observed[0].field == "/supplier/name")
    let reasons = finding.observed.dropFirst().map(\.text)
    #expect(reasons.contains { $0.hasPrefix("'ferinand' is nearly 'ferrinand'") }, "\(reasons)")
    #expect(reasons.contains { $0.contains("'emil' stands only on the list") }, "\(reasons)")
    #expect(reasons.contains { $0.contains("IR agrees") }, "\(reasons)")
  }

  @Test func `a list that is too old is a finding`() {
    let screener = Screener(packs: Fixtures.packs, parties: Self.screen, embargo: Embargo(version: "none", entries: []))
    func stale(on date: String) -> [Finding] {
      screener.screen(
        Fixtures.product("Mug"), market: Fixtures.market("SG"), classification: Fixtures.classified("691200"),
        on: Fixtures.date(date)
      ).findings.filter { $0.ruleID == "engine/stale-list" }
    }
    #expect(stale(on: "2026-12-10").isEmpty)
    #expect(stale(on: "2026-12-11").map(\.effect) == [.review])
  }

  @Test func `what a person judged before is told and asks nobody, until it expires or the entry changes`() throws {
    let entry = Self.list.entries[0]
    let until = Instant(microseconds: Fixtures.date("2026-12-31").daysSinceEpoch * 86_400_000_000)
    let cleared = PartyClearances([.init("TOBIAS FERRINAND", isNot: entry, on: "test"): until])
    var product = Fixtures.product("Mug")
    product.supplier = Party(name: "Tobias Ferrinand")
    func effect(_ screen: PartyScreen, on date: String) -> Finding.Effect? {
      Screener(packs: Fixtures.packs, parties: screen, embargo: Embargo(version: "none", entries: [])).screen(
        product, market: Fixtures.market("SG"), classification: Fixtures.classified("691200"), on: Fixtures.date(date),
        cleared: cleared
      ).findings.first { $0.ruleID == "engine/denied-party" }?.effect
    }
    #expect(effect(Self.screen, on: "2026-12-30") == .inform)
    #expect(effect(Self.screen, on: "2027-01-01") == .review)
    var changed = Self.list
    changed.entries[0].programmes = ["new"]
    #expect(effect(PartyScreen(lists: [changed]), on: "2026-12-30") == .review)
    product.supplier = Party(name: "Tobias Emil Ferrinand")
    #expect(effect(Self.screen, on: "2026-12-30") == .review)
  }

  @Test func `a vessel is searched among vessels`() {
    let hits = PartyInRole(.vessel, PartyQuery("MV Orvanta Star 6")).findings(in: [Self.screen], on: Fixtures.today)
    #expect(hits.first?.observed.first?.field == "/vessel")
    #expect(
      PartyInRole(.vessel, PartyQuery("Tobias Ferrinand")).findings(in: [Self.screen], on: Fixtures.today).isEmpty)
  }
}
