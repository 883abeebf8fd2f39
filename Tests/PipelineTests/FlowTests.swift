import Contracts
import Crypto
import Domain
import JSON
import Postgres
import Store
import TestSupport
import Testing

@Suite(
  "From the ERP's message to the ERP's record", .installation(markets: ["SG", "MY"]), .timeLimit(.minutes(5)))
struct FlowTests {
  let pabean: Installation
  let erp: ERPQueue

  init() throws {
    pabean = try Installation.required()
    erp = pabean.erp
  }

  @Test("a product in two markets is cleared in both, with one decision, record, delivery and outcome for each")
  func twoMarkets() async throws {
    try await pabean.publish([SampleProducts.cotton(sku: "TWO-1", markets: ["SG", "MY"])])
    let cases = try await pabean.cases(of: "TWO-1", count: 2, reach: [.writtenBack])
    #expect(cases.map(\.market) == ["MY", "SG"])
    let outcomes = try await eventually("two outcomes") {
      let found = erp.outcomes(of: "TWO-1")
      return found.count == 2 ? found : nil
    }
    for seen in cases {
      let outcome = try #require(outcomes.first { $0["data"]?["market"]?.stringValue == seen.market })
      #expect(outcome["type"] == "pabean.case.outcome.v1")
      #expect(outcome["data"]?["lane"] == "auto")
      let decisions = try await pabean.decisions(of: seen.id)
      #expect(decisions.map(\.kind) == [.autoCleared])
      #expect(outcome["data"]?["code"]?.stringValue == decisions.first?.code?.digits)
      #expect(try await pabean.documents(of: seen.id.value).map(\.kind) == ["decision-record"])
      #expect(try await pabean.deliveries(of: seen.id.value).map(\.state) == [.delivered])
      #expect(
        try await pabean.audit(of: seen.id.value) == [
          "case.opened", "case.classified", "case.cleared-automatically", "case.documented", "case.written-back",
        ])
    }
  }

  @Test("a product sent again unchanged makes no revision and no case")
  func unchanged() async throws {
    try await pabean.publish([SampleProducts.cotton(sku: "SAME-1")], ids: ["same-1"])
    _ = try await pabean.cases(of: "SAME-1", reach: [.writtenBack])
    // The marker behind it is handled later, by the one ingest worker, so what it finds is final.
    try await pabean.publish(
      [SampleProducts.cotton(sku: "SAME-1"), SampleProducts.cotton(sku: "SAME-MARKER")], ids: ["same-2", "same-3"])
    _ = try await pabean.cases(of: "SAME-MARKER", reach: [.writtenBack])
    #expect(try await pabean.cases(of: "SAME-1").map(\.revision) == [1])
    #expect(erp.outcomes(of: "SAME-1").count == 1)
  }

  @Test("a new revision supersedes the undecided one, whose review task goes")
  func supersedes() async throws {
    try await pabean.publish([SampleProducts.doubtful(sku: "NEW-1")], ids: ["new-1"])
    let held = try await pabean.cases(of: "NEW-1", reach: [.awaitingDecision])
    try await pabean.publish([SampleProducts.cotton(sku: "NEW-1")], ids: ["new-2"])
    let cases = try await pabean.cases(of: "NEW-1", count: 2, reach: [.superseded, .writtenBack])
    #expect(cases.map(\.state) == [.superseded, .writtenBack])
    #expect(cases[0].id == held[0].id)
    let first = held[0].id
    let tasks = try await pabean.pool.transaction(readOnly: true) { tx in
      try tx.query("SELECT count(*) FROM review_task WHERE case_id = $1", first).decode(row: 0, as: Int64.self)
    }
    #expect(tasks == 0)
    #expect(try await pabean.audit(of: held[0].id.value).last == "case.superseded")
    let outcome = try await eventually("the outcome of the second revision") { erp.outcomes(of: "NEW-1").first }
    #expect(outcome["data"]?["revision"] == 2)
  }

  @Test("a refused submission is kept with its issues, and marked once a corrected one arrives")
  func refused() async throws {
    let wrong = SampleProducts.cotton(sku: "WRONG-1", price: "cheap")
    try await pabean.publish([wrong], ids: ["wrong-1"])
    let kept = try await eventually("the refusal") {
      try await pabean.refusals().first { $0.reference == "WRONG-1" }
    }
    #expect(kept.issues.contains { $0.field.contains("price") }, "\(kept.issues)")
    #expect(kept.issues.allSatisfy { !$0.problem.isEmpty && !$0.remedy.isEmpty })
    #expect(try JSONParser.parse(kept.body) == wrong)
    try await pabean.publish([SampleProducts.cotton(sku: "WRONG-1")], ids: ["wrong-2"])
    _ = try await pabean.cases(of: "WRONG-1", reach: [.writtenBack])
    #expect(try await pabean.refusals().allSatisfy { $0.reference != "WRONG-1" })
  }
}
