import Domain
import Postgres

extension Precedent.Outcome: TextColumn {}
extension Precedent.Source: TextColumn {}

/// A tenant's precedents: its decisions, what became of its earlier submissions, and rulings it imported.
public enum Precedents {
  /// - Returns: for each whether it was not known before.
  @discardableResult
  public static func insert(_ precedents: [Precedent], _ tx: borrowing Transaction) throws -> [Bool] {
    try tx.pipeline { pipeline in
      for precedent in precedents {
        try pipeline.execute(
          """
          INSERT INTO precedent (id, source, market, title, category, attributes, code, outcome, reason, authority,
            reference, decided_at)
          VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING
          """, precedent.id, precedent.source, precedent.market, precedent.description.title,
          precedent.description.category, precedent.description.attributes, precedent.code, precedent.outcome,
          precedent.reason, precedent.authority, precedent.reference, precedent.decidedAt)
      }
    }.map { $0 == 1 }
  }

  /// It speaks for no product any more; it stays on record.
  /// - Returns: whether it stood until now.
  @discardableResult
  public static func withdraw(_ id: UniqueID, at now: Instant, _ tx: borrowing Transaction) throws -> Bool {
    try tx.execute(
      """
      UPDATE precedent SET withdrawn_at = $2, changed_in = pg_current_xact_id() WHERE id = $1 AND withdrawn_at IS NULL
      """, id, now) == 1
  }

  /// What a reader has not seen yet, and from where it asks next time.
  public struct Changes: Sendable {
    public var standing: [Precedent] = []
    public var withdrawn: [UniqueID] = []
    public var mark: Mark
  }

  /// All transactions before it had ended when it was taken.
  public struct Mark: Sendable, Hashable {
    fileprivate var transaction: String
    public static let beginning = Mark(transaction: "0")
  }

  public static func changes(since mark: Mark, _ tx: borrowing Transaction) throws -> Changes {
    // Taken first: what is committed between the two statements is read twice, and not missed.
    let next = try tx.query("SELECT pg_snapshot_xmin(pg_current_snapshot())::text").decode(row: 0, as: String.self)
    var changes = Changes(mark: Mark(transaction: next))
    changes.withdrawn = try tx.query(
      "SELECT id FROM precedent WHERE changed_in >= $1::text::xid8 AND withdrawn_at IS NOT NULL", mark.transaction
    ).map(UniqueID.self) { $0 }
    changes.standing = try precedents(
      try tx.query(
        """
        SELECT id, source, market::text, title, category, attributes, code, outcome, reason, authority, reference,
          decided_at
        FROM precedent WHERE changed_in >= $1::text::xid8 AND withdrawn_at IS NULL ORDER BY decided_at, id
        """, mark.transaction))
    return changes
  }

  /// In the order asked for, those withdrawn since among them.
  public static func load(_ ids: [UniqueID], _ tx: borrowing Transaction) throws -> [Precedent] {
    try precedents(
      try tx.query(
        """
        SELECT id, source, market::text, title, category, attributes, code, outcome, reason, authority, reference,
          decided_at
        FROM precedent JOIN unnest($1::uuid[]) WITH ORDINALITY AS wanted (id, place) USING (id) ORDER BY place
        """, ids))
  }

  /// The newest that stand.
  public static func list(source: Precedent.Source?, code: String, limit: Int64, _ tx: borrowing Transaction)
    throws -> [Precedent]
  {
    try precedents(
      try tx.query(
        """
        SELECT id, source, market::text, title, category, attributes, code, outcome, reason, authority, reference,
          decided_at
        FROM precedent WHERE withdrawn_at IS NULL AND source = coalesce(nullif($1, ''), source)
          AND starts_with(code, $2)
        ORDER BY decided_at DESC, id LIMIT $3
        """, source?.rawValue ?? "", code, limit))
  }

  private static func precedents(_ rows: borrowing Rows) throws -> [Precedent] {
    try rows.map(
      UniqueID.self, Precedent.Source.self, Market.self, String.self, String.self, String.self, HSCode.self,
      Precedent.Outcome.self, String.self, String.self, String.self, Instant.self
    ) {
      Precedent(
        id: $0, source: $1, authority: $9, reference: $10,
        description: ProductDescription(title: $3, category: $4, attributes: $5), code: $6, decidedAt: $11,
        outcome: $7, market: $2, reason: $8)
    }
  }
}
