import Domain
import JSON
import Postgres

/// What intake refused, kept with its reasons until a corrected one arrives.
public enum RefusedSubmissions {
  public enum Channel: String, Sendable, CaseIterable, TextColumn { case amqp, http, csv }

  public struct Refusal: Sendable {
    public var id: SubmissionID
    public var kind: String
    /// SKU or shipment reference, where one could be read.
    public var reference: String?
    public var channel: Channel
    public var body: [UInt8]
    public var issues: [ValidationIssue]
    public var refusedAt: Instant

    public init(
      id: SubmissionID, kind: String, reference: String?, channel: Channel, body: [UInt8], issues: [ValidationIssue],
      refusedAt: Instant
    ) {
      self.id = id
      self.kind = kind
      self.reference = reference
      self.channel = channel
      self.body = body
      self.issues = issues
      self.refusedAt = refusedAt
    }
  }

  public static func keep(_ refusals: [Refusal], _ tx: borrowing Transaction) throws {
    guard !refusals.isEmpty else { return }
    try tx.executeLater(
      """
      INSERT INTO refused_submission (id, kind, reference, channel, body, issues, refused_at)
      SELECT id, kind, reference, channel, body, issues::json, at
      FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bytea[], $6::text[], $7::timestamptz[])
        AS r (id, kind, reference, channel, body, issues, at)
      ON CONFLICT DO NOTHING
      """, refusals.map(\.id), refusals.map(\.kind), refusals.map(\.reference), refusals.map(\.channel),
      refusals.map(\.body), refusals.map { JSONValue.list($0.issues).text }, refusals.map(\.refusedAt))
  }

  /// An accepted submission of the same SKU or reference corrects what was refused before it.
  public static func markCorrected(kind: String, references: [String], at now: Instant, _ tx: borrowing Transaction)
    throws
  {
    guard !references.isEmpty else { return }
    try tx.executeLater(
      """
      UPDATE refused_submission SET corrected_at = $3
      WHERE kind = $1 AND reference = ANY ($2) AND corrected_at IS NULL
      """, kind, references, now)
  }

  public static func open(limit: Int, _ tx: borrowing Transaction) throws -> [Refusal] {
    let rows = try tx.query(
      """
      SELECT id, kind, reference, channel, body, issues, refused_at FROM refused_submission WHERE corrected_at IS NULL
      ORDER BY refused_at DESC, id LIMIT $1
      """, limit)
    return try rows.map(
      SubmissionID.self, String.self, String?.self, Channel.self, [UInt8].self, JSONText.self, Instant.self
    ) { id, kind, reference, channel, body, issues, at in
      let list = try JSONCursor(try StoredJSON.value(issues)).elements().map { try ValidationIssue(json: $0) }
      return Refusal(
        id: id, kind: kind, reference: reference, channel: channel, body: body, issues: list, refusedAt: at)
    }
  }
}
