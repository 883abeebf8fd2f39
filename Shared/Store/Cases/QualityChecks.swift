import Domain
import Postgres

/// Decisions drawn by lot for a second look, by somebody who is not shown what was decided.
public enum QualityChecks {
  /// Shares in millionths.
  public struct Setting: Hashable, Sendable {
    public var automatic: Int64
    public var decided: Int64
    /// Of a reviewer's second looks, those at a gold case.
    public var gold: Int64

    public init(automatic: Int64, decided: Int64, gold: Int64) {
      self.automatic = automatic
      self.decided = decided
      self.gold = gold
    }
  }

  public struct Check: Hashable, Sendable {
    public var decisionID: DecisionID
    public var caseID: CaseID
    public var sku: String
    public var market: Market
    /// It cleared by itself.
    public var isAutomatic: Bool
    public var judgement: Judgement?
  }

  public struct Judgement: Hashable, Sendable {
    public var reviewer: Actor
    /// nil where the product should not have been cleared.
    public var code: HSCode?
    public var reason: String?
    public var agrees: Bool
    public var at: Instant

    public init(reviewer: Actor, code: HSCode?, reason: String?, agrees: Bool, at: Instant) {
      self.reviewer = reviewer
      self.code = code
      self.reason = reason
      self.agrees = agrees
      self.at = at
    }
  }

  // MARK: Drawing

  /// nil while nothing is drawn.
  public static func setting(_ tx: borrowing Transaction) throws -> Setting? {
    try tx.query("SELECT automatic_ppm, decided_ppm, gold_ppm FROM quality_setting")
      .map(Int64.self, Int64.self, Int64.self) { Setting(automatic: $0, decided: $1, gold: $2) }.first
  }

  /// Holds for what is decided from now on.
  public static func set(_ setting: Setting, at now: Instant, _ tx: borrowing Transaction) throws {
    try tx.execute(
      """
      INSERT INTO quality_setting (automatic_ppm, decided_ppm, gold_ppm, drawn_until) VALUES ($1, $2, $3, $4)
      ON CONFLICT (tenant, environment) DO UPDATE SET automatic_ppm = $1, decided_ppm = $2, gold_ppm = $3
      """, setting.automatic, setting.decided, setting.gold, now)
  }

  /// Draws among what was decided since it was last done. The lot is the decision's id, which nobody chooses: whoever draws
  /// again draws the same. For a transaction that has entered the tenant and nobody in particular.
  /// - Parameter until: late enough that no decision before it is still to be committed.
  public static func draw(until: Instant, at now: Instant, _ tx: borrowing Transaction) throws -> Int {
    let since = try tx.query("SELECT drawn_until FROM quality_setting FOR UPDATE").first(Instant.self)
    guard let since, since < until else { return 0 }
    let count = try tx.execute(
      """
      INSERT INTO quality_check (decision_id, case_id, market, is_automatic, decided_by, drawn_at)
      SELECT d.id, d.case_id, c.market, d.kind = 'auto-cleared', d.decided_by, $3
      FROM decision d JOIN customs_case c ON c.id = d.case_id CROSS JOIN quality_setting s
      WHERE d.decided_at > $1 AND d.decided_at <= $2
        AND ('x' || left(md5(d.id::text), 8))::bit(32)::bigint % 1000000
          < CASE d.kind WHEN 'auto-cleared' THEN s.automatic_ppm ELSE s.decided_ppm END
      ON CONFLICT DO NOTHING
      """, since, until, now)
    try tx.execute("UPDATE quality_setting SET drawn_until = $1", until)
    return count
  }

  // MARK: Looking

  public static func find(_ id: DecisionID, _ tx: borrowing Transaction) throws -> Check? {
    let rows = try tx.query(
      """
      SELECT q.decision_id, q.case_id, c.sku, q.market::text, q.is_automatic, q.reviewer, q.code, q.reason, q.agrees,
        q.checked_at
      FROM quality_check q JOIN customs_case c ON c.id = q.case_id WHERE q.decision_id = $1
      """, id)
    return try decode(rows).first
  }

  /// Whether this person decided the case once, or gave an opinion on it.
  public static func hadPart(_ person: Actor, in id: CaseID, _ tx: borrowing Transaction) throws -> Bool {
    try tx.query(
      """
      SELECT EXISTS (SELECT FROM decision WHERE case_id = $1 AND decided_by = $2)
        OR EXISTS (SELECT FROM case_opinion WHERE case_id = $1 AND person = $2)
      """, id, person
    ).decode(row: 0, as: Bool.self)
  }

