import Domain
import JSON
import Postgres

/// Rates of exchange as an authority published them, for each market. What is loaded later counts before what was loaded for
/// the same day earlier; nothing is ever deleted.
public enum ExchangeRateStore {
  public struct Table: Sendable {
    public var market: Market
    public var source: RuleSource
    /// For how many days each of them may be used.
    public var validDays: Int64
    public var rates: [ExchangeRates.Rate]

    public init(market: Market, source: RuleSource, validDays: Int64, rates: [ExchangeRates.Rate]) {
      self.market = market
      self.source = source
      self.validDays = validDays
      self.rates = rates
    }
  }

  /// - Returns: the number under which screenings name it.
  @discardableResult
  public static func load(_ table: Table, by actor: Actor, at now: Instant, _ tx: borrowing Transaction) throws -> Int64
  {
    let id = try tx.query(
      """
      INSERT INTO exchange_rate_import (market, source, valid_days, loaded_by, loaded_at)
      VALUES ($1, $2::text::json, $3, $4, $5) RETURNING id
      """, table.market, StoredJSON.encode(table.source.json), table.validDays, actor, now
    ).decode(row: 0, as: Int64.self)
    try tx.execute(
      """
      INSERT INTO exchange_rate (import, market, currency, valid_from, per_unit)
      SELECT $1, $2, currency, day::date, rate::numeric
      FROM unnest($3::text[], $4::text[], $5::text[]) AS r (currency, day, rate)
      """, id, table.market, table.rates.map(\.currency.code), table.rates.map(\.from.description),
      table.rates.map(\.perUnit.description))
    return id
  }

  /// Changes whenever rates are loaded.
  public static func generation(_ tx: borrowing Transaction) throws -> Int64 {
    try tx.query("SELECT coalesce(max(id), 0) FROM exchange_rate_import").decode(row: 0, as: Int64.self)
  }

  /// Of the markets that have any. Older days are left out: nothing is screened for them any more.
  public static func inForce(_ tx: borrowing Transaction) throws -> [Market: ExchangeRates] {
    let heads = try tx.query(
      """
      SELECT DISTINCT ON (market) market::text, id, source, valid_days FROM exchange_rate_import ORDER BY market, id DESC
      """)
    var tables = Dictionary(
      uniqueKeysWithValues: try heads.map(Market.self, Int64.self, JSONText.self, Int64.self) {
        market, id, source, days in
        let source = try StoredJSON.decode(RuleSource.self, source)
        return (
          market,
          ExchangeRates(
            isSample: false, note: "\(source.authority), \(source.instrument)", validDays: days, rates: [],
            version: "rates-\(market)@\(id)")
        )
      })
    let rows = try tx.query(
      """
      SELECT DISTINCT ON (market, currency, valid_from) market::text, currency::text, valid_from::text, per_unit::text
      FROM exchange_rate WHERE valid_from >= (SELECT max(valid_from) - 800 FROM exchange_rate)
      ORDER BY market, currency, valid_from, import DESC
      """)
    for (market, rate) in try rows.map(
      Market.self, String.self, String.self, String.self,
      transform: { market, currency, day, perUnit in
        guard let currency = CurrencyCode(currency), let day = CalendarDate(day), let perUnit = Decimal(perUnit) else {
          throw StoreError.unreadable(type: "exchange rate", reason: "\(currency) \(day) \(perUnit)")
        }
        return (market, ExchangeRates.Rate(currency, perUnit: perUnit, from: day))
      })
    { tables[market]?.rates.append(rate) }
    return tables
  }

  public struct Import: Sendable {
    public var id: Int64
    public var market: Market
    public var source: RuleSource
    public var loadedBy: Actor
    public var loadedAt: Instant
    public var count: Int64
  }

  /// Newest first; of one market, or of all.
  public static func imports(_ market: Market?, _ tx: borrowing Transaction) throws -> [Import] {
    let rows = try tx.query(
      """
      SELECT id, market::text, source, loaded_by, loaded_at, (SELECT count(*) FROM exchange_rate WHERE import = i.id)
      FROM exchange_rate_import i WHERE $1::text IS NULL OR market = $1 ORDER BY id DESC LIMIT 100
      """, market)
    return try rows.map(Int64.self, Market.self, JSONText.self, Actor.self, Instant.self, Int64.self) {
      Import(
        id: $0, market: $1, source: try StoredJSON.decode(RuleSource.self, $2), loadedBy: $3, loadedAt: $4, count: $5)
    }
  }
}
