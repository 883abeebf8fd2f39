import Domain
import JSON
import Postgres

/// What a tenant's risk scores are weighed by, as it was learned; the newest holds.
public enum RiskModelStore {
  public static func newestVersion(_ tx: borrowing Transaction) throws -> Int64? {
    try tx.query("SELECT id FROM risk_model ORDER BY id DESC LIMIT 1").first(Int64.self)
  }

  public static func load(version: Int64, _ tx: borrowing Transaction) throws -> JSONValue? {
    try tx.query("SELECT content FROM risk_model WHERE id = $1", version).first(JSONText.self)
      .map { try StoredJSON.value($0) }
  }

  /// How many decisions of people there are, and how many there were when the newest weights were learned.
  public static func decisions(_ tx: borrowing Transaction) throws -> (now: Int64, learned: Int64) {
    let now = try tx.query(
      """
      SELECT count(*) FROM decision WHERE kind <> 'auto-cleared' AND tenant = current_setting('app.tenant')
        AND environment = current_setting('app.environment')
      """
    ).decode(row: 0, as: Int64.self)
    let learned = try tx.query("SELECT case_count FROM risk_model ORDER BY id DESC LIMIT 1").first(Int64.self)
    return (now, learned ?? 0)
  }

  public struct Example: Sendable {
    public var risk: Risk
    public var isOverturned: Bool
  }

  /// The latest cases that people decided, whose screening says what its score was made of.
  public static func examples(limit: Int64 = 5000, _ tx: borrowing Transaction) throws -> [Example] {
    let rows = try tx.query(
      """
      SELECT d.kind IN ('overridden', 'rejected'), s.risk FROM (SELECT id, case_id, kind, decided_at FROM decision
        WHERE kind <> 'auto-cleared' AND tenant = current_setting('app.tenant')
          AND environment = current_setting('app.environment') ORDER BY decided_at DESC, id LIMIT $1) d
      CROSS JOIN LATERAL (SELECT content -> 'risk' AS risk FROM case_screening WHERE case_id = d.case_id
        ORDER BY case_version DESC LIMIT 1) s
      WHERE s.risk IS NOT NULL ORDER BY d.decided_at, d.id
      """, limit)
    return try rows.map(Bool.self, JSONText.self) { isOverturned, risk in
      Example(risk: try StoredJSON.decode(Risk.self, risk), isOverturned: isOverturned)
    }
  }

  /// The number that the next weights will have is drawn first, so that they can name themselves by it; false when another
  /// worker is learning.
  public static func insert(
    decisionCount: Int64, at now: Instant, _ tx: borrowing Transaction, _ content: (Int64) -> JSONValue?
  ) throws -> Bool {
    let isFree = try tx.query(
      "SELECT pg_try_advisory_xact_lock(hashtext('risk model ' || current_setting('app.tenant')))"
    ).decode(row: 0, as: Bool.self)
    guard isFree else { return false }
    let version = try tx.query("SELECT coalesce(max(id), 0) + 1 FROM risk_model").decode(row: 0, as: Int64.self)
    guard let content = content(version) else { return false }
    try tx.execute(
      "INSERT INTO risk_model (id, content, case_count, fitted_at) VALUES ($1, $2::text::json, $3, $4)", version,
      StoredJSON.encode(content), decisionCount, now)
    return true
  }
}
