import Domain
import Postgres

/// What people arranged about a case that waits: whose it is, when it is to come up again, who passed it upwards.
public enum CaseArrangements {
  public struct Arrangement: Hashable, Sendable {
    public var assignedTo: Actor?
    public var assignedName: String?
    public var snoozedUntil: Instant?
    public var escalatedBy: Actor?
    public var escalatedAt: Instant?
    public var escalationReason: String?
  }

  public static func load(_ ids: [CaseID], _ tx: borrowing Transaction) throws -> [CaseID: Arrangement] {
    let rows = try tx.query(
      """
      SELECT case_id, assigned_to, assigned_name, snoozed_until, escalated_by, escalated_at, escalation_reason
      FROM case_arrangement WHERE case_id = ANY ($1)
      """, ids)
    let pairs = try rows.map(
      CaseID.self, Actor?.self, String?.self, Instant?.self, Actor?.self, Instant?.self, String?.self
    ) { id, to, name, snoozed, by, at, reason in
      let arrangement = Arrangement(
        assignedTo: to, assignedName: name, snoozedUntil: snoozed, escalatedBy: by, escalatedAt: at,
        escalationReason: reason)
      return (id, arrangement)
    }
    return Dictionary(uniqueKeysWithValues: pairs)
  }

  /// Wakes the case too: it is somebody's now.
  public static func assign(_ id: CaseID, to person: Actor, name: String, _ tx: borrowing Transaction) throws {
    try tx.execute(
      """
      INSERT INTO case_arrangement (case_id, assigned_to, assigned_name) VALUES ($1, $2, $3)
      ON CONFLICT (case_id) DO UPDATE SET assigned_to = excluded.assigned_to, assigned_name = excluded.assigned_name,
        snoozed_until = NULL
      """, id, person, name)
  }

  public static func snooze(_ id: CaseID, until: Instant, _ tx: borrowing Transaction) throws {
    try tx.execute(
      """
      INSERT INTO case_arrangement (case_id, snoozed_until) VALUES ($1, $2)
      ON CONFLICT (case_id) DO UPDATE SET snoozed_until = excluded.snoozed_until
      """, id, until)
  }

  /// From here on it is the compliance lead's.
  public static func escalate(
    _ id: CaseID, by actor: Actor, reason: String, at now: Instant, _ tx: borrowing Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO case_arrangement (case_id, escalated_by, escalated_at, escalation_reason) VALUES ($1, $2, $3, $4)
      ON CONFLICT (case_id) DO UPDATE SET escalated_by = excluded.escalated_by, escalated_at = excluded.escalated_at,
        escalation_reason = excluded.escalation_reason, assigned_to = NULL, assigned_name = NULL, snoozed_until = NULL
      """, id, actor, now, reason)
    try tx.execute(
      "UPDATE review_task SET roles = $2, reason = $3 WHERE case_id = $1", id, [ReviewerRole.complianceLead.rawValue],
      String("Escalated: \(reason)".prefix(300)))
  }

  /// This person is not given the case until then.
  public static func skip(_ id: CaseID, by person: Actor, until: Instant, _ tx: borrowing Transaction) throws {
    try tx.execute(
      """
      INSERT INTO case_skip (case_id, person, until) VALUES ($1, $2, $3)
      ON CONFLICT (case_id, person) DO UPDATE SET until = excluded.until
      """, id, person, until)
  }

  /// What was arranged is over with the case's decision.
  public static func forget(_ id: CaseID, _ tx: borrowing Transaction) throws {
    try tx.execute("DELETE FROM case_arrangement WHERE case_id = $1", id)
    try tx.execute("DELETE FROM case_skip WHERE case_id = $1", id)
  }
}
