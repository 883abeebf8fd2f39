import Domain
import JSON
import Postgres

/// Messages that could not be handled, with why, until a person replays them.
public enum ParkedMessages {
  public struct Entry: Sendable {
    public var tenant: TenantID?
    public var stage: String
    public var messageID: MessageID?
    public var caseID: CaseID?
    public var reasonCode: String
    public var reason: String
    public var attempts: Int
    public var exchange: String
    public var routingKey: String
    public var headers: JSONObject
    public var body: [UInt8]
    public var digest: [UInt8]

    public init(
      tenant: TenantID?, stage: String, messageID: MessageID?, caseID: CaseID?, reasonCode: String, reason: String,
      attempts: Int, exchange: String, routingKey: String, headers: JSONObject, body: [UInt8], digest: [UInt8]
    ) {
      self.tenant = tenant
      self.stage = stage
      self.messageID = messageID
      self.caseID = caseID
      self.reasonCode = reasonCode
      self.reason = reason
      self.attempts = attempts
      self.exchange = exchange
      self.routingKey = routingKey
      self.headers = headers
      self.body = body
      self.digest = digest
    }
  }

  public struct Stored: Sendable {
    public var id: Int64
    public var entry: Entry
    public var parkedAt: Instant
    public var replayedAt: Instant?
  }

  private static let reasonMax = 2000
  private static let routingKeyMax = 1000

  /// Rare, so one statement each: a batch is not worth another shape. Takes whatever a sender made up: it must not fail
  /// for what stands in the message.
  public static func park(_ entry: Entry, at now: Instant, _ tx: borrowing Transaction) throws {
    try tx.execute(
      """
      INSERT INTO parked_message (tenant, stage, message_id, case_id, reason_code, reason, attempts, exchange, routing_key,
        headers, body, digest, parked_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::text::json, $11, $12, $13) ON CONFLICT DO NOTHING
      """, entry.tenant, entry.stage, entry.messageID, entry.caseID, entry.reasonCode,
      storable(entry.reason, max: reasonMax), Int32(clamping: entry.attempts),
      storable(entry.exchange, max: routingKeyMax), storable(entry.routingKey, max: routingKeyMax),
      JSONValue.object(entry.headers).text, entry.body, entry.digest, now)
  }

  /// PostgreSQL keeps no text with a NUL in it, and no index a text of many kilobytes.
  private static func storable(_ text: String, max: Int) -> String {
    var kept = String.UnicodeScalarView()
    for scalar in text.unicodeScalars.prefix(max) { kept.append(scalar.value == 0 ? "\u{FFFD}" : scalar) }
    return text.unicodeScalars.count > max ? String(kept) + "…" : String(kept)
  }

  public static func list(tenant: TenantID?, includeReplayed: Bool, limit: Int, _ tx: borrowing Transaction) throws
    -> [Stored]
  {
    let rows = try tx.query(
      """
      SELECT id, tenant::text, stage, message_id, case_id, reason_code, reason, attempts, exchange, routing_key, headers,
        ''::bytea, digest, parked_at, replayed_at
      FROM parked_message
      WHERE ($1::text IS NULL OR tenant = $1) AND ($2 OR replayed_at IS NULL) ORDER BY id DESC LIMIT $3
      """, tenant?.slug, includeReplayed, limit)
    return try decode(rows)
  }

  public static func find(_ id: Int64, _ tx: borrowing Transaction) throws -> Stored? {
    let rows = try tx.query(
      """
      SELECT id, tenant::text, stage, message_id, case_id, reason_code, reason, attempts, exchange, routing_key, headers,
        body, digest, parked_at, replayed_at
      FROM parked_message WHERE id = $1
      """, id)
    return try decode(rows).first
  }

  /// - Returns: false when somebody else has replayed it.
  public static func markReplayed(_ id: Int64, by actor: Actor, at now: Instant, _ tx: borrowing Transaction) throws
    -> Bool
  {
    try tx.execute(
      "UPDATE parked_message SET replayed_at = $2, replayed_by = $3 WHERE id = $1 AND replayed_at IS NULL", id, now,
      actor.name) == 1
  }

  private static func decode(_ rows: borrowing Rows) throws -> [Stored] {
    try rows.map(
      Int64.self, String?.self, String.self, MessageID?.self, CaseID?.self, String.self, String.self, Int32.self,
      String.self, String.self, JSONText.self, [UInt8].self, [UInt8].self, Instant.self, Instant?.self
    ) {
      id, tenant, stage, messageID, caseID, code, reason, attempts, exchange, key, headers, body, digest, at, replayed
      in
      let entry = Entry(
        tenant: tenant.flatMap { TenantID($0) }, stage: stage, messageID: messageID, caseID: caseID, reasonCode: code,
        reason: reason, attempts: Int(attempts), exchange: exchange, routingKey: key,
        headers: try StoredJSON.value(headers).objectValue ?? JSONObject(), body: body, digest: digest)
      return Stored(id: id, entry: entry, parkedAt: at, replayedAt: replayed)
    }
  }
}
