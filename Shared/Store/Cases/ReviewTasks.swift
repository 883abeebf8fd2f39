import Domain
import Postgres

/// What waits for a person, a row as long as the wait: cases held for a decision, and those whose outcome did not arrive.
public enum ReviewTasks {
  public struct Task: Sendable {
    public enum State: String, Sendable, CaseIterable, TextColumn {
      case awaitingDecision = "awaiting-decision"
      /// The supplier is asked; the case's time stands still.
      case awaitingInformation = "awaiting-information"
      case undeliverable, conflicted
    }

    public var caseID: CaseID
    public var market: Market
    public var sku: String
    public var title: String
    public var lane: Lane
    public var roles: [ReviewerRole]
    public var riskScore: Int
    public var reason: String
    public var openedAt: Instant
    /// Why it was held.
    public var kinds: [RoutingReason.Kind]
    /// What is proposed, or was decided.
    public var code: HSCode?
    /// What it can be found by, besides its SKU, title and code.
    public var words: [String]
    public var state = State.awaitingDecision
    /// These two are known once it is stored.
    public var dueAt: Instant?
    public var urgentAt: Instant?
    public var pausedAt: Instant?

    public init(
      caseID: CaseID, market: Market, sku: String, title: String, lane: Lane, roles: [ReviewerRole], riskScore: Int,
      reason: String, openedAt: Instant, kinds: [RoutingReason.Kind] = [], code: HSCode? = nil, words: [String] = []
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
      self.kinds = kinds
      self.code = code
      self.words = words
    }

    /// What the seller says of the product that people look for it by.
    public static func words(of product: Product) -> [String] {
      let named = [product.brand, product.supplier?.name, product.variantOf].compactMap(\.self)
      return product.titles.dropFirst().map(\.text) + product.categoryPath + named
    }

    /// Both ways to write a code, because people look for both.
    var needle: String {
      ([sku, title] + (code.map { [$0.digits, $0.dotted] } ?? []) + words).joined(separator: " ").lowercased()
    }
  }

  public static func open(_ tasks: [Task], _ tx: borrowing Transaction) throws {
    guard !tasks.isEmpty else { return }
    // PostgreSQL has no arrays of arrays of different lengths, so the roles and kinds travel joined.
    try tx.executeLater(
      """
      INSERT INTO review_task (case_id, market, sku, title, lane, roles, risk_score, reason, opened_at, kinds, code, needle,
        due_at, urgent_at)
      SELECT id, market, sku, title, lane, string_to_array(roles, ','), risk, reason, at, string_to_array(kinds, ','), code,
        needle, at + allowed, review_urgency(at, at + allowed, risk)
      FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int8[], $8::text[],
        $9::timestamptz[], $10::text[], $11::text[], $12::text[])
        AS t (id, market, sku, title, lane, roles, risk, reason, at, kinds, code, needle)
      CROSS JOIN (SELECT review_time() AS allowed) AS policy
      ON CONFLICT (case_id) DO NOTHING
      """, tasks.map(\.caseID), tasks.map(\.market), tasks.map(\.sku), tasks.map(\.title), tasks.map(\.lane),
      tasks.map { $0.roles.map(\.rawValue).joined(separator: ",") }, tasks.map { Int64($0.riskScore) },
      tasks.map(\.reason), tasks.map(\.openedAt), tasks.map { $0.kinds.map(\.rawValue).joined(separator: ",") },
      tasks.map(\.code), tasks.map(\.needle))
  }

  /// What is known of a waiting case has changed; its time goes on.
  public static func amend(_ tasks: [Task], _ tx: borrowing Transaction) throws {
    guard !tasks.isEmpty else { return }
    try tx.execute(
      """
      UPDATE review_task t SET roles = string_to_array(n.roles, ','), risk_score = n.risk, reason = n.reason,
        kinds = string_to_array(n.kinds, ','), urgent_at = review_urgency(t.opened_at, t.due_at, n.risk)
      FROM unnest($1::uuid[], $2::text[], $3::int8[], $4::text[], $5::text[]) AS n (id, roles, risk, reason, kinds)
      WHERE t.case_id = ANY ($1) AND t.case_id = n.id
      """, tasks.map(\.caseID), tasks.map { $0.roles.map(\.rawValue).joined(separator: ",") },
      tasks.map { Int64($0.riskScore) }, tasks.map(\.reason),
      tasks.map { $0.kinds.map(\.rawValue).joined(separator: ",") })
  }

  /// The case waits for the supplier: its time stands still.
  public static func pause(_ id: CaseID, reason: String, at now: Instant, _ tx: borrowing Transaction) throws {
    try tx.execute(
      """
      UPDATE review_task SET state = 'awaiting-information', reason = $2, paused_at = coalesce(paused_at, $3)
      WHERE case_id = $1
      """, id, reason, now)
  }

  /// The supplier answered: the case's time goes on where it stood.
  public static func resume(_ id: CaseID, reason: String, at now: Instant, _ tx: borrowing Transaction) throws {
    try tx.execute(
      """
      UPDATE review_task SET state = 'awaiting-decision', reason = $2, paused_at = NULL,
        due_at = due_at + ($3 - coalesce(paused_at, $3)), urgent_at = urgent_at + ($3 - coalesce(paused_at, $3))
      WHERE case_id = $1
      """, id, reason, now)
  }

  /// By when a case that waits is to be decided.
  public static func clock(of id: CaseID, _ tx: borrowing Transaction) throws -> (dueAt: Instant, pausedAt: Instant?)? {
    let row = try tx.query("SELECT due_at, paused_at FROM review_task WHERE case_id = $1", id)
      .first(Instant.self, Instant?.self)
    return row.map { (dueAt: $0.0, pausedAt: $0.1) }
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
}
