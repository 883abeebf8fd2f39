import Domain
import JSON
import Store
import TestSupport
import Testing

@Suite(
  "What a seller's code of an older Harmonised System does to a case", .installation(markets: ["SG"]),
  .timeLimit(.minutes(5)))
struct OlderCodeTests {
  let pabean: Installation

  init() throws { pabean = try Installation.required() }

  @Test("one that split comes to the case with its question, one that did not counts as what it became")
  func older() async throws {
    func product(_ sku: String, _ title: String, _ code: String) -> JSONValue {
      [
        "sku": .string(sku), "title": .string(title), "hsCode": .string(code), "origin": "CN", "price": "12.00",
        "currency": "USD", "weight": "180 g", "markets": ["SG"],
      ]
    }
    try await pabean.publish(
      [
        product("SPLIT", "Samsung Galaxy smartphone 128GB dual sim", "8517.12"),
        product("MOVED", "Plain yoghurt natural low fat 500g", "0403.10"),
      ], ids: ["split", "moved"])
    let split = try await answer(for: "SPLIT")
    #expect(split.classification.supplied?.codes.map(\.digits) == ["851713", "851714"])
    #expect(
      split.classification.best?.evidence.contains { $0.kind == .question && $0.text.contains("8517.12 of HS 2017") }
        == true)
    #expect(split.findings.contains("engine/supplied-code-became-several"))
    let moved = try await answer(for: "MOVED")
    #expect(moved.classification.supplied?.certain?.digits == "040320")
    #expect(!moved.findings.contains("engine/supplied-code-became-several"))
  }

  private func answer(for sku: String) async throws -> (classification: Classification, findings: Set<String>) {
    _ = try await pabean.cases(of: sku, reach: [.writtenBack, .awaitingDecision])
    return try await pabean.pool.transaction(as: Installation.tenant, readOnly: true) { tx in
      let ids = try CaseStore.find(sku: sku, tx)
      let classification = try #require(try ClassificationStore.latest(ids, tx).values.first)
      let screening = try ScreeningStore.latest(ids, tx).values.first?.screening
      return (classification, Set(screening?.findings.map(\.ruleID) ?? []))
    }
  }
}
