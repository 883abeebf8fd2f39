import Domain
import Postgres

/// Cases whose right answer is vouched for. A reviewer meets them among the second looks, and cannot tell them from others.
public enum GoldCases {
  public struct GoldCase: Hashable, Sendable {
    public var caseID: CaseID
    public var market: Market
    /// nil where the product is not to be cleared.
    public var code: HSCode?
    public var why: String
    public var markedBy: Actor

    public init(caseID: CaseID, market: Market, code: HSCode?, why: String, markedBy: Actor) {
      self.caseID = caseID
      self.market = market
      self.code = code
      self.why = why
      self.markedBy = markedBy
    }
  }

  /// Marked again, it has another answer from now on, for what was found before, too.
  public static func mark(_ gold: GoldCase, at now: Instant, _ tx: borrowing Transaction) throws {
    try tx.execute(
      """
      INSERT INTO gold_case (case_id, market, code, why, marked_by, marked_at) VALUES ($1, $2, $3, $4, $5, $6)
      ON CONFLICT (case_id) DO UPDATE SET code = $3, why = $4, marked_by = $5, retired_at = NULL
      """, gold.caseID, gold.market, gold.code, gold.why, gold.markedBy, now)
  }

  /// - Returns: whether it was shown until now.
  public static func retire(_ id: CaseID, at now: Instant, _ tx: borrowing Transaction) throws -> Bool {
    try tx.execute("UPDATE gold_case SET retired_at = $2 WHERE case_id = $1 AND retired_at IS NULL", id, now) == 1
  }

  // MARK: Looking

  /// Whether the next second look of this person is to be a gold case. The lot is drawn from how many they took: whoever asks
  /// again before they have taken one draws the same.
  public static func isDue(for person: Actor, _ tx: borrowing Transaction) throws -> Bool {
    try tx.query(
      """
      SELECT ('x' || left(md5(current_setting('app.tenant') || $1 || n.count), 8))::bit(32)::bigint % 1000000 < gold_ppm
      FROM quality_setting CROSS JOIN (
        SELECT (SELECT count(*) FROM quality_check WHERE reviewer = $1)
          + (SELECT count(*) FROM gold_look WHERE reviewer = $1) AS count) n
      """, person
    ).first(Bool.self) ?? false
  }

  /// Those that this person had no part in, in an order of their own, the ones that they have met last.
  public static func meeting(_ person: Actor, limit: Int64, _ tx: borrowing Transaction) throws -> [(
    caseID: CaseID, isMet: Bool
  )] {
    try tx.query(
      """
      SELECT g.case_id, l.case_id IS NOT NULL AS is_met
      FROM gold_case g LEFT JOIN gold_look l ON l.case_id = g.case_id AND l.reviewer = $1
      WHERE g.retired_at IS NULL AND g.marked_by <> $1
        AND NOT EXISTS (SELECT FROM decision d WHERE d.case_id = g.case_id AND d.decided_by = $1)
        AND NOT EXISTS (SELECT FROM case_opinion o WHERE o.case_id = g.case_id AND o.person = $1)
        AND NOT EXISTS (SELECT FROM quality_check q WHERE q.case_id = g.case_id AND q.reviewer = $1)
      ORDER BY is_met, md5(g.case_id::text || $1) LIMIT $2
      """, person, limit
    ).map(CaseID.self, Bool.self) { (caseID: $0, isMet: $1) }
  }

  /// - Returns: whether it agrees with the gold case; nil where this person has met it meanwhile, or it is gone.
  public static func judge(
    _ id: CaseID, by person: Actor, code: HSCode?, reason: String?, at now: Instant, _ tx: borrowing Transaction
  ) throws -> Bool? {
    try tx.query(
      """
      WITH looked AS (
        INSERT INTO gold_look (case_id, market, reviewer, code, reason, looked_at)
        SELECT case_id, market, $2, $3, $4, $5 FROM gold_case WHERE case_id = $1 AND retired_at IS NULL
        ON CONFLICT DO NOTHING RETURNING case_id, code)
      SELECT left(l.code, 6) IS NOT DISTINCT FROM left(g.code, 6)
      FROM looked l JOIN gold_case g ON g.case_id = l.case_id
      """, id, person, code, reason, now
    ).first(Bool.self)
  }

