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
    public var caseID: CaseID
    public var goods: Goods
    /// Of the customs value.
    public var partsPerMillion: Int64

    public init(caseID: CaseID, goods: Goods, partsPerMillion: Int64) {
      self.caseID = caseID
      self.goods = goods
      self.partsPerMillion = partsPerMillion
    }
  }

  public static func insert(_ shares: [Share], at now: Instant, _ tx: borrowing Transaction) throws {
    guard !shares.isEmpty else { return }
    try tx.executeLater(
      """
      INSERT INTO duty_share (case_id, market, heading, share_ppm, at)
      SELECT id, market, heading, ppm, $1
      FROM unnest($2::uuid[], $3::text[], $4::text[], $5::int8[]) AS n (id, market, heading, ppm)
      ON CONFLICT DO NOTHING
      """, now, shares.map(\.caseID), shares.map(\.goods.market.code), shares.map(\.goods.heading),
      shares.map(\.partsPerMillion))
  }

  /// The latest of each, in parts per million.
  public static func latest(_ goods: Set<Goods>, limit: Int64 = 50, _ tx: borrowing Transaction) throws
    -> [Goods: [Int64]]
  {
    guard !goods.isEmpty else { return [:] }
    let wanted = goods.sorted { ($0.market, $0.heading) < ($1.market, $1.heading) }
    let rows = try tx.query(
      """
      SELECT n.market, n.heading, l.share_ppm FROM unnest($1::text[], $2::text[]) AS n (market, heading)
      CROSS JOIN LATERAL (SELECT share_ppm FROM duty_share d
        WHERE d.tenant = current_setting('app.tenant') AND d.environment = current_setting('app.environment')
          AND d.market = n.market::char(2) AND d.heading = n.heading::char(4)
        ORDER BY at DESC, case_id LIMIT $3) l
      """, wanted.map(\.market.code), wanted.map(\.heading), limit)
    let pairs = try rows.map(Market.self, String.self, Int64.self) { market, heading, share in
      (Goods(market: market, heading: heading), share)
    }
    return Dictionary(grouping: pairs, by: \.0).mapValues { $0.map(\.1) }
  }
}
