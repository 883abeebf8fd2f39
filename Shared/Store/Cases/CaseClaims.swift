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
  public static func held(by seeker: Seeker, at now: Instant, _ tx: borrowing Transaction) throws -> CaseID? {
    let sql: SQL = """
      SELECT l.case_id FROM case_claim l JOIN review_task t ON t.case_id = l.case_id
        JOIN customs_case c ON c.id = l.case_id
      WHERE l.holder = \(seeker.person) AND l.until > \(now)
        AND c.state IN ('awaiting-decision', 'undeliverable', 'conflicted')
        AND NOT EXISTS (SELECT FROM pending_decision p WHERE p.case_id = l.case_id)
      """
    let part = seeker.part?.condition ?? ""
    return try tx.query(dynamic: sql + part + " ORDER BY l.claimed_at DESC LIMIT 1").first(CaseID.self)
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
    /// Those that they see; none means all.
    public var markets: [Market]
    /// Not this one.
    public var besides: CaseID?
    /// Of this part of the queue; nil means of all.
    public var part: ReviewQueue.Membership?

    public init(_ person: Actor, roles: [ReviewerRole]?, markets: [Market]) {
      self.person = person
      self.roles = roles
      self.markets = markets
    }
  }

  /// The first in the queue's order that nobody has in hand and that this person may decide. Its task is locked until
  /// the transaction ends; whoever looks at the same moment gets the one after it.
  /// - Parameters:
  ///   - isAssigned: only what was assigned to this person; otherwise what was assigned to nobody.
  ///   - locks: the case is to be taken, and not only looked at.
  public static func findNext(
    for seeker: Seeker, isAssigned: Bool, locks: Bool = true, at now: Instant, _ tx: borrowing Transaction
  ) throws -> CaseID? {
    let open = isOpen(to: seeker, at: now)
    if isAssigned { return try first(open + ofRoles(seeker.roles) + ofPerson(seeker.person), locks: locks, tx)?.id }
    // As in ReviewQueue: what is assigned to nobody is met by going through the queue in its order.
    let isMetInOrder = seeker.part?.isFew != true
    if isMetInOrder { try tx.executeLater("SET LOCAL enable_sort = off") }
    let free: SQL = open + ofNobody
    var found: CaseID?
    if let roles = seeker.roles, roles.count > 1 {
      found = try first(ofEach: roles, free, locks: locks, tx)
    } else {
      found = try first(free + ofRoles(seeker.roles), locks: locks, tx)?.id
    }
    if isMetInOrder { try tx.executeLater("SET LOCAL enable_sort = on") }
    return found
  }

  /// An index has the cases of each role in their order; those of any of several roles would be looked for among all.
  private static func first(
    ofEach roles: [ReviewerRole], _ conditions: SQL, locks: Bool, _ tx: borrowing Transaction
  ) throws -> CaseID? {
    var conditions = conditions
    while true {
      let firsts = try roles.compactMap { try first(conditions + ofRoles([$0]), locks: false, tx) }
      let best = firsts.min { ($0.urgentAt, $0.id.value) < ($1.urgentAt, $1.id.value) }
      guard let best, locks else { return best?.id }
      if try first(conditions + " AND t.case_id = \(best.id)", locks: true, tx) != nil { return best.id }
      // Somebody else takes it just now.
      conditions = conditions + " AND t.case_id <> \(best.id)"
    }
  }

  private static func first(
    _ conditions: SQL, locks: Bool, _ tx: borrowing Transaction
  ) throws -> (urgentAt: Instant, id: CaseID)? {
    let sql: SQL = """
      SELECT t.urgent_at, t.case_id FROM review_task t JOIN customs_case c ON c.id = t.case_id AND c.state = t.state
      WHERE t.state <> 'awaiting-information'
      """
    let order: SQL = " ORDER BY t.urgent_at, t.case_id LIMIT 1"
    let lock: SQL = locks ? " FOR UPDATE OF t SKIP LOCKED" : ""
    let row = try tx.query(dynamic: sql + conditions + order + lock).first(Instant.self, CaseID.self)
    return row.map { (urgentAt: $0.0, id: $0.1) }
  }

  private static func isOpen(to seeker: Seeker, at now: Instant) -> SQL {
    let markets: SQL = seeker.markets.isEmpty ? "" : ReviewQueue.condition(seeker.markets)
    let others: SQL = seeker.besides.map { " AND t.case_id <> \($0)" } ?? ""
    return markets + others + (seeker.part?.condition ?? "") + """
       AND NOT EXISTS (SELECT FROM case_arrangement a WHERE a.case_id = t.case_id AND a.snoozed_until > \(now))
        AND NOT EXISTS (SELECT FROM pending_decision p WHERE p.case_id = t.case_id)
        AND NOT EXISTS (SELECT FROM case_claim l WHERE l.case_id = t.case_id AND l.until > \(now)
          AND l.holder <> \(seeker.person))
        AND NOT EXISTS (SELECT FROM case_skip s WHERE s.case_id = t.case_id AND s.person = \(seeker.person)
          AND s.until > \(now))
        AND NOT EXISTS (SELECT FROM case_opinion o WHERE o.case_id = t.case_id AND o.case_version = c.version
          AND o.person = \(seeker.person))
      """
  }

  private static func ofPerson(_ person: Actor) -> SQL {
    " AND t.case_id IN (SELECT case_id FROM case_arrangement WHERE assigned_to = \(person))"
  }

  private static let ofNobody: SQL =
    " AND NOT EXISTS (SELECT FROM case_arrangement a WHERE a.case_id = t.case_id AND a.assigned_to IS NOT NULL)"

  private static func ofRoles(_ roles: [ReviewerRole]?) -> SQL {
    guard let roles else { return "" }
    var sql: SQL = "false"
    for (index, role) in roles.enumerated() {
      sql = index == 0 ? ReviewQueue.condition(role) : sql + " OR " + ReviewQueue.condition(role)
    }
    return " AND (" + sql + ")"
  }
}
