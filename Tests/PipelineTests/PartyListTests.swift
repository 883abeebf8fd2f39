import Contracts
import Domain
import JSON
import Postgres
import Store
import TestSupport
import Testing

@Suite("A list of denied parties", .installation(markets: ["SG"]), .timeLimit(.minutes(5)))
struct PartyListTests {
  let pabean: Installation

  init() throws { pabean = try Installation.required() }

  private func activate(_ list: String, _ name: String) async throws {
    let now = Instant(microseconds: 1_790_000_000_000_000)
    let party: JSONValue = [
      "id": "1", "kind": "organisation", "names": [["name": .string(name), "strength": "primary"]],
    ]
    try await pabean.pool.transaction(as: Installation.tenant) { tx in
      let stored = PartyListStore.Stored(
        list: list, version: "1", source: RuleSource(authority: "Test", instrument: "Own list"), ageMaxDays: 30,
        content: [party])
      _ = try PartyListStore.load(stored, in: .own, by: .system("test"), at: now, tx)
      _ = try PartyListStore.activate(list: list, version: "1", in: .own, by: .system("test"), at: now, tx)
    }
  }

  private func findings(of id: CaseID) async throws -> [Finding] {
    try await pabean.pool.transaction(as: Installation.tenant, readOnly: true) { tx in
      try ScreeningStore.latest([id], tx)[id]?.screening.findings ?? []
    }.filter { $0.ruleID == "engine/denied-party" }
  }

  @Test("that changes is looked up again for what waits, and is in force for what comes")
  func openCases() async throws {
    func product(_ sku: String) -> JSONValue {
      guard case .object(var object) = SampleProducts.doubtful(sku: sku) else { return .null }
      object["supplier"] = ["name": "QUELMORA IMPORTS PTE LTD"]
      return .object(object)
    }
    try await pabean.publish([product("LISTED-1")], ids: ["listed-1"])
    let waiting = try await pabean.cases(of: "LISTED-1", reach: [.awaitingDecision])
    let id = try #require(waiting.first?.id)
    #expect(try await findings(of: id) == [])
    try await activate("open-cases", "Quelmora Imports Ltd")
    let found = try await eventually("the waiting case's finding") {
      let findings = try await findings(of: id)
      return findings.isEmpty ? nil : findings
    }
    #expect(found.first?.observed.first?.field == "/supplier/name")
    #expect(try await pabean.audit(of: id.value).last == "case.screened-again")
    try await pabean.publish([product("LISTED-2")], ids: ["listed-2"])
    let next = try await pabean.cases(of: "LISTED-2", reach: [.awaitingDecision])
    let nextID = try #require(next.first?.id)
    #expect(try await findings(of: nextID).count == 1)
  }

  @Test("holds a shipment whose consignee it may name, and no other")
  func shipments() async throws {
    try await activate("shipments", "Vantorel Consignments GmbH")
    try await pabean.publish([SampleProducts.cotton(sku: "PARTY-A")], ids: ["party-a"])
    _ = try await pabean.cases(of: "PARTY-A", reach: [.writtenBack])
    func order(_ reference: String, to consignee: String) -> JSONValue {
      guard case .object(var object) = SampleProducts.shipment(reference, lines: [("PARTY-A", 1)]) else { return .null }
      object["consignee"] = ["name": .string(consignee), "country": "SG", "address": "2 Sample Street"]
      return .object(object)
    }
    try await pabean.publish(
      [order("PARTY-1", to: "VANTOREL CONSIGNMENTS"), order("PARTY-2", to: "Harmless Buyer")],
      ids: ["party-1", "party-2"], kind: .shipment)
    let held = try await pabean.shipment("PARTY-1", reaches: .held)
    _ = try await pabean.shipment("PARTY-2", reaches: .writtenBack)
    #expect(try await pabean.documents(of: held.id.value).isEmpty)
  }

  @Test("takes back what was cleared and released, and its shipments with it, until a person decides again")
  func released() async throws {
    let reviewer = TestReviewer(pabean)
    guard case .object(var object) = SampleProducts.cotton(sku: "LATE-1") else { return }
    object["supplier"] = ["name": "Tarvonel Weaving Mills"]
    try await pabean.publish([.object(object)], ids: ["late-1"])
    let cleared = try await pabean.cases(of: "LATE-1", reach: [.writtenBack])
    let id = try #require(cleared.first?.id)
    try await activate("after-release", "Tarvonel Weaving Mills Ltd")
    _ = try await pabean.cases(of: "LATE-1", reach: [.awaitingDecision])
    #expect(try await pabean.audit(of: id.value).last == "case.recalled")
    #expect(try await findings(of: id).count == 1)
    let task = try await reviewer.task("LATE-1")
    #expect(task.roles.contains(.complianceLead))
    try await pabean.publish(
      [SampleProducts.shipment("LATE-ORDER", lines: [("LATE-1", 1)])], ids: ["late-2"], kind: .shipment)
    _ = try await pabean.shipment("LATE-ORDER", reaches: .waiting)
    try await reviewer.decide(id, .reject(reason: "The supplier is listed since."))
    _ = try await pabean.cases(of: "LATE-1", reach: [.writtenBack])
    _ = try await pabean.shipment("LATE-ORDER", reaches: .held)
    #expect(try await pabean.decisions(of: id).map(\.kind) == [.autoCleared, .rejected])
    let told = try await eventually("both outcomes") {
      let outcomes = pabean.erp.outcomes(of: "LATE-1")
      return outcomes.count == 2 ? outcomes : nil
    }
    #expect(told.map { $0["data"]?["state"] } == ["cleared", "rejected"])
  }

  @Test("holds a shipment whose documents were drawn, and the ERP is told; once it is dismissed it goes on")
  func releasedShipment() async throws {
    try await pabean.publish([SampleProducts.cotton(sku: "PARTY-B")], ids: ["party-b"])
    _ = try await pabean.cases(of: "PARTY-B", reach: [.writtenBack])
    guard case .object(var order) = SampleProducts.shipment("PARTY-LATE", lines: [("PARTY-B", 1)]) else { return }
    order["consignee"] = ["name": "Ombriel Harbour Goods", "country": "SG", "address": "2 Sample Street"]
    try await pabean.publish([.object(order)], ids: ["party-late"], kind: .shipment)
    let released = try await pabean.shipment("PARTY-LATE", reaches: .writtenBack)
    let documents = try await pabean.documents(of: released.id.value).map(\.sha256)
    try await activate("late-consignee", "Ombriel Harbour Goods Pte Ltd")
    let held = try await eventually("the shipment is held") {
      try await pabean.sweepOutbox(olderThan: .zero)
      let found = try await pabean.shipment("PARTY-LATE")
      return found?.state == .held ? found : nil
    }
    #expect(held.holdReason?.hasPrefix("/consignee/name: ") == true)
    #expect(try await pabean.audit(of: held.id.value).contains("shipment.listed-after-documents"))
    let told = try await eventually("the shipment's second outcome") {
      try await pabean.sweepOutbox(olderThan: .zero)
      return pabean.erp.outcomes(ofShipment: "PARTY-LATE").first { $0["data"]?["state"] == "held" }
    }
    #expect(told["data"]?["reason"]?.stringValue?.contains("Ombriel") == true)
    try await pabean.pool.transaction(as: Installation.tenant) { tx in
      _ = try PartyListStore.activate(
        list: "late-consignee", version: nil, in: .own, by: .system("test"),
        at: Instant(microseconds: 1_790_000_000_000_001), tx)
    }
    #expect(try await pabean.documents(of: held.id.value).map(\.sha256) == documents)
  }
}
