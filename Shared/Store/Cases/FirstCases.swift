import Domain
import Postgres

/// The first cases of a tenant's suppliers and markets, written until one of them has been cleared.
public enum FirstCases {
  public enum Subject: Hashable, Sendable {
    case supplier(String)
    case market(Market)

    public init?(_ supplier: Party?) {
      guard let supplier else { return nil }
      self = .supplier(supplier.familiarityKey)
    }

    fileprivate var kind: String {
      switch self {
      case .supplier: "supplier"
      case .market: "market"
      }
    }

    fileprivate var key: String {
      switch self {
      case .supplier(let key): key
      case .market(let market): market.code
      }
    }
  }

  /// More are not written: a supplier of whom a hundred cases wait is new whatever comes next.
  static let casesMax: Int64 = 100

  public enum Standing: Sendable { case known, new, newAndCounted }

  /// Known is whatever a case was cleared of, by its latest decision.
  public static func standing(_ subjects: Set<Subject>, _ tx: borrowing Transaction) throws -> [Subject: Standing] {
    guard !subjects.isEmpty else { return [:] }
    let wanted = subjects.sorted { ($0.kind, $0.key) < ($1.kind, $1.key) }
    let rows = try tx.query(
      """
      SELECT coalesce(bool_or(d.kind IN ('auto-cleared', 'approved', 'overridden')), false), count(f.case_id)
      FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS n (kind, key, number)
      LEFT JOIN first_case f ON f.key = n.key AND f.kind = n.kind AND f.key = ANY ($2)
      LEFT JOIN LATERAL (SELECT kind FROM decision WHERE case_id = f.case_id ORDER BY sequence DESC LIMIT 1) d ON true
      GROUP BY n.number ORDER BY n.number
      """, wanted.map(\.kind), wanted.map(\.key))
    let standings = try rows.map(Bool.self, Int64.self) { cleared, count -> Standing in
      cleared ? .known : count < casesMax ? .new : .newAndCounted
    }
    return Dictionary(uniqueKeysWithValues: zip(wanted, standings))
  }

  public static func insert(_ cases: [(Subject, CaseID)], _ tx: borrowing Transaction) throws {
    guard !cases.isEmpty else { return }
    try tx.executeLater(
      """
      INSERT INTO first_case (kind, key, case_id) SELECT * FROM unnest($1::text[], $2::text[], $3::uuid[])
      ON CONFLICT DO NOTHING
      """, cases.map(\.0.kind), cases.map(\.0.key), cases.map(\.1))
  }

  /// What was familiar when the cases were screened.
  public static func familiarity(of cases: [CaseID: StoredCase], _ tx: borrowing Transaction) throws
    -> [CaseID: Familiarity]
  {
    var found = cases.mapValues { stored in
      Familiarity(isSupplierKnown: stored.product.supplier != nil, isMarketKnown: true)
    }
    let rows = try tx.query("SELECT case_id, kind FROM first_case WHERE case_id = ANY ($1)", Array(cases.keys))
    for (id, kind) in try rows.map(CaseID.self, String.self, transform: { ($0, $1) }) {
      if kind == "supplier" { found[id]?.isSupplierKnown = false } else { found[id]?.isMarketKnown = false }
    }
    return found
  }
}
