import Domain
import JSON
import Postgres

/// What happened to cases that wait for a person, until others have been told of it.
public enum UntoldNews {
  public struct Event: Hashable, Sendable {
    /// Grows with each event of the installation.
    public var sequence: Int64
    public var caseID: CaseID
    public var what: ReviewHappening
    public var actor: Actor
    public var at: Instant
    /// What the audit log says of it, of what may be told.
    public var data: JSONObject

    public init(
      sequence: Int64, caseID: CaseID, what: ReviewHappening, actor: Actor, at: Instant, data: JSONObject = JSONObject()
    ) {
      self.sequence = sequence
      self.caseID = caseID
      self.what = what
      self.actor = actor
      self.at = at
      self.data = data
    }
  }

  private static let members = ["question", "answer", "reason", "to", "until", "takesEffectAt", "decisionKind", "code"]

  /// Nothing can happen to a waiting case without this: it follows from what the audit log is told.
  static func append(_ entries: [AuditLog.Entry], _ tx: borrowing Transaction) throws {
    let told = entries.compactMap { entry in
      entry.kind.hasPrefix("case.")
        ? ReviewHappening(rawValue: String(entry.kind.dropFirst(5))).map { (entry, $0) } : nil
    }
    guard !told.isEmpty else { return }
    try tx.executeLater(
      """
      INSERT INTO review_event (case_id, what, actor, at, data)
      SELECT id, what, actor, at, data::json FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::text[])
        WITH ORDINALITY AS e (id, what, actor, at, data, position) ORDER BY position
      """, told.map(\.0.subject), told.map(\.1), told.map(\.0.actor), told.map(\.0.at),
      told.map { StoredJSON.encode(.object(tellable($0.0.data))) })
  }

  private static func tellable(_ data: JSONValue) -> JSONObject {
    var told = JSONObject()
    for name in members { if let value = data[name], !value.isNull { told[name] = value } }
    return told
  }

  /// Who has something to tell, while no tenant is entered.
  public static func tenants(_ tx: borrowing Transaction) throws -> [TenantID] {
    try tx.query("SELECT DISTINCT tenant FROM review_event").map(TenantID.self) { $0 }
  }

  /// Takes the oldest away, to be told in this transaction; of two who do so at once, each gets others.
  public static func take(limit: Int, _ tx: borrowing Transaction) throws -> [Event] {
    let rows = try tx.query(
      """
      DELETE FROM review_event WHERE seq = ANY (ARRAY(
        SELECT seq FROM review_event ORDER BY seq LIMIT $1 FOR UPDATE SKIP LOCKED))
      RETURNING seq, case_id, what, actor, at, data
      """, limit)
    return try rows.map(Int64.self, CaseID.self, ReviewHappening.self, Actor.self, Instant.self, JSONText.self) {
      Event(
        sequence: $0, caseID: $1, what: $2, actor: $3, at: $4,
        data: try StoredJSON.value($5).objectValue ?? JSONObject())
    }.sorted { $0.sequence < $1.sequence }
  }
}
