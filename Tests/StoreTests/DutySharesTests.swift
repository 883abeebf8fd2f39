import Domain
import Postgres
import Store
import TestSupport
import Testing

@Suite("Duty shares of cleared cases", .timeLimit(.minutes(5)))
struct DutySharesTests {
  private static func share(_ number: UInt64, _ market: String, _ heading: String, _ ppm: Int64) -> DutyShares.Share {
    DutyShares.Share(
      caseID: CaseID(UniqueID(high: 0x9000, low: number)), goods: goods(market, heading), partsPerMillion: ppm)
  }

  private static func goods(_ market: String, _ heading: String) -> DutyShares.Goods {
    DutyShares.Goods(market: Market(market)!, heading: heading)
  }

  @Test(
    "come back by market and heading, the latest first, once for each case",
    .database(from: Installation.template))
  func roundTrip() async throws {
    try await StorePool.with { pool in
      try await pool.transaction(as: StorePool.tenant) { tx in
        try DutyShares.insert(
          [Self.share(1, "SG", "6109", 90_000), Self.share(2, "ID", "6109", 400_000)], at: StorePool.now, tx)
        try DutyShares.insert(
          [Self.share(3, "SG", "6109", 70_000), Self.share(1, "SG", "6109", 1)],
          at: StorePool.now.adding(.seconds(1)), tx)
      }
      let found = try await pool.transaction(as: StorePool.tenant) { tx in
        try DutyShares.latest([Self.goods("SG", "6109"), Self.goods("SG", "8517")], tx)
      }
      #expect(found == [Self.goods("SG", "6109"): [70_000, 90_000]])
      let newest = try await pool.transaction(as: StorePool.tenant) { tx in
        try DutyShares.latest([Self.goods("SG", "6109")], limit: 1, tx)
      }
      #expect(newest == [Self.goods("SG", "6109"): [70_000]])
    }
  }
}
