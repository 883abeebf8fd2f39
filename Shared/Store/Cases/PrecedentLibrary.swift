import Domain
import Postgres

/// Precedents as people look after them: found by what they are about, entered by hand, and retired with a reason.
public enum PrecedentLibrary {
  public struct Note: Hashable, Sendable {
    public var by: Actor
    public var because: String
  }

  public struct Entry: Sendable {
    public var precedent: StoredPrecedent
    /// nil where a decision left it.
    public var entered: Note?
    public var withdrawnAt: Instant?
    /// nil where a later decision took its place.
    public var withdrawn: Note?
  }

  /// The newest first, those withdrawn too.
  public static func of(fingerprint: [UInt8], _ tx: borrowing Transaction) throws -> [Entry] {
    let rows = try tx.query(
      """
      SELECT id, fingerprint, market::text, title, code, outcome, decided_at, entered_by, entered_because, withdrawn_at,
        withdrawn_by, withdrawn_because
      FROM precedent WHERE fingerprint = $1 ORDER BY decided_at DESC, id LIMIT 100
      """, fingerprint)
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
      SELECT id, fingerprint, market::text, title, code, outcome, decided_at, entered_by, entered_because, withdrawn_at,
        withdrawn_by, withdrawn_because
      FROM precedent WHERE tenant = current_setting('app.tenant') AND environment = current_setting('app.environment')
        AND ($1 = '' OR strpos(lower(title), lower($1)) > 0 OR ($2 <> '' AND starts_with(code, $2)))
        AND ($3::text IS NULL OR market = $3) AND ($4::boolean IS NULL OR (withdrawn_at IS NULL) = $4)
      ORDER BY decided_at DESC, id LIMIT $5 OFFSET $6
      """, text, isCode ? digits : "", market, isStanding, limit, offset)
    return try decode(rows)
  }

  public static func enter(_ precedent: StoredPrecedent, _ note: Note, _ tx: borrowing Transaction) throws {
    try tx.execute(
      """
      INSERT INTO precedent (id, fingerprint, market, title, code, outcome, decided_at, entered_by, entered_because)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      """, precedent.id, precedent.fingerprint, precedent.market, precedent.title, precedent.code, precedent.outcome,
      precedent.decidedAt, note.by, note.because)
  }

  /// - Returns: what was retired; nil when there is no such precedent, or it does not stand any more.
  public static func retire(
    _ id: DecisionID, _ note: Note, at now: Instant, _ tx: borrowing Transaction
  ) throws -> Entry? {
    let rows = try tx.query(
      """
      UPDATE precedent SET withdrawn_at = $2, withdrawn_by = $3, withdrawn_because = $4
      WHERE id = $1 AND withdrawn_at IS NULL
      RETURNING id, fingerprint, market::text, title, code, outcome, decided_at, entered_by, entered_because, withdrawn_at,
        withdrawn_by, withdrawn_because
      """, id, now, note.by, note.because)
    return try decode(rows).first
  }

  private static func decode(_ rows: borrowing Rows) throws -> [Entry] {
    try rows.map(
      DecisionID.self, [UInt8].self, Market.self, String.self, HSCode.self, StoredPrecedent.Outcome.self, Instant.self,
      Actor?.self, String?.self, Instant?.self, Actor?.self, String?.self
    ) { id, fingerprint, market, title, code, outcome, at, enteredBy, entered, withdrawnAt, withdrawnBy, withdrawn in
      Entry(
        precedent: StoredPrecedent(
          id: id, fingerprint: fingerprint, market: market, title: title, code: code, outcome: outcome, decidedAt: at),
        entered: note(enteredBy, entered), withdrawnAt: withdrawnAt, withdrawn: note(withdrawnBy, withdrawn))
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
