import ComplianceScreeningEngine
import Domain
import JSON
import Testing

/// A tenant's rules beside the market's.
struct OwnRulesTests {
  private static let text = #"""
    {"name":"House rules","rules":[
      {"id":"no-feathers","version":"3","effect":"prohibit","match":[{"words":["feather"],"destinations":["SG"]}],
       "summary":"We send no feathers.","source":{"authority":"Acme","instrument":"House rules","excerpt":"E","asOf":"2026-01-01"},
       "roles":["legal"]}]}
    """#

  private static func rules(_ text: String) throws -> OwnRules {
    try OwnRules(json: JSONCursor(try JSONParser.parse(Array(text.utf8))))
  }

  private static func screen(_ title: String, _ market: String, _ book: OwnRuleBook?) -> Screening {
    Fixtures.screener.screen(
      Fixtures.product(title), market: Fixtures.market(market), classification: Fixtures.classified("691200"),
      on: Fixtures.today, ownRules: book)
  }

  @Test func `speak beside the market's, under their own names, and their version is recorded`() throws {
    let book = OwnRuleBook(try OwnRulesTests.rules(OwnRulesTests.text), version: 7)
    let screening = OwnRulesTests.screen("Mug with feathers and a flick knife", "SG", book)
    let finding = try #require(screening.finding("own/no-feathers"))
    #expect(finding.ruleVersion == "3" && finding.effect == .prohibit && finding.roles == [.legal])
    #expect(screening.blocking.contains { $0.hasPrefix("SG-") }, "the market's rules still speak")
    #expect(screening.listVersions.last == "own-rules@7")
    #expect(OwnRulesTests.screen("Mug with feathers", "MY", book).finding("own/no-feathers") == nil)
    #expect(OwnRulesTests.screen("Mug with feathers", "SG", nil).finding("own/no-feathers") == nil)
  }

  @Test func `are read back as they were stored`() throws {
    let rules = try OwnRulesTests.rules(OwnRulesTests.text)
    #expect(try OwnRules(json: JSONCursor(JSONParser.parse(rules.json.canonicalBytes))) == rules)
  }

  @Test(arguments: [
    (#""id":"no-feathers""#, #""identity":"x""#, "/rules/0"), (#""words":["feather"]"#, #""words":[""]"#, "/words/0"),
    (#""destinations":["SG"]"#, #""destinations":["Singapore"]"#, "/rules/0/match/0/destinations/0"),
    (#""effect":"prohibit""#, #""effect":"forbid""#, "/rules/0/effect"),
    (#""words":["feather"],"#, #""word":["feather"],"#, "/rules/0/match/0/word"),
    (#""words":["feather"],"#, #""consignment":{},"#, "/rules/0/match/0/consignment"),
    (#""words":["feather"],"#, #""consignment":{"kind":"box"},"#, "/rules/0/match/0/consignment/kind"),
    (#""words":["feather"],"#, #""consignment":{"quantityAbove":-1},"#, "/rules/0/match/0/consignment/quantityAbove"),
    (
      #""words":["feather"],"#, #""numbers":[{"quantity":"parsecs","above":1}],"#, "/rules/0/match/0/numbers/0/quantity"
    ),
    (
      #""words":["feather"],"#, #""numbers":[{"quantity":"watts","above":5,"atMost":5}],"#,
      "/rules/0/match/0/numbers/0/atMost"
    ),
    (
      #""words":["feather"],"#,
      #""valueAbove":{"amount":"9","currency":"SGD"},"valueAtMost":{"amount":"8","currency":"SGD"},"#,
      "/rules/0/match/0/valueAtMost"
    ),
    (#""roles":["legal"]"#, #""roles":["legal"],"reroute":{"market":"MY"}"#, "/rules/0/reroute"),
    (#""roles":["legal"]"#, #""roles":[]"#, "/rules/0/roles"),
  ]) func `a mistake is named by its field`(_ right: String, _ wrong: String, _ place: String) {
    let text = OwnRulesTests.text.replacing(right, with: wrong)
    #expect(text != OwnRulesTests.text)
    let error = #expect(throws: JSONError.self) { try OwnRulesTests.rules(text) }
    #expect(error?.description.contains(place) == true, "\(error?.description ?? "")")
  }

  @Test func `an id that stands twice is refused`() throws {
    var rules = try OwnRulesTests.rules(OwnRulesTests.text)
    rules.rules.append(rules.rules[0])
    #expect(throws: JSONError.self) { try OwnRules(json: JSONCursor(rules.json)) }
  }
}
