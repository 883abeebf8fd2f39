import Domain
import Postgres

/// What the same product has in other markets.
public enum MarketMatrixStore {
  /// The newest revision over all its markets; nil when there is none.
  public static func load(sku: String, _ tx: borrowing Transaction) throws -> MarketMatrix? {
    let ids = try tx.query(
      """
      SELECT c.id FROM product p JOIN product_revision r ON r.sku = p.sku AND r.revision = p.latest_revision
      JOIN customs_case c ON c.product_revision_id = r.id
      WHERE p.sku = $1 AND c.sku = $1 AND r.sku = $1 AND p.tenant = r.tenant AND p.environment = r.environment
      """, sku
    ).map(CaseID.self) { $0 }
    let cases = try CaseStore.load(ids, tx)
    guard let first = cases.values.first else { return nil }
    let classifications = try ClassificationStore.latest(ids, tx)
    let screenings = try ScreeningStore.latest(ids, tx)
    let decisions = try DecisionStore.latest(ids, tx)
    return MarketMatrix(
      sku: sku, title: first.product.title, revision: first.revision,
      rows: cases.values.map { stored in
        MarketMatrix.Row(
          caseID: stored.id, market: stored.market, state: stored.state, lane: stored.lane,
          candidate: classifications[stored.id]?.best, decision: decisions[stored.id],
          screening: screenings[stored.id]?.screening)
      })
  }

  /// For each case the codes of the same revision in other markets: decided, or likely enough to be suggested.
  public static func elsewhere(_ cases: [StoredCase], _ tx: borrowing Transaction) throws -> [CaseID: [ChosenCode]] {
    let shared = cases.filter { $0.product.markets.count > 1 }
    guard !shared.isEmpty else { return [:] }
    let rows = try tx.query(
      """
      SELECT n.id, s.market::text, coalesce(d.code, l.code), d.code IS NOT NULL
      FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS n (id, revision, sku)
      JOIN customs_case s ON s.sku = n.sku AND s.product_revision_id = n.revision AND s.id <> n.id
        AND s.sku = ANY ($3) AND s.state NOT IN ('opened', 'superseded')
      LEFT JOIN LATERAL (SELECT kind, code FROM decision WHERE case_id = s.id ORDER BY sequence DESC LIMIT 1) d ON true
      LEFT JOIN LATERAL (SELECT content #>> '{candidates,0,code}' AS code,
          (content #>> '{candidates,0,confidence}')::numeric AS confidence
        FROM case_classification WHERE case_id = s.id AND d.kind IS NULL ORDER BY case_version DESC LIMIT 1) l
        ON l.confidence >= 0.5
      WHERE coalesce(d.code, l.code) IS NOT NULL ORDER BY n.id, s.market
      """, shared.map(\.id), shared.map(\.revisionID), shared.map(\.product.sku))
    let found = try rows.map(CaseID.self, Market.self, HSCode.self, Bool.self) { id, market, code, isDecided in
      (id, ChosenCode(market: market, code: code, isDecided: isDecided))
    }
    return Dictionary(grouping: found, by: \.0).mapValues { $0.map(\.1) }
  }
}
