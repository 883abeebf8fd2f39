import Domain
import Postgres

/// Which messages a consumer has already acted on. A row is committed together with the act.
public enum Inbox {
  public struct Entry: Sendable, Hashable {
    public var id: MessageID
    public var digest: [UInt8]

    public init(id: MessageID, digest: [UInt8]) {
      self.id = id
      self.digest = digest
    }
  }

  /// - Returns: those not seen before; the rest were handled by an earlier delivery.
  public static func receive(_ entries: [Entry], by consumer: String, at now: Instant, _ tx: borrowing Transaction)
    throws -> Set<MessageID>
  {
    guard !entries.isEmpty else { return [] }
    let rows = try tx.query(
      """
      INSERT INTO inbox (consumer, message_id, digest, received_at)
      SELECT $1, id, digest, $2 FROM unnest($3::uuid[], $4::bytea[]) AS m (id, digest)
      ON CONFLICT DO NOTHING RETURNING message_id
      """, consumer, now, entries.map(\.id), entries.map(\.digest))
    return Set(try rows.map(MessageID.self) { $0 })
  }

  /// Messages that bear an id we know with another body: not a repetition but a mistake or a forgery.
  public static func contradicted(_ entries: [Entry], by consumer: String, _ tx: borrowing Transaction) throws
    -> Set<Entry>
  {
    guard !entries.isEmpty else { return [] }
    let rows = try tx.query(
      """
      SELECT m.id, m.digest FROM inbox i JOIN unnest($2::uuid[], $3::bytea[]) AS m (id, digest)
        ON i.message_id = m.id AND i.consumer = $1 AND i.digest <> m.digest
      WHERE i.message_id = ANY ($2)
      """, consumer, entries.map(\.id), entries.map(\.digest))
    return Set(try rows.map(MessageID.self, [UInt8].self) { Entry(id: $0, digest: $1) })
  }

  /// - Returns: how many rows were forgotten.
  public static func forget(before cutoff: Instant, limit: Int, _ tx: borrowing Transaction) throws -> Int {
    try tx.execute(
      """
      DELETE FROM inbox WHERE ctid = ANY (ARRAY(SELECT ctid FROM inbox WHERE received_at < $1 LIMIT $2))
      """, cutoff, limit)
  }

  /// So that a message put aside is handled when it comes again.
  public static func forget(_ id: MessageID, by consumer: String, _ tx: borrowing Transaction) throws {
    try tx.execute("DELETE FROM inbox WHERE consumer = $1 AND message_id = $2", consumer, id)
  }
}
