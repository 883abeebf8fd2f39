import Domain
import JSON
import Postgres

/// What the classifier and the screening answered, one row for each version of the case that they answered for.
public enum ClassificationStore {
  public static func insert(
    _ rows: [(CaseID, version: Int64, Classification)], at now: Instant, _ tx: borrowing Transaction
  )
    throws
  {
    guard !rows.isEmpty else { return }
    try tx.executeLater(
      """
      INSERT INTO case_classification (case_id, case_version, content, at)
      SELECT id, version, content::json, $1 FROM unnest($2::uuid[], $3::int8[], $4::text[]) AS n (id, version, content)
      """, now, rows.map(\.0), rows.map(\.version), rows.map { StoredJSON.encode($0.2.json) })
  }

  public static func latest(_ ids: [CaseID], _ tx: borrowing Transaction) throws -> [CaseID: Classification] {
    let rows = try tx.query(
      """
      SELECT l.* FROM unnest($1::uuid[]) AS n (id) CROSS JOIN LATERAL
        (SELECT case_id, content FROM case_classification WHERE case_id = n.id ORDER BY case_version DESC LIMIT 1) l
      """, ids)
    let pairs = try rows.map(CaseID.self, JSONText.self) { ($0, try StoredJSON.decode(Classification.self, $1)) }
    return Dictionary(pairs) { first, _ in first }
  }
}

public enum ScreeningStore {
  public struct Result: Sendable {
    public var screening: Screening
    public var routing: Routing

    public init(screening: Screening, routing: Routing) {
      self.screening = screening
      self.routing = routing
    }
  }

  public static func insert(_ rows: [(CaseID, version: Int64, Result)], at now: Instant, _ tx: borrowing Transaction)
    throws
  {
    guard !rows.isEmpty else { return }
    try tx.executeLater(
      """
      INSERT INTO case_screening (case_id, case_version, content, routing, at)
      SELECT id, version, content::json, routing::json, $1
      FROM unnest($2::uuid[], $3::int8[], $4::text[], $5::text[]) AS n (id, version, content, routing)
      """, now, rows.map(\.0), rows.map(\.version), rows.map { StoredJSON.encode($0.2.screening.json) },
      rows.map { StoredJSON.encode($0.2.routing.json) })
  }

  public static func latest(_ ids: [CaseID], _ tx: borrowing Transaction) throws -> [CaseID: Result] {
    let rows = try tx.query(
      """
      SELECT l.* FROM unnest($1::uuid[]) AS n (id) CROSS JOIN LATERAL
        (SELECT case_id, content, routing FROM case_screening WHERE case_id = n.id ORDER BY case_version DESC LIMIT 1) l
      """, ids)
    let pairs = try rows.map(CaseID.self, JSONText.self, JSONText.self) { id, content, routing in
      let result = Result(
        screening: try StoredJSON.decode(Screening.self, content), routing: try StoredJSON.decode(Routing.self, routing)
      )
      return (id, result)
    }
    return Dictionary(pairs) { first, _ in first }
  }
}