  // MARK: Figures

  public struct Standing: Hashable, Sendable {
    public var gold: GoldCase
    public var sku: String
    public var isRetired: Bool
    public var looks: Int64
    public var agreed: Int64
  }

  /// The newest first.
  public static func list(limit: Int64, _ tx: borrowing Transaction) throws -> [Standing] {
    let rows = try tx.query(
      """
      SELECT g.case_id, g.market::text, g.code, g.why, g.marked_by, c.sku, g.retired_at IS NOT NULL, count(l.reviewer),
        count(l.reviewer) FILTER (WHERE left(l.code, 6) IS NOT DISTINCT FROM left(g.code, 6))
      FROM gold_case g JOIN customs_case c ON c.id = g.case_id LEFT JOIN gold_look l ON l.case_id = g.case_id
      WHERE g.tenant = current_setting('app.tenant') AND g.environment = current_setting('app.environment')
      GROUP BY g.case_id, c.sku ORDER BY g.marked_at DESC, g.case_id LIMIT $1
      """, limit)
    return try rows.map(
      CaseID.self, Market.self, HSCode?.self, String.self, Actor.self, String.self, Bool.self, Int64.self, Int64.self
    ) {
      Standing(
        gold: GoldCase(caseID: $0, market: $1, code: $2, why: $3, markedBy: $4), sku: $5, isRetired: $6, looks: $7,
        agreed: $8)
    }
  }

  public struct Agreement: Hashable, Sendable {
    public var reviewer: Actor
    public var count: Int64
    public var agreed: Int64
  }

  /// How often each reviewer found what is right, since then.
  public static func agreements(since: Instant, _ tx: borrowing Transaction) throws -> [Agreement] {
    let rows = try tx.query(
      """
      SELECT l.reviewer, count(*), count(*) FILTER (WHERE left(l.code, 6) IS NOT DISTINCT FROM left(g.code, 6))
      FROM gold_look l JOIN gold_case g ON g.case_id = l.case_id
      WHERE l.looked_at >= $1 AND l.tenant = current_setting('app.tenant')
        AND l.environment = current_setting('app.environment')
      GROUP BY l.reviewer ORDER BY l.reviewer
      """, since)
    return try rows.map(Actor.self, Int64.self, Int64.self) { Agreement(reviewer: $0, count: $1, agreed: $2) }
  }

  public struct Difference: Hashable, Sendable {
    public var gold: GoldCase
    public var sku: String
    public var reviewer: Actor
    public var code: HSCode?
    public var reason: String?
    public var at: Instant
  }

  /// Where reviewers found something else, the newest first.
  public static func differing(limit: Int64, _ tx: borrowing Transaction) throws -> [Difference] {
    let rows = try tx.query(
      """
      SELECT g.case_id, g.market::text, g.code, g.why, g.marked_by, c.sku, l.reviewer, l.code, l.reason, l.looked_at
      FROM gold_look l JOIN gold_case g ON g.case_id = l.case_id JOIN customs_case c ON c.id = g.case_id
      WHERE left(l.code, 6) IS DISTINCT FROM left(g.code, 6) AND l.tenant = current_setting('app.tenant')
        AND l.environment = current_setting('app.environment') ORDER BY l.looked_at DESC LIMIT $1
      """, limit)
    return try rows.map(
      CaseID.self, Market.self, HSCode?.self, String.self, Actor.self, String.self, Actor.self, HSCode?.self,
      String?.self, Instant.self
    ) {
      Difference(
        gold: GoldCase(caseID: $0, market: $1, code: $2, why: $3, markedBy: $4), sku: $5, reviewer: $6, code: $7,
        reason: $8, at: $9)
    }
  }
}
