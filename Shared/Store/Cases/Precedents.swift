import Domain
import Postgres

/// A confirmed decision, as the classifier meets it again.
public struct StoredPrecedent: Sendable {
  public enum Outcome: String, Sendable, CaseIterable, TextColumn { case approved, corrected, rejected }

  /// The decision's, or its own where a person entered it.
  public var id: DecisionID
  public var fingerprint: [UInt8]
  public var market: Market
  public var title: String
  public var code: HSCode
  public var outcome: Outcome
  public var decidedAt: Instant

  public init(
    id: DecisionID, fingerprint: [UInt8], market: Market, title: String, code: HSCode, outcome: Outcome,
    decidedAt: Instant
  ) {
    self.id = id
    self.fingerprint = fingerprint
    self.market = market
    self.title = title
    self.code = code
    self.outcome = outcome
    self.decidedAt = decidedAt
  }
}

public enum Precedents {
  public static func insert(_ precedent: StoredPrecedent, _ tx: borrowing Transaction) throws {
    try tx.execute(
      """
      INSERT INTO precedent (id, fingerprint, market, title, code, outcome, decided_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING
      """, precedent.id, precedent.fingerprint, precedent.market, precedent.title, precedent.code,
      precedent.outcome, precedent.decidedAt)
  }

  /// What was decided is decided anew: the earlier decision speaks for no product any more.
  public static func withdraw(_ id: DecisionID, at now: Instant, _ tx: borrowing Transaction) throws {
    try tx.execute("UPDATE precedent SET withdrawn_at = $2 WHERE id = $1 AND withdrawn_at IS NULL", id, now)
  }

  /// Newest first, by fingerprint; without those withdrawn.
  public static func matching(_ fingerprints: [[UInt8]], _ tx: borrowing Transaction) throws -> [[UInt8]:
    [StoredPrecedent]]
  {
    let rows = try tx.query(
      """
      SELECT id, fingerprint, market::text, title, code, outcome, decided_at FROM precedent
      WHERE fingerprint = ANY ($1) AND withdrawn_at IS NULL ORDER BY decided_at DESC, id LIMIT 2000
      """, fingerprints)
    let found = try rows.map(
      DecisionID.self, [UInt8].self, Market.self, String.self, HSCode.self, StoredPrecedent.Outcome.self, Instant.self
    ) {
      StoredPrecedent(
        id: $0, fingerprint: $1, market: $2, title: $3, code: $4, outcome: $5, decidedAt: $6)
    }
    return Dictionary(grouping: found, by: \.fingerprint)
  }
}
