import ComplianceScreeningEngine
import Domain
import Names
import Testing

struct PartyScreenTests {
  @Test(arguments: [
    "Zarvanian Obsidian Trading Company Limited", "ZARVANIAN OBSIDIAN TRADING CO., LTD.",
    "Obsidian Zarvanian Trading", "Zarvanián Obsidian Trading", "Zarvanian Obsidien Trading Ltd",
    "P.T. Kelabu Nusantara Fiktif", "Kelabu Nusantara Fiktif, PT Tbk", "Marquez Imaginaria, Orlando Fictivo",
    "Cong ty TNHH Hu Cau Sao Bac", "虚构贸易有限公司", "บริษัท สมมติ ไม่มีจริง จำกัด (มหาชน)",
    "Quondam Phantom Electronics", "Velmora Unreal Aviation", "Kassandra",
  ])
  func `a listed name is found in other dress`(_ name: String) {
    #expect(!Fixtures.parties.hits(name).isEmpty)
  }

  @Test(arguments: [
    "Golden Star Trading International Ltd", "Global Trading Company", "International General Trading",
    "Obsidian Kitchenware Ltd", "Phantom Electronics Shenzhen Trading", "PT Nusantara Jaya", "Orlando Furniture",
    "Santos Trading", "Brightwater Springs", "Sunny Home", "", "   ", "Ltd", "Kassandra Lee Ceramics Studio",
  ])
  func `a single shared word, or common words alone, make no hit`(_ name: String) {
    #expect(Fixtures.parties.hits(name).map(\.entry.name) == [])
  }

  @Test func `a tenant's own list is screened beside the others`() {
    let own = PartyList(
      id: "tenant", version: "7", source: RuleSource(authority: "Seller", instrument: "Own list"),
      entries: [.init(id: "1", name: "Bitter Orchard Packaging Ltd")])
    let screen = PartyScreen(lists: [own])
    #expect(screen.hits("Bitter Orchard Packaging Pte Ltd").first?.permille == 1000)
    var product = Fixtures.product("Mug")
    product.supplier = Party(name: "BITTER ORCHARD PACKAGING")
    let screening = Fixtures.screener.screen(
      product, market: Fixtures.market("SG"), classification: Fixtures.classified("691200"), on: Fixtures.today,
      ownLists: screen)
    #expect(screening.finding("engine/denied-party")?.source?.authority == "Seller")
    #expect(screening.listVersions == ["sample@1", "tenant@7", "embargo@2026.11.2", "tariff-SG@2026.11.1"])
  }

  @Test(arguments: ["Zamyslov I. P.", "Zamyslov I.P.", "I. Zamyslov", "Замыслов И. П.", "Zamyslov Ivan P"])
  func `a person is found by initials where nobody says that it is a person`(_ name: String) {
    let list = PartyList(
      id: "own", version: "1", source: RuleSource(authority: "Seller", instrument: "Own list"),
      entries: [
        .init(id: "1", kind: .person, names: [ListedName("ZAMYSLOV, Ivan Petrovich")]),
        .init(id: "2", name: "I. P. Trading"),
      ])
    #expect(PartyScreen(lists: [list]).hits(name).map(\.entry.id) == ["1"])
  }

  @Test func `a list in the wrong form is an error with its line`() {
    let source = RuleSource(authority: "x", instrument: "y")
    func failure(_ text: String) -> PartyList.FormatError? {
      do throws(PartyList.FormatError) {
        _ = try PartyList(csv: Array(text.utf8), id: "x", version: "1", source: source)
        return nil
      } catch { return error }
    }
    #expect(failure("name\nA")?.line == 1)
    #expect(failure("id,name\n1,A\n2,\n")?.line == 3)
  }

  @Test func `a list is read with quoted names and either line end`() throws {
    let text = "id,name,note\r\n1,\"A, \"\"B\"\" Ltd\",x\r\n\r\n2,\"C\nD\"\n3,E"
    let list = try PartyList(
      csv: Array(text.utf8), id: "x", version: "1", source: RuleSource(authority: "x", instrument: "y"))
    #expect(list.entries.map(\.name) == ["A, \"B\" Ltd", "C\nD", "E"])
  }
}
