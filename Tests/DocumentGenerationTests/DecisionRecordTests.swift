import Domain
import JSON
import Testing

@testable import DocumentGenerationEngine

@Suite struct DecisionRecordTests {
  private func record(
    code: String = "61091000", packs: [String] = ["SG-2026.1", "common-4"], reason: String? = "ruling 12/2025"
  ) -> DecisionRecord {
    DecisionRecord(
      caseID: CaseID(UniqueID(high: 1, low: 1)), tenant: TenantID("ha-long")!, environment: .live,
      product: DecisionRecord.ProductVersion(
        revisionID: ProductRevisionID(UniqueID(high: 2, low: 2)), contentHash: "sha256:00"),
      market: Market("SG")!,
      classification: Classification(
        candidates: [Candidate(code: HSCode(code)!, title: "T-shirts", confidence: Confidence(0.93))],
        isTooVague: false,
        modelVersion: "m-7"),
      screening: Screening(
        findings: [Finding(ruleID: "r1", ruleVersion: "3", effect: .review, summary: "look")], duties: [],
        riskScore: 12,
        packVersion: "SG-2026.1"),
      routing: DecisionRecord.Routing(lane: "exception", reasons: ["r1 asks for review"]),
      decision: DecisionRecord.Decision(
        id: DecisionID(UniqueID(high: 3, low: 3)), kind: "approve", code: HSCode(code), decidedBy: "broker@ha-long",
        decidedAt: Instant("2026-03-01T00:00:00Z")!, reason: reason),
      versions: DecisionRecord.Versions(model: "m-7", policy: "p-2", packs: packs, lists: []))
  }

  @Test("a record's address is the hash of its canonical bytes")
  func address() {
    let record = record()
    #expect(record.address == "sha256:\(Example.sha256(record.canonicalBytes))")
    #expect(record.address.utf8.count == 71)
  }

  @Test("the same facts give the same address, whatever the order in which packs were loaded")
  func stable() {
    #expect(record().address == record(packs: ["common-4", "SG-2026.1"]).address)
  }

  @Test("another fact gives another address")
  func sensitive() {
    #expect(
      Set([record(), record(code: "61091020"), record(packs: []), record(reason: nil)].map(\.address)).count == 4)
  }

  @Test("a record reads back from its bytes unchanged")
  func roundTrip() throws {
    let record = record()
    let read = try DecisionRecord(json: JSONCursor(try JSONParser.parse(record.canonicalBytes)))
    #expect(read == record)
    #expect(read.address == record.address)
  }

  @Test("the bytes of format version 1 never change")
  func golden() {
    #expect(record().address == "sha256:a69d272e936ea38b6c7f8bd4f6a9cd432ab9855c06ae58ce550139d7c548b21d")
  }

  @Test("a record of an unknown format is refused")
  func unknownFormat() throws {
    var object = try #require(record().json.objectValue)
    object["formatVersion"] = 2
    #expect(throws: JSONError.self) { try DecisionRecord(json: JSONCursor(.object(object))) }
  }
}
