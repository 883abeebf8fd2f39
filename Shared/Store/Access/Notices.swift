import Domain
import Postgres

/// What people are to be told of their cases, and whether they were.
public enum Notices {
  public struct Notice: Hashable, Sendable {
    public var id: UniqueID
    public var personID: UniqueID
    public var caseID: CaseID
    public var what: ReviewHappening
    public var happenedAt: Instant
    public var isDigest: Bool
    public var dueAt: Instant
    /// How often it was tried to send it.
    public var attempts: Int64

    public init(
      id: UniqueID, personID: UniqueID, caseID: CaseID, what: ReviewHappening, happenedAt: Instant, isDigest: Bool,
      dueAt: Instant, attempts: Int64 = 0
    ) {
      self.id = id
      self.personID = personID
      self.caseID = caseID
      self.what = what
      self.happenedAt = happenedAt
      self.isDigest = isDigest
      self.dueAt = dueAt
      self.attempts = attempts
    }
  }

  /// How a notice ends.
  public enum End: String, Sendable, CaseIterable, TextColumn {
    case sent
    /// The case did not wait any more, or the person wants no letters.
    case moot
    /// The mail server takes no letter to this person, or was away for too long.
    case refused
    /// Nobody knows whether the letter left.
    case unknown
  }

  public static func add(_ notices: [Notice], _ tx: borrowing Transaction) throws {
    guard !notices.isEmpty else { return }
    try tx.executeLater(
      """
      INSERT INTO notice (id, person_id, case_id, what, happened_at, is_digest, state, due_at)
      SELECT id, person, customs_case, what, at, is_digest, 'waiting', due
      FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[], $6::bool[], $7::timestamptz[])
        AS n (id, person, customs_case, what, at, is_digest, due)
      ON CONFLICT (id) DO NOTHING
      """, notices.map(\.id), notices.map(\.personID), notices.map(\.caseID), notices.map(\.what),
      notices.map(\.happenedAt), notices.map(\.isDigest), notices.map(\.dueAt))
  }

  /// People who are to get a letter now, while no tenant is entered; and those of whose letter nothing was heard.
  public static func readers(
    at now: Instant, sendingSince lost: Instant, limit: Int, _ tx: borrowing Transaction
  ) throws -> [(TenantID, UniqueID)] {
    try tx.query(
      """
      SELECT tenant, person_id FROM (
        (SELECT tenant, person_id, due_at FROM notice WHERE state = 'waiting' AND due_at <= $1
         ORDER BY due_at LIMIT 1000)
        UNION ALL
        (SELECT tenant, person_id, due_at FROM notice WHERE state = 'sending' AND settled_at < $2 LIMIT 1000)) due
      GROUP BY tenant, person_id ORDER BY min(due_at) LIMIT $3
      """, now, lost, limit
    ).map(TenantID.self, UniqueID.self) { ($0, $1) }
  }

  /// Whoever began to send and was never heard of again may have sent it.
  /// - Returns: how many.
  public static func giveUpLost(sendingSince lost: Instant, at now: Instant, _ tx: borrowing Transaction) throws -> Int
  {
    try tx.execute(
      """
      UPDATE notice SET state = 'unknown', settled_at = $2, last_error = 'the process ended while sending it'
      WHERE state = 'sending' AND settled_at < $1
      """, lost, now)
  }

  /// From here on they count as sent unless somebody says otherwise.
  public static func begin(
    for person: UniqueID, at now: Instant, limit: Int, _ tx: borrowing Transaction
  ) throws -> [Notice] {
    let rows = try tx.query(
      """
      UPDATE notice SET state = 'sending', settled_at = $2, attempts = attempts + 1 WHERE id = ANY (ARRAY(
        SELECT id FROM notice WHERE person_id = $1 AND state = 'waiting' AND due_at <= $2
        ORDER BY happened_at LIMIT $3 FOR UPDATE SKIP LOCKED))
      RETURNING id, person_id, case_id, what, happened_at, is_digest, due_at, attempts
      """, person, now, limit)
    return try rows.map(
      UniqueID.self, UniqueID.self, CaseID.self, ReviewHappening.self, Instant.self, Bool.self, Instant.self,
      Int64.self
    ) {
      Notice(
        id: $0, personID: $1, caseID: $2, what: $3, happenedAt: $4, isDigest: $5, dueAt: $6, attempts: $7)
    }.sorted { ($0.happenedAt, $0.id.description) < ($1.happenedAt, $1.id.description) }
  }

  public static func end(
    _ ids: [UniqueID], as end: End, because error: String? = nil, at now: Instant, _ tx: borrowing Transaction
  ) throws {
    guard !ids.isEmpty else { return }
    try tx.executeLater(
      "UPDATE notice SET state = $2, last_error = $3, settled_at = $4 WHERE id = ANY ($1) AND state = 'sending'", ids,
      end, error, now)
  }

  /// Nothing was sent: they wait again.
  public static func postpone(
    _ ids: [UniqueID], until due: Instant, because error: String, _ tx: borrowing Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE notice SET state = 'waiting', due_at = $2, last_error = $3, settled_at = NULL
      WHERE id = ANY ($1) AND state = 'sending'
      """, ids, due, error)
  }

  /// - Returns: how many were forgotten.
  @discardableResult
  public static func forget(before cutoff: Instant, limit: Int, _ tx: borrowing Transaction) throws -> Int {
    try tx.execute(
      """
      DELETE FROM notice WHERE id = ANY (ARRAY(
        SELECT id FROM notice WHERE settled_at < $1 AND state <> 'sending' LIMIT $2))
      """, cutoff, limit)
  }
}
