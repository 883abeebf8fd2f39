import Domain
import Postgres

/// The code that an ERP says it holds for a SKU in a market.
public enum ERPValues {
  public static func report(sku: String, market: Market, code: HSCode?, at now: Instant, _ tx: borrowing Transaction)
    throws
  {
    try tx.execute(
      """
      INSERT INTO erp_value (sku, market, code, reported_at) VALUES ($1, $2, $3, $4)
      ON CONFLICT (tenant, environment, sku, market) DO UPDATE SET code = excluded.code, reported_at = excluded.reported_at
      WHERE erp_value.reported_at <= excluded.reported_at
      """, sku, market, code, now)
  }

  public struct Value: Sendable {
    public var code: HSCode?
    public var reportedAt: Instant

    public init(code: HSCode?, reportedAt: Instant) {
      self.code = code
      self.reportedAt = reportedAt
    }
  }

  public static func find(_ keys: [(sku: String, market: Market)], _ tx: borrowing Transaction) throws -> [String:
    Value]
  {
    let rows = try tx.query(
      """
      SELECT v.sku, v.market::text, v.code, v.reported_at
      FROM erp_value v JOIN unnest($1::text[], $2::text[]) AS k (sku, market) ON v.sku = k.sku AND v.market = k.market
      WHERE v.sku = ANY ($1)
      """, keys.map(\.sku), keys.map(\.market))
    let pairs = try rows.map(String.self, Market.self, HSCode?.self, Instant.self) {
      (stream(sku: $0, market: $1), Value(code: $2, reportedAt: $3))
    }
    return Dictionary(pairs) { first, _ in first }
  }

  public static func stream(sku: String, market: Market) -> String { "\(market)/\(sku)" }
}
