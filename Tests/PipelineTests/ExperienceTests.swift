import Contracts
import Domain
import JSON
import Postgres
import Store
import TestSupport
import Testing

/// What earlier decisions, of people and in other markets, do to the cases that come after them.
@Suite("What was decided before", .installation(markets: ["SG", "MY"]), .timeLimit(.minutes(10)))
struct ExperienceTests {
  let pabean: Installation

  init() throws { pabean = try Installation.required() }

  private func screening(of id: CaseID) async throws -> Screening? {
    try await pabean.pool.transaction(as: Installation.tenant, readOnly: true) { tx in
      try ScreeningStore.latest([id], tx)[id]?.screening
    }
  }

  @Test("teaches the risk score which cases people overturn, and orders what comes by it")
  func learning() async throws {
    try await pabean.publish([SampleProducts.doubtful(sku: "LEARN-1")], ids: ["learn-1"])
    let waiting = try await pabean.cases(of: "LEARN-1", reach: [.awaitingDecision])
    let id = try #require(waiting.first?.id)
    let before = try #require(try await screening(of: id))
    #expect(before.risk?.model == nil)
    try await decideManyLike(before)
    // It learns when it starts, and then every few minutes.
    _ = await pabean.workers.stop(.complianceScreening)
    try pabean.workers.start(.complianceScreening)
    _ = try await eventually("weights that were learned") {
      try await pabean.pool.transaction(as: Installation.tenant, readOnly: true) { tx in
        try RiskModelStore.newestVersion(tx)
      }
    }
    try await pabean.publish([SampleProducts.doubtful(sku: "LEARN-2")], ids: ["learn-2"])
    let next = try await pabean.cases(of: "LEARN-2", reach: [.awaitingDecision])
    let nextID = try #require(next.first?.id)
    let after = try #require(try await screening(of: nextID))
    #expect(after.risk?.model == 1)
    let parts = try #require(after.risk?.parts)
    let impact = min(100, parts.filter(\.name.isImpact).reduce(0) { $0 + $1.points })
    #expect((80...97).contains(after.riskScore * 100 / impact), "people overturned nine in ten of what was like it")
  }

  /// Of those with findings nine in ten were overturned, of those without one in ten.
  private func decideManyLike(_ screening: Screening) async throws {
    try await pabean.change { tx in
      let now = Instant(microseconds: 1_790_000_000_000_000)
      var harmless = screening
      harmless.risk?.parts.removeAll { ![.anyGoods, .anyDecision].contains($0.name) }
      for number in 0..<240 as Range<UInt64> {
        let isLike = number % 2 == 0
        let isOverturned = (number / 2) % 10 == 0 ? !isLike : isLike
        let id = CaseID(UniqueID(high: 0xE4E4, low: number))
        let routing = Routing(lane: .exception, reasons: [], roles: [.broker], policyVersion: 1)
        let result = ScreeningStore.Result(screening: isLike ? screening : harmless, routing: routing)
        try ScreeningStore.insert([(id, version: 1, result)], at: now, tx)
        let decision = Decision(
          id: DerivedID.decision(id, sequence: 1), caseID: id, sequence: 1, kind: isOverturned ? .rejected : .approved,
          code: isOverturned ? nil : HSCode("610910"), reason: nil, decidedBy: .person("bea"), decidedAt: now)
        try DecisionStore.insert([decision], tx)
      }
    }
  }

  @Test("in one market is held against a code that differs in the next")
  func codesDiffer() async throws {
    _ = await pabean.workers.stop(.complianceScreening)
    try await pabean.publish(
      [SampleProducts.cotton(sku: "DIFFER-1", markets: ["SG", "MY"])], ids: ["differ-1"])
    let classified = try await pabean.cases(of: "DIFFER-1", count: 2, reach: [.classified])
    let first = try #require(classified.first { $0.market == "SG" })
    let second = try #require(classified.first { $0.market == "MY" })
    try await pabean.change { tx in
      let decision = Decision(
        id: DerivedID.decision(first.id, sequence: 1), caseID: first.id, sequence: 1, kind: .overridden,
        code: HSCode("621142"), reason: "Woven.", decidedBy: .person("bea"),
        decidedAt: Instant(microseconds: 1_790_000_000_000_000))
      try DecisionStore.insert([decision], tx)
    }
    try pabean.workers.start(.complianceScreening)
    _ = try await eventually("the second market's case is held") {
      let cases = try await pabean.cases(of: "DIFFER-1")
      return cases.first { $0.id == second.id }?.state == .awaitingDecision ? true : nil
    }
    let finding = try #require(
      try await screening(of: second.id)?.findings.first { $0.ruleID == "engine/codes-differ" })
    #expect(finding.roles == [.complianceLead] && finding.summary.contains("SG 6211.42 (decided)"))
    #expect(try await TestReviewer(pabean).task("DIFFER-1", market: "MY").roles.contains(.complianceLead))
  }
}
