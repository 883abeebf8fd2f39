import Crypto
import Domain
import JSON
import Postgres

/// Tariffs of markets as their authorities published them, as versions that never change and activations, of which the newest
/// of each market holds. Where there is none, what stands beside the product holds.
public enum TariffStore {
  public struct Stored: Sendable {
    public var market: Market
    public var version: String
    public var lineCount: Int64
    public var content: JSONValue

    public init(market: Market, version: String, lineCount: Int64, content: JSONValue) {
      self.market = market
      self.version = version
      self.lineCount = lineCount
      self.content = content
    }
  }

  /// - Returns: true when the version is new here.
  public static func load(_ stored: Stored, by actor: Actor, at now: Instant, _ tx: borrowing Transaction) throws
    -> Bool
  {
    let text = StoredJSON.encode(stored.content)
    return try tx.execute(
      """
      INSERT INTO tariff_version (market, version, sha256, line_count, content, loaded_by, loaded_at)
      VALUES ($1, $2, $3, $4, $5::text::json, $6, $7) ON CONFLICT DO NOTHING
      """, stored.market, stored.version, SHA256.hash(text).bytes, stored.lineCount, text, actor, now) == 1
  }

  public static func find(_ market: Market, version: String, _ tx: borrowing Transaction) throws -> Stored? {
    let rows = try tx.query(
      "SELECT line_count, content FROM tariff_version WHERE market = $1 AND version = $2", market, version)
    return try rows.map(Int64.self, JSONText.self) {
      Stored(market: market, version: version, lineCount: $0, content: try StoredJSON.value($1))
    }.first
  }

  /// - Parameter version: nil goes back to what stands beside the product.
  /// - Returns: false when it is in force already.
  public static func activate(
    _ market: Market, version: String?, because reason: String, by actor: Actor, at now: Instant,
    _ tx: borrowing Transaction
  ) throws -> Bool {
    try tx.execute(
      """
      INSERT INTO tariff_activation (market, version, reason, activated_by, activated_at)
      SELECT $1, nullif($2, ''), $3, $4, $5 WHERE nullif($2, '') IS DISTINCT FROM
        (SELECT version FROM tariff_activation WHERE market = $1 ORDER BY id DESC LIMIT 1)
      """, market, version ?? "", reason, actor, now) == 1
  }

  /// Changes whenever any market's tariff does.
  public static func generation(_ tx: borrowing Transaction) throws -> Int64 {
    try tx.query("SELECT coalesce(max(id), 0) FROM tariff_activation").decode(row: 0, as: Int64.self)
  }

  /// What was in force after a change, of the markets that had any by then.
  public static func versions(upTo id: Int64, _ tx: borrowing Transaction) throws -> [Market: String] {
    let rows = try tx.query(
      """
      SELECT DISTINCT ON (market) market::text, version FROM tariff_activation WHERE id <= $1 ORDER BY market, id DESC
      """, id)
    return Dictionary(uniqueKeysWithValues: try rows.map(Market.self, String?.self) { ($0, $1) }).compactMapValues(
      \.self)
  }

  public static func inForce(_ tx: borrowing Transaction) throws -> [Stored] {
    let rows = try tx.query(
      """
      SELECT v.market::text, v.version, v.line_count, v.content FROM tariff_version v JOIN
        (SELECT DISTINCT ON (market) market, version FROM tariff_activation ORDER BY market, id DESC) a
        USING (market, version) ORDER BY 1
      """)
    return try rows.map(Market.self, String.self, Int64.self, JSONText.self) {
      Stored(market: $0, version: $1, lineCount: $2, content: try StoredJSON.value($3))
    }
  }

  public struct Activation: Sendable {
    public var market: Market
    /// nil where it went back to what stands beside the product.
    public var version: String?
    public var lineCount: Int64?
    public var reason: String
    public var activatedBy: Actor
    public var activatedAt: Instant
  }

  /// Newest first.
  public static func history(_ tx: borrowing Transaction) throws -> [Activation] {
    let rows = try tx.query(
      """
      SELECT a.market::text, a.version, v.line_count, a.reason, a.activated_by, a.activated_at
      FROM tariff_activation a LEFT JOIN tariff_version v USING (market, version) ORDER BY a.id DESC LIMIT 200
      """)
    return try rows.map(Market.self, String?.self, Int64?.self, String.self, Actor.self, Instant.self) {
      Activation(market: $0, version: $1, lineCount: $2, reason: $3, activatedBy: $4, activatedAt: $5)
    }
  }

  /// Codes that cases of the market were cleared with and how many hold each: of the tenant, or of all for the operator.
  public static func clearedCodes(_ market: Market, _ tx: borrowing Transaction) throws -> [HSCode: Int64] {
    let rows = try tx.query(
      """
      SELECT d.code, count(*) FROM customs_case c CROSS JOIN LATERAL
        (SELECT kind, code FROM decision WHERE case_id = c.id ORDER BY sequence DESC LIMIT 1) d
      WHERE c.market = $1 AND c.state IN ('decided', 'documented', 'written-back', 'undeliverable', 'conflicted')
        AND d.kind <> 'rejected' GROUP BY d.code ORDER BY d.code
      """, market)
    return Dictionary(uniqueKeysWithValues: try rows.map(HSCode.self, Int64.self) { ($0, $1) })
  }

  /// The cleared cases with one of these codes, in order of their ids, a page at a time.
  public static func cleared(
    _ market: Market, with codes: [HSCode], after last: CaseID?, limit: Int, _ tx: borrowing Transaction
  ) throws -> [CaseID] {
    let first = last ?? CaseID(UniqueID(high: 0, low: 0))
    return try tx.query(
      """
      SELECT c.id FROM customs_case c CROSS JOIN LATERAL
        (SELECT kind, code FROM decision WHERE case_id = c.id ORDER BY sequence DESC LIMIT 1) d
      WHERE c.id > $1 AND c.market = $2
        AND c.state IN ('decided', 'documented', 'written-back', 'undeliverable', 'conflicted')
        AND d.kind <> 'rejected' AND d.code = ANY ($3) ORDER BY c.id LIMIT $4
      """, first, market, codes, limit
    ).map(CaseID.self) { $0 }
  }

  // MARK: Looking at cases again

  /// Up to which change the tenant's cases have been looked at; the newest of all for a tenant that had none then.
  public static func rescreened(_ tx: borrowing Transaction) throws -> Int64? {
    try tx.query("SELECT done FROM tariff_rescreening LIMIT 1").first(Int64.self)
  }

  public static func setRescreened(_ done: Int64, at now: Instant, _ tx: borrowing Transaction) throws {
    try tx.execute(
      """
      INSERT INTO tariff_rescreening (done, at) VALUES ($1, $2)
      ON CONFLICT (tenant, environment) DO UPDATE SET done = $1, at = $2
      """, done, now)
  }
}
