import Domain
import Postgres

/// What duty and tax came to in a tenant's cleared cases, by market and heading.
public enum DutyShares {
  public struct Goods: Hashable, Sendable {
    public var market: Market
    /// Four digits.
    public var heading: String

    public init(market: Market, heading: String) {
      self.market = market
      self.heading = heading
    }
  }

  public struct Share: Sendable {
    public var goods: Goods
    /// Of the customs value.
    public var partsPerMillion: Int64

    public init(goods: Goods, partsPerMillion: Int64) {
      self.goods = goods
      self.partsPerMillion = partsPerMillion
    }
  }

  /// So many of each are remembered.
  public static let countMax = 50

  /// - Parameter shares: the latest last.
  public static func remember(_ shares: [Share], _ tx: borrowing Transaction) throws {
    guard !shares.isEmpty else { return }
    try tx.executeLater(
      """
      INSERT INTO duty_history AS d (market, heading, shares_ppm)
      SELECT market, heading, (array_agg(ppm ORDER BY position DESC))[1:$4]
      FROM unnest($1::text[], $2::text[], $3::int8[]) WITH ORDINALITY AS n (market, heading, ppm, position)
      GROUP BY market, heading ORDER BY heading, market
      ON CONFLICT (heading, market, tenant, environment)
        DO UPDATE SET shares_ppm = (excluded.shares_ppm || d.shares_ppm)[1:$4]
      """, shares.map(\.goods.market.code), shares.map(\.goods.heading), shares.map(\.partsPerMillion),
      Int32(countMax))
  }

  /// The latest of each first, in parts per million.
  public static func latest(_ goods: Set<Goods>, _ tx: borrowing Transaction) throws -> [Goods: [Int64]] {
    guard !goods.isEmpty else { return [:] }
    let wanted = goods.sorted { ($0.market, $0.heading) < ($1.market, $1.heading) }
    let rows = try tx.query(
      """
      SELECT d.market, d.heading, d.shares_ppm FROM unnest($1::text[], $2::text[]) AS n (market, heading)
      JOIN duty_history d ON d.market = n.market::char(2) AND d.heading = n.heading::char(4)
        AND d.tenant = current_setting('app.tenant') AND d.environment = current_setting('app.environment')
      """, wanted.map(\.market.code), wanted.map(\.heading))
    let pairs = try rows.map(Market.self, String.self, [Int64].self) { market, heading, shares in
      (Goods(market: market, heading: heading), shares)
    }
    return Dictionary(uniqueKeysWithValues: pairs)
  }
}
