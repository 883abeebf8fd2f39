import CSV
import Crypto
import Domain
import JSON
import Testing
import WritebackEngine

enum Outcomes {
  static let document = DeliveredDocument(
    name: "decision-record.pdf", sha256: SHA256.hash("abc"), link: "https://pabean.example/documents/1")

  static let decided = OutcomePayload.caseDecided(
    CaseOutcome(
      sku: "TS-1", revision: 3, market: Market("SG")!, state: .cleared, lane: .exception,
      code: HSCode("61091000")!, confidence: Confidence(millionths: 912_500), decidedBy: "person:aisyah",
      decidedAt: Instant("2026-01-31T08:00:00Z")!,
      decisionID: DecisionID("01234567-89ab-8def-8123-456789abcdef")!, sequence: 2,
      expected: RecordedValue(code: HSCode("610910"), version: "7"), documents: [document]))

  static let rejected = OutcomePayload.caseDecided(
    CaseOutcome(
      sku: "=cmd|' /C calc'!A0", revision: 1, market: Market("ID")!, state: .rejected, lane: .manual, code: nil,
      isNationalCodePending: true, confidence: nil, decidedBy: "system:policy",
      decidedAt: Instant("2026-01-31T08:00:00.25Z")!,
      decisionID: DecisionID("11234567-89ab-8def-8123-456789abcdef")!, sequence: 1))

  static let documented = OutcomePayload.shipmentSettled(
    ShipmentOutcome(
      reference: "SO-1", market: Market("TH")!, state: .documented, at: Instant("2026-02-01T00:00:00Z")!,
      sequence: 1,
      lines: [
        .init(
          number: 1, sku: "TS-1", status: .cleared, code: HSCode("610910"),
          decisionID: DecisionID("01234567-89ab-8def-8123-456789abcdef")!),
        .init(number: 2, sku: "TS-2", status: .waiting, code: nil, decisionID: nil),
      ], documents: [document]))

  static let held = OutcomePayload.shipmentSettled(
    ShipmentOutcome(
      reference: "SO-2", market: Market("TH")!, state: .held, at: Instant("2026-02-01T00:00:00Z")!, sequence: 2,
      reason: "Line 1 (TS-1) was rejected: used clothing",
      lines: [
        .init(
          number: 1, sku: "TS-1", status: .rejected, code: nil,
          decisionID: DecisionID("01234567-89ab-8def-8123-456789abcdef")!)
      ], documents: []))
}

@Suite struct OutcomePayloadTests {
  @Test func `a decided case has its golden form`() {
    #expect(
      Outcomes.decided.json.text == """
        {"type":"pabean.case.outcome.v1","timestamp":"2026-01-31T08:00:00.000000Z","data":{"sku":"TS-1","revision":3,\
        "market":"SG","sequence":2,"state":"cleared","lane":"exception","code":"61091000",\
        "nationalCodePending":false,"confidence":0.9125,"decidedBy":"person:aisyah",\
        "decidedAt":"2026-01-31T08:00:00.000000Z","decisionId":"01234567-89ab-8def-8123-456789abcdef",\
        "expected":{"code":"610910","version":"7"},"documents":[{"name":"decision-record.pdf",\
        "sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",\
        "link":"https://pabean.example/documents/1"}]}}
        """)
  }

  @Test func `a rejected case has its golden form`() {
    #expect(
      Outcomes.rejected.json.text == """
        {"type":"pabean.case.outcome.v1","timestamp":"2026-01-31T08:00:00.250000Z","data":{"sku":"=cmd|' /C calc'!A0",\
        "revision":1,"market":"ID","sequence":1,"state":"rejected","lane":"manual",\
        "nationalCodePending":true,"decidedBy":"system:policy","decidedAt":"2026-01-31T08:00:00.250000Z",\
        "decisionId":"11234567-89ab-8def-8123-456789abcdef"}}
        """)
  }

  @Test func `a documented shipment has its golden form`() {
    #expect(
      Outcomes.documented.json.text == """
        {"type":"pabean.shipment.outcome.v1","timestamp":"2026-02-01T00:00:00.000000Z","data":{"reference":"SO-1",\
        "market":"TH","sequence":1,"state":"documented","at":"2026-02-01T00:00:00.000000Z",\
        "lines":[{"number":1,"sku":"TS-1","status":"cleared","code":"610910",\
        "decisionId":"01234567-89ab-8def-8123-456789abcdef"},\
        {"number":2,"sku":"TS-2","status":"waiting"}],"documents":[{"name":"decision-record.pdf",\
        "sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",\
        "link":"https://pabean.example/documents/1"}]}}
        """)
  }

  @Test func `a held shipment says why`() {
    #expect(
      Outcomes.held.json.text == """
        {"type":"pabean.shipment.outcome.v1","timestamp":"2026-02-01T00:00:00.000000Z","data":{"reference":"SO-2",\
        "market":"TH","sequence":2,"state":"held","at":"2026-02-01T00:00:00.000000Z",\
        "reason":"Line 1 (TS-1) was rejected: used clothing",\
        "lines":[{"number":1,"sku":"TS-1","status":"rejected","decisionId":"01234567-89ab-8def-8123-456789abcdef"}],\
        "documents":[]}}
        """)
  }

  @Test(arguments: [Outcomes.decided, Outcomes.rejected, Outcomes.documented, Outcomes.held])
  func `what is stored reads back as itself`(outcome: OutcomePayload) throws {
    #expect(try OutcomePayload(bytes: outcome.bytes) == outcome)
  }

  @Test(arguments: [
    #"{}"#, #"{"type":"pabean.case.opened.v1","data":{}}"#, #"{"type":"pabean.case.outcome.v1","data":{}}"#,
  ])
  func `what is no outcome is not read`(text: String) {
    #expect(throws: JSONError.self) { try OutcomePayload(bytes: Array(text.utf8)) }
  }

  @Test func `messages about one thing share a subject`() {
    #expect(Outcomes.decided.subject == "sg/TS-1")
    #expect(Outcomes.documented.subject == "th/SO-1")
  }
}

@Suite struct FileDropTests {
  private let outcomes = [Outcomes.decided, Outcomes.rejected, Outcomes.documented]

  @Test func `a batch becomes CSV without formulas`() throws {
    var reader = CSVReader()
    var rows: [[String?]] = []
    try reader.read(FileDrop(outcomes, as: .csv).bytes) { rows.append($0.texts) }
    #expect(rows.count == 5)
    #expect(Set(rows.map(\.count)) == [18])
    #expect(rows[1][3] == "TS-1")
    #expect(rows[2][3] == "'=cmd|' /C calc'!A0")
    #expect(rows[3].prefix(4) == ["pabean.shipment.outcome.v1", "SO-1", "1", "TS-1"])
  }

  @Test func `a batch becomes one JSON document a line`() throws {
    let bytes = FileDrop(outcomes, as: .jsonLines).bytes
    let lines = bytes.split(separator: UInt8(ascii: "\n"))
    #expect(try lines.map { try JSONParser.parse(Array($0)) } == outcomes.map(\.json))
  }

  @Test func `the name follows from the content`() {
    let one = FileDrop(outcomes, as: .csv)
    #expect(one == FileDrop(outcomes, as: .csv))
    #expect(one.name != FileDrop([Outcomes.decided], as: .csv).name)
    #expect(one.name.hasPrefix("pabean-outcomes-") && one.name.hasSuffix(".csv"))
    #expect(FileDrop([], as: .jsonLines, named: "acme").name == "acme-e3b0c44298fc1c149afbf4c8996fb924.jsonl")
    #expect(one.temporaryName == ".\(one.name).part")
  }
}
