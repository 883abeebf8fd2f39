import Domain
import Postgres

/// Precedents as people look after them: found by what they are about, entered by hand, and retired with a reason.
public enum PrecedentLibrary {
  public struct Note: Hashable, Sendable {
    public var by: Actor
    public var because: String
  }

  public struct Entry: Sendable {
    public var precedent: Precedent
    /// nil where a decision left it.
    public var entered: Note?
    public var withdrawnAt: Instant?
    /// nil where a later decision took its place.
    public var withdrawn: Note?
  }

  /// The newest first, those withdrawn too.
  public static func of(_ product: ProductDescription, _ tx: borrowing Transaction) throws -> [Entry] {
    let rows = try tx.query(
      """
      SELECT id, source, market::text, title, category, attributes, code, outcome, reason, authority, reference,
        decided_at, entered_by, entered_because, withdrawn_at, withdrawn_by, withdrawn_because
      FROM precedent WHERE md5(title) = md5($1) AND title = $1 AND category = $2 AND attributes = $3
      ORDER BY decided_at DESC, id LIMIT 100
      """, product.title, product.category, product.attributes)
    return try decode(rows)
  }

  /// The newest first.
  /// - Parameters:
  ///   - text: part of the title, or the beginning of the code; all when empty.
  ///   - isStanding: nil for those withdrawn too.
  public static func search(
    _ text: String, market: Market?, isStanding: Bool?, limit: Int64, offset: Int64, _ tx: borrowing Transaction
  ) throws -> [Entry] {
    let digits = text.filter { $0 != "." && $0 != " " }
    let isCode = !digits.isEmpty && digits.allSatisfy { $0.isASCII && $0.isNumber }
    let rows = try tx.query(
      """
      SELECT id, source, market::text, title, category, attributes, code, outcome, reason, authority, reference,
        decided_at, entered_by, entered_because, withdrawn_at, withdrawn_by, withdrawn_because
      FROM precedent WHERE tenant = current_setting('app.tenant') AND environment = current_setting('app.environment')
        AND ($1 = '' OR strpos(lower(title), lower($1)) > 0 OR ($2 <> '' AND starts_with(code, $2)))
        AND ($3::text IS NULL OR market = $3) AND ($4::boolean IS NULL OR (withdrawn_at IS NULL) = $4)
      ORDER BY decided_at DESC, id LIMIT $5 OFFSET $6
      """, text, isCode ? digits : "", market, isStanding, limit, offset)
    return try decode(rows)
  }

  public static func enter(_ precedent: Precedent, _ note: Note, _ tx: borrowing Transaction) throws {
    try tx.execute(
      """
      INSERT INTO precedent (id, source, market, title, category, attributes, code, outcome, reason, decided_at, entered_by,
        entered_because)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
      """, precedent.id, precedent.source, precedent.market, precedent.description.title,
      precedent.description.category, precedent.description.attributes, precedent.code, precedent.outcome,
      precedent.reason, precedent.decidedAt, note.by, note.because)
  }

  /// - Returns: what was retired; nil when there is no such precedent, or it does not stand any more.
  public static func retire(
    _ id: UniqueID, _ note: Note, at now: Instant, _ tx: borrowing Transaction
  ) throws -> Entry? {
    let rows = try tx.query(
      """
      UPDATE precedent SET withdrawn_at = $2, withdrawn_by = $3, withdrawn_because = $4,
        changed_in = pg_current_xact_id()
      WHERE id = $1 AND withdrawn_at IS NULL
      RETURNING id, source, market::text, title, category, attributes, code, outcome, reason, authority, reference,
        decided_at, entered_by, entered_because, withdrawn_at, withdrawn_by, withdrawn_because
      """, id, now, note.by, note.because)
    return try decode(rows).first
  }

  private static func decode(_ rows: borrowing Rows) throws -> [Entry] {
    try rows.map(
      UniqueID.self, Precedent.Source.self, Market.self, String.self, String.self, String.self, HSCode.self,
      Precedent.Outcome.self, String.self, String.self, String.self, Instant.self, Actor?.self, String?.self,
      Instant?.self, Actor?.self, String?.self
    ) {
      Entry(
        precedent: Precedent(
          id: $0, source: $1, authority: $9, reference: $10,
          description: ProductDescription(title: $3, category: $4, attributes: $5), code: $6, decidedAt: $11,
          outcome: $7, market: $2, reason: $8),
        entered: note($12, $13), withdrawnAt: $14, withdrawn: note($15, $16))
    }
  }

  private static func note(_ by: Actor?, _ because: String?) -> Note? {
    guard let by, let because else { return nil }
    return Note(by: by, because: because)
  }
}

extension PrecedentLibrary.Note {
  public init(_ by: Actor, because: String) { self.init(by: by, because: because) }
}
