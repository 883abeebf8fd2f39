import Domain
import JSON
import ReviewDeskEngine
import Testing

@Suite struct CasePageTests {
  private static func page(_ change: (inout CaseFile) throws -> Void = { _ in }) throws -> String {
    let market = try #require(Market("SG"))
    var product = Product(sku: "S", titles: [LocalizedText("เสื้อ", language: "th")], markets: [market])
    product.brand = "Sonara"
    var file = CaseFile(
      id: CaseID(UniqueID(high: 1, low: 2)), revision: 1, product: product, market: market, state: .awaitingDecision,
      version: 4, openedAt: Instant(microseconds: 0))
    file.routing = Routing(
      lane: .exception, reasons: [RoutingReason(.belowAutoClear, "Not sure enough.")], roles: [.broker],
      policyVersion: 1)
    try change(&file)
    let reviewer = Reviewer(actor: .person("lim"), isPerson: true, roles: ["broker"])
    let visitor = Visitor(account: "lim", tenant: "acme", isSandbox: true, formToken: "t0ken", reviewer: reviewer)
    return CasePage(file, visitor, now: Instant(microseconds: 0)).html.source
  }

  @Test func `the first line of a case says why it is here, a prohibition before anything else`() throws {
    #expect(
      try Self.page().contains("<main id=\"main\"><div class=\"why-here waits\"><p><strong>Why it is here: </strong>"))
    let prohibited = try Self.page { file in
      let finding = Finding(ruleID: "r", ruleVersion: "1", effect: .prohibit, summary: "Gum is banned.")
      file.screening = Screening(findings: [finding], duties: [], riskScore: 80, packVersion: "1")
    }
    #expect(prohibited.contains("Why it is here: </strong><span lang=\"en\" dir=\"auto\">Gum is banned.</span>"))
    #expect(prohibited.contains("<li><span lang=\"en\" dir=\"auto\">Not sure enough.</span></li>"))
    #expect(prohibited.contains("Only the compliance lead overrides a prohibition."))
    #expect(!prohibited.contains("value=\"approve\"") && !prohibited.contains("value=\"override\""))
  }

  @Test func `a foreign title names its language, and what is missing is named`() throws {
    let page = try Self.page()
    #expect(page.contains("<h1 lang=\"th\" dir=\"auto\">เสื้อ</h1>"))
    #expect(page.contains("<strong>Missing: </strong>description, materials"))
    #expect(page.contains("Sandbox"))
  }

  @Test func `every form carries the token, and every field that is typed in has a label`() throws {
    let page = try Self.page { $0.state = .awaitingInformation }
    let forms = page.split(separator: "<form ").dropFirst().filter { $0.hasPrefix("method=\"post\"") }
    #expect(forms.count == 8)
    #expect(forms.allSatisfy { $0.contains("name=\"token\" value=\"t0ken\"") })
    for id in ["override-code", "override-reason", "reject-reason", "ask-question", "answer-answer"] {
      #expect(page.contains("for=\"\(id)\"") && page.contains("id=\"\(id)\""), "\(id)")
    }
  }

  @Test
  func `how far the candidates together, heading and chapter can be relied on is told, and images are a click away`()
    throws
  {
    let page = try Self.page { file in
      file.product.imageAddresses = ["https://img.example/a.jpg"]
      let certainty = Certainty(
        chapter: Confidence(0.97), heading: Confidence(0.9), amongTwo: Confidence(0.8), amongThree: Confidence(0.95),
        amongFive: Confidence(0.98))
      file.classification = Classification(
        candidates: ["610910", "610990", "620520"].map {
          Candidate(code: HSCode($0)!, title: $0, confidence: Confidence(0.3))
        }, isTooVague: false, modelVersion: "1", certainty: certainty)
      #expect(file.json(for: .person("ana"))["certainty"]?["amongThree"]?.doubleValue == 0.95)
    }
    #expect(page.contains("one of these with 95 %; heading 6109 with 90 %, chapter 61 with 97 %."))
    #expect(page.contains("href=\"https://img.example/a.jpg\""))
  }

  @Test func `what a rule asks for is named where the case is cleared, and asked of nobody who rejects it`() throws {
    let page = try Self.page { file in
      let finding = Finding(
        ruleID: "r", ruleVersion: "1", effect: .requireDocument, summary: "Food.", requiredDocument: "Import permit")
      file.screening = Screening(findings: [finding], duties: [], riskScore: 30, packVersion: "1")
      file.suggestAt = Confidence(0.1)
      file.classification = Classification(
        candidates: [Candidate(code: HSCode("200819")!, title: "Nuts", confidence: Confidence(0.9))], isTooVague: false,
        modelVersion: "1")
    }
    for action in ["approve", "override"] {
      let form = try #require(page.split(separator: "value=\"\(action)\"").last?.split(separator: "</form>").first)
      #expect(form.contains("name=\"evidence\"") && form.contains("Import permit"), "\(action)")
    }
    #expect(page.ranges(of: "name=\"evidence\"").count == 2)
  }

  @Test func `the case shows what the product has in its other markets, and the shipments that wait for it`() throws {
    let page = try Self.page { file in
      let (here, there) = (file.market, Market("TH")!)
      let other = CaseID(UniqueID(high: 7, low: 7))
      let code = HSCode("610910")!
      file.markets = MarketMatrix(
        sku: "S", title: "Shirt", revision: 1,
        rows: [
          .init(
            caseID: file.id, market: here, state: .awaitingDecision, lane: .exception, candidate: nil, decision: nil,
            screening: nil),
          .init(
            caseID: other, market: there, state: .writtenBack, lane: .auto,
            candidate: Candidate(code: code, title: "T-shirts", confidence: Confidence(0.97)), decision: nil,
            screening: nil),
        ])
      file.awaitedBy = [
        ProductFile.Use(
          shipmentID: ShipmentID(UniqueID(high: 3, low: 3)), reference: "ORD-7", market: here, state: .waiting, line: 1,
          status: "waiting")
      ]
    }
    #expect(page.contains("<strong>SG</strong> (this case)"))
    #expect(page.contains("<a href=\"/cases/\(CaseID(UniqueID(high: 7, low: 7)))\">TH</a>") && page.contains("6109.10"))
    #expect(page.contains("Held up by it:") && page.contains("Shipment ORD-7"))
    #expect(!(try Self.page()).contains("In each market"))
  }

  @Test func `how sure something was is a share, wherever it is said`() throws {
    let page = try Self.page { file in
      let text = "Confidence 0.278 is below the 0.900 needed to clear without a person."
      file.routing?.reasons = [RoutingReason(.belowAutoClear, text)]
      let finding = Finding(
        ruleID: "r", ruleVersion: "1", effect: .review, summary: "Look.",
        observed: [Observation(field: "/classification/candidates/0", text: "2106.90 at 0.278")])
      file.screening = Screening(findings: [finding], duties: [], riskScore: 30, packVersion: "1")
      file.classification = Classification(
        candidates: [Candidate(code: HSCode("210690")!, title: "Food", confidence: Confidence(0.278_9))],
        isTooVague: false, modelVersion: "1")
      file.suggestAt = Confidence(0.5)
      for (kind, data) in [
        ("classified", #"{"code":"210690","confidence":0.278900}"#),
        ("held-for-decision", #"{"reasons":[{"kind":"belowAutoClear","text":"\#(text)"}]}"#),
      ] {
        let entry = #"{"kind":"case.\#(kind)","actor":"system:x","at":"2026-11-20T10:00:00Z","data":\#(data)}"#
        file.history.append(try HistoryEntry(sequence: 1, content: entry))
      }
    }
    #expect(page.contains("Confidence 27.8 % is below the 90 % needed"))
    #expect(page.contains("2106.90 at 27 %") && page.contains("confidence: </span><span dir=\"auto\">27 %"))
    #expect(page.contains("has confidence 27 %, and the policy suggests codes from 50 % up"))
    let words = page.replacing("value=\"0.278\"", with: "")
    #expect(!words.contains("0.27") && !words.contains("0.9"), "\(words)")
  }

  @Test func `whoever lacks a role that a finding names is told which, and gets no form to clear the case`() throws {
    let page = try Self.page { file in
      let finding = Finding(
        ruleID: "r", ruleVersion: "1", effect: .review, summary: "The supplier is listed.", roles: [.complianceLead])
      file.screening = Screening(findings: [finding], duties: [], riskScore: 80, packVersion: "1")
    }
    #expect(page.contains("The supplier is listed. Clearing this case takes the role compliance lead"))
    #expect(!page.contains("value=\"approve\"") && !page.contains("value=\"override\""))
    #expect(page.contains("value=\"reject\"") && page.contains("value=\"ask\""))
  }

  @Test func `whoever may not decide is told who does, and gets no form`() throws {
    let page = try Self.page { $0.routing?.roles = [.finance] }
    #expect(page.contains("It is decided by: finance.") && !page.contains("/decision"))
  }
}
