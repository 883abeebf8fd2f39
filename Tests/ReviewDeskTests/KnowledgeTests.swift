import Domain
import FoundationEssentials
import JSON
import TestSupport
import Testing

@testable import ReviewDeskEngine

@Suite("Drafts of policies and own rules")
struct KnowledgeTests {
  private static let policy = """
    {
      "name": "strict",
      "defaults": { "autoClearAt": 0.9,
        "suggestAt": 0.95, "requiredFields": ["origin", "colour"] }
    }
    """

  @Test func `a fault is told with its line and field, and what to do`() {
    let draft = RulesDraft(.policy, Self.policy)
    #expect(draft.content == nil)
    #expect(draft.faults.map(\.line) == [4, 4])
    #expect(draft.faults.map(\.field) == ["/defaults/suggestAt", "/defaults/requiredFields/1"])
    #expect(draft.faults.allSatisfy { !$0.problem.english.isEmpty && !$0.remedy.english.isEmpty })
  }

  @Test func `a fault is told in the reader's language, with what it is about`() {
    let faults = RulesDraft(.policy, Self.policy).faults
    #expect(faults.first?.problem.text(in: .malay) == "suggestAt 0.950 melebihi autoClearAt 0.900.")
    #expect(faults.last?.problem.text(in: .chinese) == "没有产品字段“colour”。")
    let broken = RulesDraft(.policy, "{").faults
    #expect(broken.first?.problem.text(in: .vietnamese) == "Đây không phải JSON. Ở đây cần một khóa.")
  }

  @Test func `what the readers of drafts object to is known, all of it`() throws {
    for file in [
      "JSON/JSONCursor", "JSON/JSONParser", "Domain/Policy/Policy", "Domain/MarketPack/OwnRules",
      "Domain/MarketPack/ScreeningRule", "Domain/MarketPack/RuleTest", "Domain/MarketPack/StrictMembers",
    ] {
      let path = "\(Repository.root)/Shared/\(file).swift"
      let literals = SourceLiterals.of(try String(contentsOf: URL(filePath: path), encoding: .utf8))
      for literal in literals where Self.objections.contains(where: literal.context.hasSuffix) {
        let text = literal.key.replacing("{0}", with: "x").replacing("{1}", with: "y")
        #expect(DraftWords.known(text) != nil, "\(file): \(text)")
      }
    }
  }

  private static let objections = ["failure(", "problem: ", "remedy: ", "pointer), ", "\"), "]

  @Test(arguments: ["", "{", "{\n\"name\":\n}", "[]", "null", "{\"name\": 3}", "\u{FEFF}"])
  func `whatever is written is judged and never trusted`(text: String) {
    for kind in RulesKind.allCases {
      let draft = RulesDraft(kind, text)
      #expect(draft.content == nil && draft.faults.count == 1)
    }
  }

  @Test func `what is right is kept as it is`() throws {
    let draft = RulesDraft(.policy, JSONLayout.text(Policy.starter.json))
    guard case .policy(let policy)? = draft.content else {
      Issue.record("\(draft.faults)")
      return
    }
    #expect(policy == .starter)
    let rules = RulesDraft(.ownRules, "{\"name\": \"house\", \"rules\": []}")
    #expect(rules.content != nil && rules.faults.isEmpty)
  }

  @Test(
    arguments: [
      ("/a", 2), ("/b/1/c", 6), ("/b/0", 4), ("/b/9", 3), ("/none", 1), ("", 1), ("/d~1e", 8), ("/b/1/x/y", 5),
    ])
  func `a pointer leads to the line of its value, or of what is around it`(pointer: String, line: Int) {
    let text = "{\n  \"a\": \"}{\\\"\",\n  \"b\": [\n    1,\n    {\n      \"c\": [2]\n    }],\n  \"d/e\": null\n}"
    #expect(JSONPlace.line(of: pointer, in: Array(text.utf8)) == (pointer == "/b/1/c" ? 6 : line))
  }

  @Test func `a difference keeps what is common`() {
    let difference = LineDifference(["a", "b", "c", "d"], ["a", "x", "c", "d", "e"])
    #expect(difference.lines == [.same("a"), .removed("b"), .added("x"), .same("c"), .same("d"), .added("e")])
    #expect(LineDifference(["a"], ["a"]).isEmpty)
    #expect(LineDifference([], ["a"]).lines == [.added("a")])
    let long = (0..<50).map { "\($0)" }
    #expect(LineDifference(long, long + ["new"]).excerpt(around: 2) == [.same("48"), .same("49"), .added("new")])
  }

  // MARK: Rights

  private func reviewer(_ name: String, _ roles: [PersonRole], isPerson: Bool = true) -> Reviewer {
    Reviewer(actor: .person(name), isPerson: isPerson, roles: Set(roles.map(\.rawValue)))
  }

  private func version(by name: String, wasInForce: Bool = false) -> RulesVersion {
    RulesVersion(number: 2, createdBy: .person(name), createdAt: Instant(microseconds: 0), wasInForce: wasInForce)
  }

  @Test func `nobody puts into force what they wrote, and nobody without the role anything`() throws {
    let lead = KnowledgeRights(reviewer("lee", [.complianceLead]))
    #expect(throws: Refusal.self) { try lead.requireActivating(version(by: "lee"), inForce: 1) }
    try lead.requireActivating(version(by: "mei"), inForce: 1)
    try lead.requireActivating(version(by: "lee", wasInForce: true), inForce: 1)
    #expect(throws: Refusal.self) { try lead.requireActivating(version(by: "mei"), inForce: 2) }
    for role in PersonRole.allCases where role != .complianceLead && role != .admin {
      let rights = KnowledgeRights(reviewer("lee", [role]))
      #expect(throws: Refusal.self, "\(role)") { try rights.requireActivating(version(by: "mei"), inForce: 1) }
    }
  }

  @Test func `drafts and precedents are for those who answer for them, never for machines`() {
    for role in PersonRole.allCases {
      let rights = KnowledgeRights(reviewer("a", [role]))
      #expect(rights.mayDraft == [.compliance, .complianceLead, .admin].contains(role), "\(role)")
      #expect(rights.mayKeepPrecedents == [.broker, .compliance, .complianceLead].contains(role), "\(role)")
    }
    let machine = KnowledgeRights(reviewer("a", PersonRole.allCases, isPerson: false))
    #expect(!machine.mayDraft && !machine.mayKeepPrecedents && !machine.mayActivate)
  }

  @Test func `a list is too old from the day after its age`() throws {
    let published = try #require(CalendarDate("2026-11-01"))
    let list = PartyListEntry(
      list: "x", version: "1", isOwn: false, source: RuleSource(authority: "A", instrument: "I", asOf: published),
      ageMaxDays: 7, entryCount: 1, activatedBy: .person("o"), activatedAt: Instant(microseconds: 0))
    #expect(!list.isStale(on: CalendarDate(daysSinceEpoch: published.daysSinceEpoch + 7)))
    #expect(list.isStale(on: CalendarDate(daysSinceEpoch: published.daysSinceEpoch + 8)))
  }
}
