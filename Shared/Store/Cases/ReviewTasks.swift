import Domain
import Postgres

/// What waits for a person: cases held for a decision, a row as long as the wait, and those whose outcome did not arrive.
public enum ReviewTasks {
  public struct Task: Sendable {
    public var caseID: CaseID
    public var market: Market
    public var sku: String
    public var title: String
    public var lane: Lane
    public var roles: [ReviewerRole]
    public var riskScore: Int
    public var reason: String
    public var openedAt: Instant

    public init(
      caseID: CaseID, market: Market, sku: String, title: String, lane: Lane, roles: [ReviewerRole], riskScore: Int,
      reason: String, openedAt: Instant
    ) {
      self.caseID = caseID
      self.market = market
      self.sku = sku
      self.title = title
      self.lane = lane
      self.roles = roles
      self.riskScore = riskScore
      self.reason = reason
      self.openedAt = openedAt
    }
  }

  public static func open(_ tasks: [Task], _ tx: borrowing Transaction) throws {
    guard !tasks.isEmpty else { return }
    // PostgreSQL has no arrays of arrays of different lengths, so the roles travel joined.
    try tx.executeLater(
      """
      INSERT INTO review_task (case_id, market, sku, title, lane, roles, risk_score, reason, opened_at)
      SELECT id, market, sku, title, lane, string_to_array(roles, ','), risk, reason, at
      FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int8[], $8::text[],
        $9::timestamptz[]) AS t (id, market, sku, title, lane, roles, risk, reason, at)
      ON CONFLICT (case_id) DO NOTHING
      """, tasks.map(\.caseID), tasks.map(\.market), tasks.map(\.sku), tasks.map(\.title), tasks.map(\.lane),
      tasks.map { $0.roles.map(\.rawValue).joined(separator: ",") }, tasks.map { Int64($0.riskScore) },
      tasks.map(\.reason), tasks.map(\.openedAt))
  }

  /// What is known of a waiting case has changed; it keeps its place in time.
  public static func amend(_ tasks: [Task], _ tx: borrowing Transaction) throws {
    guard !tasks.isEmpty else { return }
    try tx.execute(
      """
      UPDATE review_task t SET roles = string_to_array(n.roles, ','), risk_score = n.risk, reason = n.reason
      FROM unnest($1::uuid[], $2::text[], $3::int8[], $4::text[]) AS n (id, roles, risk, reason)
      WHERE t.case_id = ANY ($1) AND t.case_id = n.id
      """, tasks.map(\.caseID), tasks.map { $0.roles.map(\.rawValue).joined(separator: ",") },
      tasks.map { Int64($0.riskScore) }, tasks.map(\.reason))
  }

  /// The cases that wait, in order of their ids, a page at a time.
  public static func cases(after last: CaseID?, limit: Int, _ tx: borrowing Transaction) throws -> [CaseID] {
    let first = last ?? CaseID(UniqueID(high: 0, low: 0))
    return try tx.query("SELECT case_id FROM review_task WHERE case_id > $1 ORDER BY case_id LIMIT $2", first, limit)
      .map(CaseID.self) { $0 }
  }

  public static func close(_ ids: [CaseID], _ tx: borrowing Transaction) throws {
    guard !ids.isEmpty else { return }
    try tx.execute("DELETE FROM review_task WHERE case_id = ANY ($1)", ids)
  }

  /// Gravest first, then oldest. Each half is cut before they are put together, so that the first uses its index.
  public static func list(market: Market?, role: ReviewerRole?, limit: Int, offset: Int, _ tx: borrowing Transaction)
    throws -> [Task]
  {
    let rows = try tx.query(
      """
      SELECT case_id, market::text, sku, title, lane, roles, risk_score::int8, reason, opened_at FROM (
        (SELECT case_id, market, sku, title, lane, roles, risk_score, reason, opened_at FROM review_task
         WHERE ($1::text IS NULL OR market = $1) AND ($2::text IS NULL OR $2 = ANY (roles))
         ORDER BY risk_score DESC, opened_at, case_id LIMIT $3::int8 + $4::int8)
        UNION ALL
        (SELECT case_id, market, sku, title, lane, roles, risk_score, reason, opened_at FROM undelivered_case
         WHERE ($1::text IS NULL OR market = $1) AND ($2::text IS NULL OR $2 = ANY (roles)))) waiting
      ORDER BY risk_score DESC, opened_at, case_id LIMIT $3::int8 OFFSET $4::int8
      """, market?.code, role?.rawValue, limit, offset)
    return try rows.map(
      CaseID.self, Market.self, String.self, String.self, Lane.self, [String].self, Int64.self, String.self,
      Instant.self
    ) { id, market, sku, title, lane, roles, risk, reason, at in
      Task(
        caseID: id, market: market, sku: sku, title: title, lane: lane,
        roles: roles.compactMap { ReviewerRole(rawValue: $0) }, riskScore: Int(risk), reason: reason, openedAt: at)
    }
  }

  public static func count(_ tx: borrowing Transaction) throws -> Int64 {
    try tx.query("SELECT (SELECT count(*) FROM review_task) + (SELECT count(*) FROM undelivered_case)").decode(
      row: 0, as: Int64.self)
  }
}
