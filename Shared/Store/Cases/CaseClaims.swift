import Domain
import Postgres

/// Who has which case in hand. A claim lapses by itself, so that nobody who went home keeps a case from the others.
public enum CaseClaims {
  public struct Claim: Hashable, Sendable {
    public var caseID: CaseID
    public var holder: Actor
    public var name: String
    public var since: Instant
    public var until: Instant
  }

  public static func open(_ ids: [CaseID], at now: Instant, _ tx: borrowing Transaction) throws -> [CaseID: Claim] {
    let rows = try tx.query(
      """
      SELECT case_id, holder, holder_name, claimed_at, until FROM case_claim WHERE case_id = ANY ($1) AND until > $2
      """, ids, now)
    return Dictionary(uniqueKeysWithValues: try decode(rows).map { ($0.caseID, $0) })
  }

  /// The latest that this person has in hand and has not decided.
  public static func held(by holder: Actor, at now: Instant, _ tx: borrowing Transaction) throws -> CaseID? {
    try tx.query(
      """
      SELECT l.case_id FROM case_claim l JOIN customs_case c ON c.id = l.case_id
      WHERE l.holder = $1 AND l.until > $2 AND c.state = 'awaiting-decision' ORDER BY l.claimed_at DESC LIMIT 1
      """, holder, now
    ).first(CaseID.self)
  }

  /// Of several who take a case at once, one gets it.
  /// - Returns: nil when another has it.
  public static func take(
    _ id: CaseID, by holder: Actor, name: String, at now: Instant, until: Instant, _ tx: borrowing Transaction
  ) throws -> Claim? {
    let rows = try tx.query(
      """
      INSERT INTO case_claim AS c (case_id, holder, holder_name, claimed_at, until) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (case_id) DO UPDATE SET holder = excluded.holder, holder_name = excluded.holder_name,
        claimed_at = CASE WHEN c.holder = excluded.holder AND c.until > $4 THEN c.claimed_at ELSE $4 END,
        until = excluded.until
      WHERE c.until <= $4 OR c.holder = excluded.holder
      RETURNING case_id, holder, holder_name, claimed_at, until
      """, id, holder, name, now, until)
    return try decode(rows).first
  }

  public static func renew(
    _ id: CaseID, by holder: Actor, at now: Instant, until: Instant, _ tx: borrowing Transaction
  ) throws {
    try tx.execute(
      "UPDATE case_claim SET until = $4 WHERE case_id = $1 AND holder = $2 AND until > $3", id, holder, now, until)
  }

  public static func release(_ id: CaseID, _ tx: borrowing Transaction) throws {
    try tx.execute("DELETE FROM case_claim WHERE case_id = $1", id)
  }

  private static func decode(_ rows: borrowing Rows) throws -> [Claim] {
    try rows.map(CaseID.self, Actor.self, String.self, Instant.self, Instant.self) {
      Claim(caseID: $0, holder: $1, name: $2, since: $3, until: $4)
    }
  }

  // MARK: The next case

  /// For whom a case is looked for.
  public struct Seeker: Sendable {
    public var person: Actor
    /// nil means that any case is theirs.
    public var roles: [ReviewerRole]?

    public init(_ person: Actor, roles: [ReviewerRole]?) {
      self.person = person
      self.roles = roles
    }
  }

  /// The gravest case, then the oldest, that nobody has in hand and that this person may decide. Its task is locked until
  /// the transaction ends; whoever looks at the same moment gets the one after it.
  /// - Parameter isAssigned: only what was assigned to this person; otherwise what was assigned to nobody.
  public static func findNext(
    for seeker: Seeker, isAssigned: Bool, at now: Instant, _ tx: borrowing Transaction
  ) throws -> CaseID? {
    try tx.query(
      """
      SELECT t.case_id FROM review_task t JOIN customs_case c ON c.id = t.case_id AND c.state = 'awaiting-decision'
        LEFT JOIN case_arrangement a ON a.case_id = t.case_id
      WHERE ($2::text[] IS NULL OR t.roles && $2)
        AND CASE WHEN $3 THEN a.assigned_to = $1 ELSE a.assigned_to IS NULL END
        AND (a.snoozed_until IS NULL OR a.snoozed_until <= $4)
        AND NOT EXISTS (SELECT FROM case_claim l WHERE l.case_id = t.case_id AND l.until > $4 AND l.holder <> $1)
        AND NOT EXISTS (SELECT FROM case_skip s WHERE s.case_id = t.case_id AND s.person = $1 AND s.until > $4)
        AND NOT EXISTS (SELECT FROM case_opinion o
          WHERE o.case_id = t.case_id AND o.case_version = c.version AND o.person = $1)
      ORDER BY t.risk_score DESC, t.opened_at, t.case_id LIMIT 1 FOR UPDATE OF t SKIP LOCKED
      """, seeker.person, seeker.roles.map { $0.map(\.rawValue) }, isAssigned, now
    ).first(CaseID.self)
  }
}
