import Domain
import JSON
import Postgres
import Store
import TestSupport
import Testing

@Suite("The learned weights of the risk score", .timeLimit(.minutes(5)))
struct RiskModelStoreTests {
  private static func id(_ number: UInt64) -> CaseID { CaseID(UniqueID(high: 0x7100, low: number)) }

  private static func decide(_ number: UInt64, _ kind: Decision.Kind, _ tx: borrowing Transaction) throws {
    let screening = Screening(
      findings: [], duties: [], riskScore: 1, packVersion: "SG@1", risk: Risk(parts: [.init(.value, Int(number))]))
    let routing = Routing(lane: .exception, reasons: [], roles: [.broker], policyVersion: 1)
    try ScreeningStore.insert(
      [(id(number), version: 2, ScreeningStore.Result(screening: screening, routing: routing))], at: StorePool.now, tx)
    try DecisionStore.insert(
      [
        Decision(
          id: DecisionID(UniqueID(high: 0x7200, low: number)), caseID: id(number), sequence: 1, kind: kind,
          code: HSCode("610910"), reason: nil,
          decidedBy: kind == .autoCleared ? .system("router") : .person("broker"),
          decidedAt: StorePool.now.adding(.seconds(Int64(number))))
      ], tx)
  }

  @Test(
    "come from what people decided, the oldest first, and the newest weights hold",
    .database(from: Installation.template))
  func learned() async throws {
    try await StorePool.with { pool in
      let (examples, before) = try await pool.transaction(as: StorePool.tenant) { tx in
        try Self.decide(1, .approved, tx)
        try Self.decide(2, .overridden, tx)
        try Self.decide(3, .autoCleared, tx)
        try Self.decide(4, .rejected, tx)
        return (try RiskModelStore.examples(tx), try RiskModelStore.decisions(tx))
      }
      #expect(examples.map(\.isOverturned) == [false, true, true])
      #expect(examples.map { $0.risk.parts.first?.points } == [1, 2, 4])
      #expect(before == (now: 3, learned: 0))
      let after = try await pool.transaction(as: StorePool.tenant) { tx in
        let declined = try RiskModelStore.insert(decisionCount: 3, at: StorePool.now, tx) { _ in nil }
        let first = try RiskModelStore.insert(decisionCount: 2, at: StorePool.now, tx) { ["version": .integer($0)] }
        let second = try RiskModelStore.insert(decisionCount: 3, at: StorePool.now, tx) { ["version": .integer($0)] }
        let version = try RiskModelStore.newestVersion(tx)
        return (
          declined, first, second, version, try version.flatMap { try RiskModelStore.load(version: $0, tx) },
          try RiskModelStore.decisions(tx)
        )
      }
      #expect(!after.0 && after.1 && after.2)
      #expect(after.3 == 2)
      #expect(after.4 == ["version": 2])
      #expect(after.5 == (now: 3, learned: 3))
    }
  }
}
