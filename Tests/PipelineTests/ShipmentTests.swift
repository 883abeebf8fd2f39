import Contracts
import Crypto
import Domain
import JSON
import Store
import TestSupport
import Testing

@Suite("A shipment", .installation(markets: ["SG", "MY"]), .timeLimit(.minutes(5)))
struct ShipmentTests {
  let pabean: Installation
  let reviewer: TestReviewer

  init() throws {
    pabean = try Installation.required()
    reviewer = TestReviewer(pabean)
  }

  private func order(_ reference: String, market: String = "SG", _ skus: [String]) async throws {
    let shipment = SampleProducts.shipment(reference, market: market, lines: skus.map { ($0, 3) })
    try await pabean.publish([shipment], ids: ["order \(reference)"], kind: .shipment)
  }

  @Test("waits for the lines' products and goes on by itself when the last is decided, with four sound documents")
  func waits() async throws {
    try await pabean.publish(
      [SampleProducts.cotton(sku: "LINE-A"), SampleProducts.doubtful(sku: "LINE-B")], ids: ["line-a", "line-b"])
    try await order("ORDER-1", ["LINE-A", "LINE-B"])
    _ = try await pabean.cases(of: "LINE-A", reach: [.writtenBack])
    let waiting = try await pabean.shipment("ORDER-1", reaches: .waiting)
    let task = try await reviewer.task("LINE-B")
    try await reviewer.decide(task.caseID, .approve(ReviewTests.code))
    let done = try await pabean.shipment("ORDER-1", reaches: .writtenBack)
    #expect(done.id == waiting.id)
    let outcome = try await eventually("the shipment's outcome") {
      pabean.erp.outcomes(ofShipment: "ORDER-1").first
    }
    let announced = try #require(outcome["data"]?["documents"]?.arrayValue)
    let documents = try await pabean.documents(of: done.id.value)
    #expect(documents.count == 4)
    #expect(announced.count == 4)
    for document in documents {
      #expect(document.sha256 == SHA256.hash(document.bytes).bytes)
      let entry = announced.first { $0["name"]?.stringValue == document.name }
      #expect(entry?["sha256"]?.stringValue == Hex.encode(document.sha256))
      if document.mediaType == "application/pdf" { #expect(document.bytes.starts(with: "%PDF".utf8)) }
    }
    #expect(documents.count { $0.mediaType == "application/pdf" } == 2)
    #expect(Set(documents.map(\.kind)) == ["commercial-invoice", "packing-list"])
    #expect(
      try await pabean.audit(of: done.id.value) == [
        "shipment.accepted", "shipment.ready", "shipment.documented", "shipment.written-back",
      ])
  }

  @Test("may come before its products")
  func beforeProducts() async throws {
    try await order("ORDER-EARLY", ["EARLY-A", "EARLY-B"])
    _ = try await pabean.shipment("ORDER-EARLY", reaches: .waiting)
    try await pabean.publish([SampleProducts.cotton(sku: "EARLY-A")])
    _ = try await pabean.cases(of: "EARLY-A", reach: [.writtenBack])
    #expect(try await pabean.shipment("ORDER-EARLY")?.state == .waiting)
    try await pabean.publish([SampleProducts.cotton(sku: "EARLY-B")])
    _ = try await pabean.shipment("ORDER-EARLY", reaches: .writtenBack)
  }

  @Test("opens a case in a market that the product was not meant for")
  func otherMarket() async throws {
    try await pabean.publish([SampleProducts.cotton(sku: "ABROAD-1", markets: ["SG"])])
    _ = try await pabean.cases(of: "ABROAD-1", reach: [.writtenBack])
    try await order("ORDER-ABROAD", market: "MY", ["ABROAD-1"])
    let cases = try await pabean.cases(of: "ABROAD-1", count: 2, reach: [.writtenBack])
    #expect(cases.map(\.market) == ["MY", "SG"])
    _ = try await pabean.shipment("ORDER-ABROAD", reaches: .writtenBack)
  }

  @Test("of decided products goes on at once; sent again it changes nothing; with other content it is refused")
  func repeated() async throws {
    try await pabean.publish([SampleProducts.cotton(sku: "AGAIN-1")])
    _ = try await pabean.cases(of: "AGAIN-1", reach: [.writtenBack])
    try await order("ORDER-AGAIN", ["AGAIN-1"])
    let first = try await pabean.shipment("ORDER-AGAIN", reaches: .writtenBack)
    let same = SampleProducts.shipment("ORDER-AGAIN", lines: [("AGAIN-1", 3)])
    let changed = SampleProducts.shipment("ORDER-AGAIN", lines: [("AGAIN-1", 4)])
    try await pabean.publish([same, changed], ids: ["again 2", "again 3"], kind: .shipment)
    let refusal = try await eventually("the refusal") {
      try await pabean.refusals().first { $0.reference == "ORDER-AGAIN" }
    }
    #expect(refusal.issues.map(\.field) == ["/reference"])
    #expect(try await pabean.shipment("ORDER-AGAIN")?.contentHash == first.contentHash)
    #expect(try await pabean.documents(of: first.id.value).count == 4)
    #expect(pabean.erp.outcomes(ofShipment: "ORDER-AGAIN").count == 1)
  }

  @Test("held by a rejected line goes on by itself when its product comes corrected and clears")
  func corrected() async throws {
    try await pabean.publish([SampleProducts.doubtful(sku: "MEND-1")], ids: ["mend 1"])
    try await order("ORDER-MEND", ["MEND-1"])
    _ = try await pabean.shipment("ORDER-MEND", reaches: .waiting)
    let task = try await reviewer.task("MEND-1")
    try await reviewer.decide(task.caseID, .reject(reason: "may not be imported as it is"))
    let held = try await pabean.shipment("ORDER-MEND", reaches: .held)
    _ = try await eventually("the ERP is told") {
      try await pabean.audit(of: held.id.value).contains("shipment.hold-written-back") ? true : nil
    }
    try await pabean.publish([SampleProducts.cotton(sku: "MEND-1")], ids: ["mend 2"])
    _ = try await pabean.shipment("ORDER-MEND", reaches: .writtenBack)
    #expect(
      try await pabean.audit(of: held.id.value) == [
        "shipment.accepted", "shipment.held", "shipment.hold-written-back", "shipment.line-rebound", "shipment.waiting",
        "shipment.ready", "shipment.documented", "shipment.written-back",
      ])
    let outcomes = pabean.erp.outcomes(ofShipment: "ORDER-MEND")
    #expect(outcomes.map(\.sequence) == [1, 2])
    #expect(outcomes.map { $0["data"]?["state"] } == ["held", "documented"])
  }
}
