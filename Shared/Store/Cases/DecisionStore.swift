import Domain
import Postgres

public enum DecisionStore {
  public static func insert(_ decisions: [Decision], _ tx: borrowing Transaction) throws {
    guard !decisions.isEmpty else { return }
    try tx.executeLater(
      """
      INSERT INTO decision (id, case_id, sequence, kind, code, reason, decided_by, decided_at, supersedes)
      SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::int8[], $4::text[], $5::text[], $6::text[], $7::text[],
        $8::timestamptz[], $9::uuid[])
      """, decisions.map(\.id), decisions.map(\.caseID), decisions.map(\.sequence), decisions.map(\.kind),
      decisions.map(\.code), decisions.map(\.reason), decisions.map(\.decidedBy), decisions.map(\.decidedAt),
      decisions.map(\.supersedes))
  }

  /// The decision in force for each case.
  public static func latest(_ ids: [CaseID], _ tx: borrowing Transaction) throws -> [CaseID: Decision] {
    let rows = try tx.query(
      """
      SELECT l.* FROM unnest($1::uuid[]) AS n (id) CROSS JOIN LATERAL
        (SELECT id, case_id, sequence, kind, code, reason, decided_by, decided_at, supersedes
         FROM decision WHERE case_id = n.id ORDER BY sequence DESC LIMIT 1) l
      """, ids)
    return Dictionary(try decode(rows).map { ($0.caseID, $0) }) { first, _ in first }
  }

  public static func history(_ id: CaseID, _ tx: borrowing Transaction) throws -> [Decision] {
    let rows = try tx.query(
      """
      SELECT id, case_id, sequence, kind, code, reason, decided_by, decided_at, supersedes
      FROM decision WHERE case_id = $1 ORDER BY sequence
      """, id)
    return try decode(rows)
  }

  private static func decode(_ rows: borrowing Rows) throws -> [Decision] {
    try rows.map(
      DecisionID.self, CaseID.self, Int64.self, Decision.Kind.self, HSCode?.self, String?.self, Actor.self,
      Instant.self,
      DecisionID?.self
    ) { id, caseID, sequence, kind, code, reason, by, at, supersedes in
      Decision(
        id: id, caseID: caseID, sequence: sequence, kind: kind, code: code, reason: reason, decidedBy: by,
        decidedAt: at,
        supersedes: supersedes)
    }
  }
}
