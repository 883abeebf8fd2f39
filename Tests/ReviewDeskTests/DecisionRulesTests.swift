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

  @Test func `every finding that blocks is answered for by a role that it names, not by any role of the routing`()
    throws
  {
    var file = try Self.file()
    file.screening?.findings = [
      Finding(
        ruleID: "denied-party", ruleVersion: "1", effect: .review, summary: "A party is listed.",
        roles: [.complianceLead]),
      Finding(
        ruleID: "battery", ruleVersion: "1", effect: .review, summary: "A battery.", roles: [.logistics, .compliance]),
    ]
    file.routing?.roles = [.broker, .compliance, .complianceLead, .logistics]
    let approval = DecisionRequest(.approve, expectedVersion: 4)
    let override = DecisionRequest(.override, code: HSCode("610910"), reason: "It is a T-shirt.", expectedVersion: 4)
    func reviewer(_ roles: String...) -> Reviewer {
      Reviewer(actor: .person("lim"), isPerson: true, roles: Set(roles))
    }
    for person in [
      reviewer("broker"), reviewer("admin"), reviewer("admin", "broker", "logistics"), reviewer("compliance"),
    ] {
      for request in [approval, override] {
        let refusal = #expect(throws: Refusal.self) { try DecisionRules(file, person).rule(request) }
        #expect(refusal?.kind == .forbidden && refusal?.detail.english.contains("compliance lead") == true)
      }
      #expect(
        try DecisionRules(file, person).rule(DecisionRequest(.reject, reason: "No.", expectedVersion: 4)).event
          == .decidedByPerson)
      #expect(
        try DecisionRules(file, person).rule(DecisionRequest(.ask, question: "Who?", expectedVersion: 4)).event
          == .informationRequested)
    }
    #expect(try DecisionRules(file, Self.lead).rule(approval).event == .decidedByPerson)
    file.screening?.findings.removeFirst()
    #expect(throws: Refusal.self) { try DecisionRules(file, Self.broker).rule(approval) }
    #expect(try DecisionRules(file, reviewer("logistics")).rule(approval).event == .decidedByPerson)
  }

  @Test func `a trigger of the policy is answered for by a role that it names`() throws {
    var file = try Self.file()
    file.triggers = [Trigger(id: "arms", hsPrefixes: ["93"], reason: "Arms.", roles: [.complianceLead])]
    #expect(
      try DecisionRules(file, Self.broker).rule(DecisionRequest(.approve, expectedVersion: 4)).event == .decidedByPerson
    )
    let code = try #require(HSCode("930200"))
    file.codeScreening = CodeScreening(code: code, findings: [], packVersion: "SG@1")
    let override = DecisionRequest(.override, code: code, reason: "A revolver after all.", expectedVersion: 4)
    let refusal = #expect(throws: Refusal.self) { try DecisionRules(file, Self.broker).rule(override) }
    #expect(refusal?.kind == .forbidden && refusal?.detail.english.hasPrefix("Arms.") == true)
    #expect(try DecisionRules(file, Self.lead).rule(override).event == .decidedByPerson)
  }

  @Test func `a code that was not screened takes the compliance lead, and what its screening finds counts`() throws {
    var file = try Self.file()
    let code = try #require(HSCode("300490"))
    let override = DecisionRequest(.override, code: code, reason: "It is a medicine.", expectedVersion: 4)
    #expect(throws: Refusal.self) { try DecisionRules(file, Self.broker).rule(override) }
    #expect(try DecisionRules(file, Self.lead).rule(override).event == .decidedByPerson)

    file.codeScreening = CodeScreening(code: code, findings: [], packVersion: "SG@1")
    #expect(try DecisionRules(file, Self.broker).rule(override).event == .decidedByPerson)
    let ban = Finding(ruleID: "ban", ruleVersion: "1", effect: .prohibit, summary: "Banned.", roles: [.broker])
    file.codeScreening?.findings = [ban]
    #expect(throws: Refusal.self) { try DecisionRules(file, Self.broker).rule(override) }
    #expect(try DecisionRules(file, Self.lead).rule(override).event == .decidedByPerson)

    file = try Self.file()
    file.product.suppliedCode = code
    #expect(
      try DecisionRules(file, Self.broker).rule(override).event == .decidedByPerson, "it was screened as supplied")
    let (older, newer) = (try #require(HSEdition("2017")), try #require(HSEdition("2022")))
    let today = try #require(HSCode("621020"))
    file.classification?.supplied = HSConversion(code: code, from: older, to: newer, codes: [today])
    #expect(throws: Refusal.self, "it was screened as what it became") {
      try DecisionRules(file, Self.broker).rule(override)
    }
    let became = DecisionRequest(.override, code: today, reason: "An anorak.", expectedVersion: 4)
    #expect(try DecisionRules(file, Self.broker).rule(became).event == .decidedByPerson)
    file.classification?.supplied = nil
    file.classification?.candidates.append(
      Candidate(code: try #require(HSCode("610990")), title: "Other", confidence: Confidence(0.1)))
    let unlikely = DecisionRequest(.approve, code: HSCode("610990"), expectedVersion: 4)
    #expect(throws: Refusal.self) { try DecisionRules(file, Self.broker).rule(unlikely) }
  }

  @Test func `a code that no nomenclature has is nobody's to choose`() throws {
    var file = try Self.file()
    let code = try #require(HSCode("99999999"))
    file.unknownCode = code
    let override = DecisionRequest(.override, code: code, reason: "I typed too fast.", expectedVersion: 4)
    let refusal = #expect(throws: Refusal.self) { try DecisionRules(file, Self.lead).rule(override) }
    #expect(refusal?.kind == .unprocessable && refusal?.issues.map(\.field) == ["/code"])
  }

  @Test func `a case that asks for documents is cleared by nobody who does not say where they are`() throws {
    var file = try Self.file()
    file.screening?.findings = [
      Finding(
        ruleID: "food", ruleVersion: "1", effect: .requireDocument, summary: "Food.", requiredDocument: "Import permit"),
      Finding(ruleID: "note", ruleVersion: "1", effect: .inform, summary: "Note.", requiredDocument: nil),
    ]
    #expect(file.documentsAsked == ["Import permit"])
    var requests = [
      DecisionRequest(.approve, reason: "It is clear.", expectedVersion: 4),
      DecisionRequest(.override, code: HSCode("610910"), reason: "It is a T-shirt.", expectedVersion: 4),
    ]
    for request in requests {
      for person in [Self.broker, Self.lead] {
        let refusal = #expect(throws: Refusal.self) { try DecisionRules(file, person).rule(request) }
        #expect(refusal?.issues.map(\.field) == ["/evidence"])
        #expect(refusal?.issues.first?.problem.english.contains("Import permit") == true)
      }
    }
    for index in requests.indices { requests[index].evidence = "IP 2026/118" }
    for request in requests {
      guard case .decide(_, _, let reason) = try DecisionRules(file, Self.broker).rule(request) else {
        Issue.record("not decided")
        continue
      }
      #expect(reason == "\(request.reason ?? "")\nDocuments: IP 2026/118", "it stands on the record")
    }
    let rejection = DecisionRequest(.reject, reason: "No permit.", expectedVersion: 4)
    #expect(try DecisionRules(file, Self.broker).rule(rejection).event == .decidedByPerson)

    file.screening?.findings = []
    let code = try #require(HSCode("300490"))
    let permit = Finding(
      ruleID: "m", ruleVersion: "1", effect: .requireDocument, summary: "A medicine needs a licence.")
    file.codeScreening = CodeScreening(code: code, findings: [permit], packVersion: "SG@1")
    let override = DecisionRequest(.override, code: code, reason: "It is a medicine.", expectedVersion: 4)
    let refusal = #expect(throws: Refusal.self) { try DecisionRules(file, Self.broker).rule(override) }
    #expect(refusal?.issues.map(\.field) == ["/evidence"], "what the new code asks for counts")
  }

  @Test func `an answer is refused when the case is at another version than its sender saw`() throws {
    let rules = DecisionRules(try Self.file(.awaitingInformation), Self.broker)
    try rules.accept(AnswerRequest(["answer": "Cotton."]))
    try rules.accept(AnswerRequest(["answer": "Cotton.", "expectedVersion": 4]))
    let refusal = #expect(throws: Refusal.self) {
      try rules.accept(AnswerRequest(["answer": "Cotton.", "expectedVersion": 3]))
    }
    #expect(refusal?.kind == .conflict)
    #expect(throws: Refusal.self) { try AnswerRequest(["answer": "Cotton.", "expectedVersion": "4"]) }
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
