import Domain
import JSON
import Postgres

/// Decisions that their persons may still undo: nothing of them has happened yet.
public enum PendingDecisions {
  public struct Pending: Sendable {
    public var caseID: CaseID
    public var account: String
    public var name: String
    /// As they were when the decision was given.
    public var roles: [String]
    public var markets: [Market]
    public var request: JSONValue
    public var traceparent: String
    public var givenAt: Instant
    public var takesEffectAt: Instant

    public init(
      caseID: CaseID, by principal: Principal, request: JSONValue, traceparent: String, givenAt: Instant,
      takesEffectAt: Instant
    ) {
      self.caseID = caseID
      account = principal.account
      name = principal.name
      roles = principal.roles.sorted()
      markets = principal.markets.sorted()
      self.request = request
      self.traceparent = traceparent
      self.givenAt = givenAt
      self.takesEffectAt = takesEffectAt
    }

    init(row: (CaseID, String, String, [String], [String], JSONText, String, Instant, Instant)) throws {
      (caseID, account, name, roles) = (row.0, row.1, row.2, row.3)
      markets = try StoredMarkets.decode(row.4)
      request = try StoredJSON.value(row.5)
      (traceparent, givenAt, takesEffectAt) = (row.6, row.7, row.8)
    }

    public var person: Actor { .person(account) }

    public func principal(of tenant: TenantID, in environment: Domain.Environment) -> Principal {
      Principal(
        tenant: tenant, environment: environment, account: account, isPerson: true, roles: Set(roles),
        markets: Set(markets), name: name)
    }
  }

  /// - Returns: false when the case has one already.
  public static func insert(_ pending: Pending, _ tx: borrowing Transaction) throws -> Bool {
    try tx.execute(
      """
      INSERT INTO pending_decision (case_id, person, person_name, roles, markets, request, traceparent, given_at,
        takes_effect_at)
      VALUES ($1, $2, $3, $4, $5, $6::json, $7, $8, $9) ON CONFLICT (case_id) DO NOTHING
      """, pending.caseID, pending.account, pending.name, pending.roles, pending.markets.map(\.code),
      pending.request.text, pending.traceparent, pending.givenAt, pending.takesEffectAt) == 1
  }

  public static func find(_ ids: [CaseID], _ tx: borrowing Transaction) throws -> [CaseID: Pending] {
    let rows = try tx.query(
      """
      SELECT case_id, person, person_name, roles, markets, request, traceparent, given_at, takes_effect_at
      FROM pending_decision WHERE case_id = ANY ($1)
      """, ids)
    let found = try rows.map(
      CaseID.self, String.self, String.self, [String].self, [String].self, JSONText.self, String.self, Instant.self,
      Instant.self
    ) { try Pending(row: ($0, $1, $2, $3, $4, $5, $6, $7, $8)) }
    return Dictionary(uniqueKeysWithValues: found.map { ($0.caseID, $0) })
  }

  /// Whoever removes it, to undo it or to carry it out, is the one who does.
  public static func remove(_ id: CaseID, _ tx: borrowing Transaction) throws -> Bool {
    try tx.execute("DELETE FROM pending_decision WHERE case_id = $1", id) == 1
  }

  /// Of all tenants, before any is entered.
  public static func due(at now: Instant, limit: Int, _ tx: borrowing Transaction) throws -> [(TenantID, CaseID)] {
    try tx.query("SELECT tenant, case_id FROM due_decisions($1, $2)", now, limit)
      .map(TenantID.self, CaseID.self) { ($0, $1) }
  }
}
