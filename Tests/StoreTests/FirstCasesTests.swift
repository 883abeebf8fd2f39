import Domain
import Postgres
import Store
import TestSupport
import Testing

@Suite("The first cases of a supplier or a market", .timeLimit(.minutes(5)))
struct FirstCasesTests {
  private static let supplier = FirstCases.Subject.supplier("zephyr trading|CN")
  private static let market = FirstCases.Subject.market(Market("SG")!)

  private static func id(_ number: UInt64) -> CaseID { CaseID(UniqueID(high: 0x7000, low: number)) }

  private static func standing(_ tx: borrowing Transaction) throws -> FirstCases.Standing? {
    try FirstCases.standing([supplier, market], tx)[supplier]
  }

  private static func expect(
    _ expected: FirstCases.Standing, _ tx: borrowing Transaction, at location: SourceLocation = #_sourceLocation
  ) throws {
    let found = try standing(tx)
    #expect(found == expected, sourceLocation: location)
  }

  private static func decide(_ number: UInt64, _ kind: Decision.Kind, sequence: Int64 = 1, _ tx: borrowing Transaction)
    throws
  {
    try DecisionStore.insert(
      [
        Decision(
          id: DecisionID(UniqueID(high: UInt64(sequence), low: number)), caseID: id(number), sequence: sequence,
          kind: kind, code: HSCode("610910"), reason: nil,
          decidedBy: kind == .autoCleared ? .system("router") : .person("broker"), decidedAt: StorePool.now)
      ], tx)
  }

  @Test(
    "make it known once one of them is cleared, and unknown again when that is taken back",
    .database(from: Installation.template))
  func known() async throws {
    try await StorePool.with { pool in
      try await pool.transaction(as: StorePool.tenant) { tx in
        try Self.expect(.new, tx)
        try FirstCases.insert([(Self.supplier, Self.id(1)), (Self.supplier, Self.id(2))], tx)
        try Self.expect(.new, tx)
        try Self.decide(1, .rejected, tx)
        try Self.expect(.new, tx)
        try Self.decide(2, .approved, tx)
        try Self.expect(.known, tx)
        let market = try FirstCases.standing([Self.market], tx)
        #expect(market == [Self.market: .new])
        try Self.decide(2, .rejected, sequence: 2, tx)
        try Self.expect(.new, tx)
      }
    }
  }

  @Test("are written a hundred times and no more", .database(from: Installation.template))
  func bounded() async throws {
    try await StorePool.with { pool in
      try await pool.transaction(as: StorePool.tenant) { tx in
        try FirstCases.insert((1...100).map { (Self.supplier, Self.id($0)) }, tx)
        try Self.expect(.newAndCounted, tx)
      }
    }
  }

  @Test("share a supplier whose name is written in another case or with other signs")
  func key() {
    let first = Party(name: "Zephyr Trading Co., Ltd.", country: CountryCode("CN"))
    #expect(first.familiarityKey == Party(name: "ZEPHYR TRADING CO LTD", country: CountryCode("CN")).familiarityKey)
    #expect(first.familiarityKey != Party(name: "Zephyr Trading Co., Ltd.", country: CountryCode("VN")).familiarityKey)
  }
}
