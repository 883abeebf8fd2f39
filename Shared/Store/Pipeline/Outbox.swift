import Domain
import JSON
import Postgres

/// Messages committed with their cause. The worker publishes them right after the commit and forgets them once confirmed;
/// what a crash leaves behind, maintenance publishes later.
public enum Outbox {
  public struct Message: Sendable {
    public var id: MessageID
    public var exchange: String
    public var routingKey: String
    public var headers: JSONObject
    public var payload: [UInt8]

    public init(
      id: MessageID, exchange: String, routingKey: String, headers: JSONObject = JSONObject(), payload: [UInt8]
    ) {
      self.id = id
      self.exchange = exchange
      self.routingKey = routingKey
      self.headers = headers
      self.payload = payload
    }
  }

  public struct Stored: Sendable {
    public var seq: Int64
    public var message: Message

    public init(seq: Int64, message: Message) {
      self.seq = seq
      self.message = message
    }
  }

  public static func append(_ messages: [Message], at now: Instant, _ tx: borrowing Transaction) throws -> [Stored] {
    guard !messages.isEmpty else { return [] }
    let rows = try tx.query(
      """
      INSERT INTO outbox (message_id, exchange, routing_key, headers, payload, created_at)
      SELECT id, exchange, routing_key, headers::json, payload, $1
      FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::bytea[])
        WITH ORDINALITY AS m (id, exchange, routing_key, headers, payload, position) ORDER BY position
      RETURNING seq
      """, now, messages.map(\.id), messages.map(\.exchange), messages.map(\.routingKey),
      messages.map { $0.headers.isEmpty ? nil : JSONValue.object($0.headers).text }, messages.map(\.payload))
    let sequence = try rows.map(Int64.self) { $0 }
    return zip(sequence, messages).map { Stored(seq: $0, message: $1) }
  }

  public static func remove(_ sequence: [Int64], _ tx: borrowing Transaction) throws {
    try tx.executeLater("DELETE FROM outbox WHERE seq = ANY ($1)", sequence)
  }

  /// Rows that nobody published in time. The lease keeps two sweepers apart without holding a transaction open while
  /// sending; when it runs out they are claimed again, which at worst sends one twice.
  public static func claimStray(
    olderThan cutoff: Instant, until lease: Instant, at now: Instant, limit: Int, _ tx: borrowing Transaction
  )
    throws -> [Stored]
  {
    let rows = try tx.query(
      """
      UPDATE outbox SET claimed_until = $2 WHERE seq = ANY (ARRAY(
        SELECT seq FROM outbox WHERE created_at < $1 AND (claimed_until IS NULL OR claimed_until < $3)
        ORDER BY seq LIMIT $4 FOR UPDATE SKIP LOCKED))
      RETURNING seq, message_id, exchange, routing_key, headers, payload
      """, cutoff, lease, now, limit)
    return try rows.map(Int64.self, MessageID.self, String.self, String.self, JSONText?.self, [UInt8].self) {
      seq, id, exchange, routingKey, headers, payload in
      let members = try headers.map { try StoredJSON.value($0) }?.objectValue ?? JSONObject()
      return Stored(
        seq: seq,
        message: Message(id: id, exchange: exchange, routingKey: routingKey, headers: members, payload: payload))
    }.sorted { $0.seq < $1.seq }
  }

  public static func depth(_ tx: borrowing Transaction) throws -> (count: Int64, oldest: Instant?) {
    try tx.query("SELECT count(*), min(created_at) FROM outbox").decode(row: 0, as: Int64.self, Instant?.self)
  }
}
