import Domain
import Postgres
import Store
import TestSupport
import Testing

@Suite("Duty shares of cleared cases", .timeLimit(.minutes(5)))
struct DutySharesTests {
  private static func share(_ market: String, _ heading: String, _ ppm: Int64) -> DutyShares.Share {
    DutyShares.Share(goods: goods(market, heading), partsPerMillion: ppm)
  }

  private static func goods(_ market: String, _ heading: String) -> DutyShares.Goods {
    DutyShares.Goods(market: Market(market)!, heading: heading)
  }

  @Test("come back by market and heading, the latest first", .database(from: Installation.template))
  func roundTrip() async throws {
    try await StorePool.with { pool in
      try await pool.transaction(as: StorePool.tenant) { tx in
        try DutyShares.remember([Self.share("SG", "6109", 90_000), Self.share("ID", "6109", 400_000)], tx)
        try DutyShares.remember([Self.share("SG", "6109", 70_000), Self.share("SG", "6109", 80_000)], tx)
      }
      let found = try await pool.transaction(as: StorePool.tenant) { tx in
        try DutyShares.latest([Self.goods("SG", "6109"), Self.goods("SG", "8517")], tx)
      }
      #expect(found == [Self.goods("SG", "6109"): [80_000, 70_000, 90_000]])
    }
  }

  @Test("are forgotten when newer ones have come", .database(from: Installation.template))
  func bounded() async throws {
    try await StorePool.with { pool in
      let goods = Self.goods("SG", "6109")
      try await pool.transaction(as: StorePool.tenant) { tx in
        try DutyShares.remember((1...Int64(60)).map { Self.share("SG", "6109", $0) }, tx)
        try DutyShares.remember([Self.share("SG", "6109", 61)], tx)
      }
      let found = try await pool.transaction(as: StorePool.tenant) { tx in try DutyShares.latest([goods], tx) }
      #expect(found == [goods: (12...61).reversed()])
    }
  }
}