  /// The oldest that waits and that this person had no part in.
  public static func next(for person: Actor, _ tx: borrowing Transaction) throws -> DecisionID? {
    try tx.query(
      """
      SELECT q.decision_id FROM quality_check q WHERE q.checked_at IS NULL AND q.tenant = current_setting('app.tenant')
        AND q.environment = current_setting('app.environment')
        AND NOT EXISTS (SELECT FROM decision d WHERE d.case_id = q.case_id AND d.decided_by = $1)
        AND NOT EXISTS (SELECT FROM case_opinion o WHERE o.case_id = q.case_id AND o.person = $1)
      ORDER BY q.drawn_at, q.decision_id LIMIT 1
      """, person
    ).first(DecisionID.self)
  }

  public static func waiting(_ tx: borrowing Transaction) throws -> Int64 {
    try tx.query(
      """
      SELECT count(*) FROM quality_check WHERE checked_at IS NULL AND tenant = current_setting('app.tenant')
        AND environment = current_setting('app.environment')
      """
    ).decode(row: 0, as: Int64.self)
  }

  /// - Returns: false when somebody has judged meanwhile.
  public static func judge(_ id: DecisionID, _ judgement: Judgement, _ tx: borrowing Transaction) throws -> Bool {
    try tx.execute(
      """
      UPDATE quality_check SET reviewer = $2, code = $3, reason = $4, agrees = $5, checked_at = $6
      WHERE decision_id = $1 AND checked_at IS NULL
      """, id, judgement.reviewer, judgement.code, judgement.reason, judgement.agrees, judgement.at) == 1
  }

  // MARK: Figures

  public struct Agreement: Hashable, Sendable {
    /// nil for what cleared by itself.
    public var decider: Actor?
    public var reviewer: Actor
    public var count: Int64
    public var agreed: Int64
  }

  /// How often reviewers agreed with whom, since then.
  public static func agreements(since: Instant, _ tx: borrowing Transaction) throws -> [Agreement] {
    let rows = try tx.query(
      """
      SELECT CASE WHEN is_automatic THEN NULL ELSE decided_by END AS decider, reviewer, count(*),
        count(*) FILTER (WHERE agrees)
      FROM quality_check WHERE checked_at >= $1 AND tenant = current_setting('app.tenant')
        AND environment = current_setting('app.environment')
      GROUP BY decider, reviewer ORDER BY decider NULLS FIRST, reviewer
      """, since)
    return try rows.map(Actor?.self, Actor.self, Int64.self, Int64.self) {
      Agreement(decider: $0, reviewer: $1, count: $2, agreed: $3)
    }
  }

  /// Of the cases that two people decided without knowing of each other, how many they decided alike.
  public static func pairs(since: Instant, _ tx: borrowing Transaction) throws -> (count: Int64, agreed: Int64) {
    try tx.query(
      """
      SELECT count(*), count(*) FILTER (WHERE a.kind = b.kind AND a.code IS NOT DISTINCT FROM b.code)
      FROM case_opinion b
      JOIN case_opinion a ON a.case_id = b.case_id AND a.case_version = b.case_version AND a.sequence = 1
      JOIN customs_case c ON c.id = b.case_id WHERE b.sequence = 2 AND b.given_at >= $1
      """, since
    ).map(Int64.self, Int64.self) { (count: $0, agreed: $1) }.first ?? (0, 0)
  }

  /// Those judged that differ, the newest first.
  public static func differing(limit: Int64, _ tx: borrowing Transaction) throws -> [Check] {
    let rows = try tx.query(
      """
      SELECT q.decision_id, q.case_id, c.sku, q.market::text, q.is_automatic, q.reviewer, q.code, q.reason, q.agrees,
        q.checked_at
      FROM quality_check q JOIN customs_case c ON c.id = q.case_id
      WHERE q.checked_at IS NOT NULL AND NOT q.agrees AND q.tenant = current_setting('app.tenant')
        AND q.environment = current_setting('app.environment') ORDER BY q.checked_at DESC LIMIT $1
      """, limit)
    return try decode(rows)
  }

  private static func decode(_ rows: borrowing Rows) throws -> [Check] {
    try rows.map(
      DecisionID.self, CaseID.self, String.self, Market.self, Bool.self, Actor?.self, HSCode?.self, String?.self,
      Bool?.self, Instant?.self
    ) { decision, caseID, sku, market, isAutomatic, reviewer, code, reason, agrees, at in
      var check = Check(decisionID: decision, caseID: caseID, sku: sku, market: market, isAutomatic: isAutomatic)
      if let reviewer, let agrees, let at {
        check.judgement = Judgement(reviewer: reviewer, code: code, reason: reason, agrees: agrees, at: at)
      }
      return check
    }
  }
}
