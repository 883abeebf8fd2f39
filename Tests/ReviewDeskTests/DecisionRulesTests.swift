import Domain
import JSON
import ReviewDeskEngine
import Testing

@Suite struct DecisionRulesTests {
  private static let broker = Reviewer(actor: .person("lim"), isPerson: true, roles: ["broker"])
  private static let lead = Reviewer(actor: .person("lead"), isPerson: true, roles: ["compliance-lead"])

  private static func file(_ state: CaseState = .awaitingDecision, prohibited: Bool = false) throws -> CaseFile {
    let market = try #require(Market("SG"))
    var file = CaseFile(
      id: CaseID(UniqueID(high: 1, low: 2)), revision: 1,
      product: Product(sku: "S", titles: [.init("Shirt")], markets: [market]),
      market: market, state: state, version: 4, openedAt: Instant(microseconds: 0))
    let code = try #require(HSCode("610910"))
    file.classification = Classification(
      candidates: [Candidate(code: code, title: "T-shirts", confidence: Confidence(0.7))], isTooVague: false,
      modelVersion: "1")
    let finding = Finding(ruleID: "r", ruleVersion: "1", effect: .prohibit, summary: "Not allowed.")
    file.screening = Screening(findings: prohibited ? [finding] : [], duties: [], riskScore: 1, packVersion: "1")
    file.routing = Routing(lane: .exception, reasons: [], roles: [.broker], policyVersion: 1)
    file.suggestAt = Confidence(0.5)
    return file
  }

  @Test(arguments: CaseState.allCases)
  func `a decision is possible exactly where the case's life has a place for it`(state: CaseState) throws {
    let rules = DecisionRules(try Self.file(state), Self.broker)
    let request = DecisionRequest(.reject, reason: "No.", expectedVersion: 4)
    if state.after(.decidedByPerson) == nil {
      #expect(throws: Refusal.self) { try rules.rule(request) }
    } else {
      #expect(try rules.rule(request) == .decide(.rejected, code: nil, reason: "No."))
    }
  }

  @Test func `approving needs a policy, a candidate above its threshold, and no prohibition`() throws {
    let request = DecisionRequest(.approve, expectedVersion: 4)
    var file = try Self.file()
    #expect(
      try DecisionRules(file, Self.broker).rule(request) == .decide(.approved, code: HSCode("610910"), reason: nil))
    file.suggestAt = Confidence(0.71)
    #expect(throws: Refusal.self) { try DecisionRules(file, Self.broker).rule(request) }
    file.suggestAt = nil
    #expect(throws: Refusal.self) { try DecisionRules(file, Self.broker).rule(request) }
    file = try Self.file(prohibited: true)
    #expect(throws: Refusal.self) { try DecisionRules(file, Self.lead).rule(request) }
    file = try Self.file()
    file.classification?.candidates = []
    #expect(throws: Refusal.self) { try DecisionRules(file, Self.broker).rule(request) }
  }

  @Test func `a prohibition is overridden by the compliance lead alone`() throws {
    let file = try Self.file(prohibited: true)
    let request = DecisionRequest(
      .override, code: HSCode("300490"), reason: "There is a permit.", expectedVersion: 4)
    #expect(throws: Refusal.self) { try DecisionRules(file, Self.broker).rule(request) }
    let admin = Reviewer(actor: .person("boss"), isPerson: true, roles: ["admin"])
    #expect(throws: Refusal.self) { try DecisionRules(file, admin).rule(request) }
    #expect(try DecisionRules(file, Self.lead).rule(request).event == .decidedByPerson)
  }

  @Test func `a machine decides nothing, whatever its roles`() throws {
    let machine = Reviewer(
      actor: Actor(name: "key:erp"), isPerson: false, roles: ["broker", "admin", "compliance-lead"])
    #expect(throws: Refusal.self) {
      try DecisionRules(try Self.file(), machine).rule(DecisionRequest(.reject, reason: "No.", expectedVersion: 4))
    }
    #expect(!machine.mayRead)
  }

  @Test func `every fault of a request is told at once`() throws {
    let refusal = #expect(throws: Refusal.self) {
      try DecisionRequest(["action": "override", "code": "12", "reason": 5, "colour": "red"])
    }
    #expect(Set(refusal?.issues.map(\.field) ?? []) == ["/code", "/reason", "/colour", "/expectedVersion"])
    #expect(throws: Refusal.self) { try DecisionRequest([]) }
  }
}
