import Domain
import JSON
import Postgres

/// What became of submissions that were sent over the broker, whose sender gets no answer.
public enum SubmissionOutcomes {
  /// Those that ingest has handled, whatever came of them.
  public static func handled(_ ids: [MessageID], _ tx: borrowing Transaction) throws -> Set<MessageID> {
    let rows = try tx.query("SELECT message_id FROM inbox WHERE consumer = 'ingest' AND message_id = ANY ($1)", ids)
    return Set(try rows.map(MessageID.self) { $0 })
  }

  public static func refused(_ ids: [SubmissionID], _ tx: borrowing Transaction) throws -> [SubmissionID:
    [ValidationIssue]]
  {
    let rows = try tx.query("SELECT id, issues FROM refused_submission WHERE id = ANY ($1)", ids)
    let pairs = try rows.map(SubmissionID.self, JSONText.self) { id, issues in
      (id, try JSONCursor(try StoredJSON.value(issues)).elements().map { try ValidationIssue(json: $0) })
    }
    return Dictionary(uniqueKeysWithValues: pairs)
  }

  /// The cases of the newest revisions of these SKUs, and where they stand.
  public static func cases(of skus: [String], _ tx: borrowing Transaction) throws -> [(
    sku: String, market: Market, state: CaseState
  )] {
    let rows = try tx.query(
      """
      SELECT c.sku, c.market::text, c.state FROM product p JOIN product_revision r USING (tenant, environment, sku)
      JOIN customs_case c ON c.product_revision_id = r.id
      WHERE p.sku = ANY ($1) AND c.sku = ANY ($1) AND r.revision = p.latest_revision ORDER BY c.sku, c.market
      """, skus)
    return try rows.map(String.self, Market.self, CaseState.self) { ($0, $1, $2) }
  }

  public static func shipments(_ references: [String], _ tx: borrowing Transaction) throws -> [String: ShipmentState] {
    let rows = try tx.query("SELECT reference, state FROM shipment WHERE reference = ANY ($1)", references)
    return Dictionary(uniqueKeysWithValues: try rows.map(String.self, ShipmentState.self) { ($0, $1) })
  }
}
