import Crypto
import Domain
import JSON
import Postgres

/// What the authorities of each market say, as versions that never change and activations, of which the newest holds.
public enum MarketPackStore {
  /// - Returns: true when the pack is new here.
  public static func load(market: Market, version: String, content: JSONValue, _ tx: borrowing Transaction) throws
    -> Bool
  {
    let text = StoredJSON.encode(content)
    return try tx.execute(
      """
      INSERT INTO market_pack (market, version, sha256, content) VALUES ($1, $2, $3, $4::text::json) ON CONFLICT DO NOTHING
      """, market, version, SHA256.hash(text).bytes, text) == 1
  }

  /// - Returns: false when it is in force already.
  @discardableResult
  public static func activate(
    market: Market, version: String, reason: String, by actor: Actor, _ tx: borrowing Transaction
  ) throws -> Bool {
    try tx.execute(
      """
      INSERT INTO market_pack_activation (market, version, reason, activated_by)
      SELECT $1, $2, $3, $4 WHERE $2 IS DISTINCT FROM
        (SELECT version FROM market_pack_activation WHERE market = $1 ORDER BY id DESC LIMIT 1)
      """, market, version, reason, actor) == 1
  }

  public struct Activation: Sendable {
    public var market: Market
    public var version: String
    public var reason: String
    public var activatedBy: Actor
    public var activatedAt: Instant
  }

  /// Newest first; of one market, or of all.
  public static func history(_ market: Market?, _ tx: borrowing Transaction) throws -> [Activation] {
    let rows = try tx.query(
      """
      SELECT market::text, version, reason, activated_by, activated_at FROM market_pack_activation
      WHERE $1::text IS NULL OR market = $1 ORDER BY id DESC LIMIT 200
      """, market)
    return try rows.map(Market.self, String.self, String.self, Actor.self, Instant.self) {
      Activation(market: $0, version: $1, reason: $2, activatedBy: $3, activatedAt: $4)
    }
  }

  public static func find(market: Market, version: String, _ tx: borrowing Transaction) throws -> JSONValue? {
    try tx.query("SELECT content FROM market_pack WHERE market = $1 AND version = $2", market, version)
      .first(JSONText.self).map { try StoredJSON.value($0) }
  }

  /// Changes whenever any market's pack does.
  public static func generation(_ tx: borrowing Transaction) throws -> Int64 {
    try tx.query("SELECT coalesce(max(id), 0) FROM market_pack_activation").decode(row: 0, as: Int64.self)
  }

  /// The packs in force, with the rates of exchange that were loaded for their markets in place of their samples.
  public static func inForce(_ tx: borrowing Transaction) throws -> [MarketPack] {
    let rates = try ExchangeRateStore.inForce(tx)
    return try active(tx).map { market, content in
      var pack = try MarketPack(json: JSONCursor(content))
      if let loaded = rates[market] { pack.taxation.exchangeRates = loaded }
      return pack
    }
  }

  public static func active(_ tx: borrowing Transaction) throws -> [(market: Market, content: JSONValue)] {
    let rows = try tx.query(
      """
      SELECT p.market::text, p.content FROM market_pack p JOIN
        (SELECT DISTINCT ON (market) market, version FROM market_pack_activation ORDER BY market, id DESC) a
        USING (market, version) ORDER BY 1
      """)
    return try rows.map(Market.self, JSONText.self) { ($0, try StoredJSON.value($1)) }
  }
}
