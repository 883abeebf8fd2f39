import Domain
import Postgres

/// What each of two people decided about the same state of a case.
public enum CaseOpinions {
  public struct Opinion: Hashable, Sendable {
    public var person: Actor
    public var kind: Decision.Kind
    public var code: HSCode?
    public var reason: String?
    public var salt: [UInt8]
    public var givenAt: Instant

    public init(
      person: Actor, kind: Decision.Kind, code: HSCode?, reason: String?, salt: [UInt8], givenAt: Instant
    ) {
      self.person = person
      self.kind = kind
      self.code = code
      self.reason = reason
      self.salt = salt
      self.givenAt = givenAt
    }
  }

  /// About the case at this version, the first one first.
  public static func list(_ id: CaseID, version: Int64, _ tx: borrowing Transaction) throws -> [Opinion] {
    let rows = try tx.query(
      """
      SELECT person, kind, code, reason, salt, given_at FROM case_opinion WHERE case_id = $1 AND case_version = $2
      ORDER BY sequence
      """, id, version)
    return try rows.map(
      Actor.self, Decision.Kind.self, HSCode?.self, String?.self, [UInt8].self, Instant.self
    ) { Opinion(person: $0, kind: $1, code: $2, reason: $3, salt: $4, givenAt: $5) }
  }

  /// - Returns: false when another gave theirs meanwhile.
  public static func insert(
    _ opinion: Opinion, sequence: Int, about id: CaseID, version: Int64, _ tx: borrowing Transaction
  ) throws -> Bool {
    try tx.execute(
      """
      INSERT INTO case_opinion (case_id, case_version, sequence, person, kind, code, reason, salt, given_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING
      """, id, version, sequence, opinion.person, opinion.kind, opinion.code, opinion.reason, opinion.salt,
      opinion.givenAt) == 1
  }
}
