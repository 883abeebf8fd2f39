import Domain
import JSON
import Postgres

/// Where a tenant wants its outcomes.
public struct Destination: Sendable {
  public enum Kind: String, Sendable, CaseIterable, TextColumn { case webhook, amqp, file }

  public var name: String
  public var kind: Kind
  public var config: JSONValue
  public var secrets: [String]
  public var isDryRun: Bool

  public init(name: String, kind: Kind, config: JSONValue, secrets: [String], isDryRun: Bool) {
    self.name = name
    self.kind = kind
    self.config = config
    self.secrets = secrets
    self.isDryRun = isDryRun
  }
}

public enum DeliveryState: String, Sendable, CaseIterable, TextColumn {
  case pending, delivered, dead, superseded, conflict
  case dryRun = "dry-run"
}

/// One outcome on its way to one destination.
public struct StoredDelivery: Sendable {
  public var id: UniqueID
  public var destination: String
  public var subjectKind: String
  public var subject: UniqueID
  public var stream: String
  public var sequence: Int64
  public var payload: [UInt8]
  public var state: DeliveryState
  public var attempts: Int
  public var nextAttemptAt: Instant?
  public var lastStatus: Int?
  public var lastError: String?
  public var createdAt: Instant
  public var deliveredAt: Instant?

  public init(
    id: UniqueID, destination: String, subjectKind: String, subject: UniqueID, stream: String, sequence: Int64,
    payload: [UInt8], state: DeliveryState, attempts: Int, nextAttemptAt: Instant?, lastStatus: Int?,
    lastError: String?,
    createdAt: Instant, deliveredAt: Instant?
  ) {
    self.id = id
    self.destination = destination
    self.subjectKind = subjectKind
    self.subject = subject
    self.stream = stream
    self.sequence = sequence
    self.payload = payload
    self.state = state
    self.attempts = attempts
    self.nextAttemptAt = nextAttemptAt
    self.lastStatus = lastStatus
    self.lastError = lastError
    self.createdAt = createdAt
    self.deliveredAt = deliveredAt
  }
}

public enum DeliveryStore {
  public static func destinations(_ tx: borrowing Transaction) throws -> [Destination] {
    let rows = try tx.query(
      """
      SELECT name, kind, config, secrets, dry_run FROM destination WHERE disabled_at IS NULL ORDER BY name
      """)
    return try rows.map(String.self, Destination.Kind.self, JSONText.self, [String].self, Bool.self) {
      Destination(name: $0, kind: $1, config: try StoredJSON.value($2), secrets: $3, isDryRun: $4)
    }
  }

  public static func disable(_ name: String, reason: String, at now: Instant, _ tx: borrowing Transaction) throws {
    try tx.execute(
      """
      UPDATE destination SET disabled_at = $2, disabled_reason = $3 WHERE name = $1 AND disabled_at IS NULL
      """, name, now, reason)
  }

  public static func save(_ deliveries: [StoredDelivery], _ tx: borrowing Transaction) throws {
    guard !deliveries.isEmpty else { return }
    try tx.executeLater(
      """
      INSERT INTO delivery (id, destination, subject_kind, subject_id, stream, sequence, payload, state, attempts,
        next_attempt_at, last_status, last_error, created_at, delivered_at)
      SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::int8[], $7::bytea[], $8::text[],
        $9::int4[], $10::timestamptz[], $11::int4[], $12::text[], $13::timestamptz[], $14::timestamptz[])
      ON CONFLICT (id) DO UPDATE SET state = excluded.state, attempts = excluded.attempts,
        next_attempt_at = excluded.next_attempt_at, last_status = excluded.last_status, last_error = excluded.last_error,
        delivered_at = excluded.delivered_at
      WHERE delivery.state <> 'delivered'
      """, deliveries.map(\.id), deliveries.map(\.destination), deliveries.map(\.subjectKind),
      deliveries.map(\.subject),
      deliveries.map(\.stream), deliveries.map(\.sequence), deliveries.map(\.payload), deliveries.map(\.state),
      deliveries.map { Int32($0.attempts) }, deliveries.map(\.nextAttemptAt),
      deliveries.map { $0.lastStatus.map { Int32($0) } }, deliveries.map(\.lastError), deliveries.map(\.createdAt),
      deliveries.map(\.deliveredAt))
  }

  public static func find(_ ids: [UniqueID], _ tx: borrowing Transaction) throws -> [UniqueID: StoredDelivery] {
    let rows = try tx.query(
      """
      SELECT id, destination, subject_kind, subject_id, stream, sequence, payload, state, attempts, next_attempt_at,
        last_status, last_error, created_at, delivered_at
      FROM delivery WHERE id = ANY ($1)
      """, ids)
    return Dictionary(uniqueKeysWithValues: try decode(rows).map { ($0.id, $0) })
  }

  public static func of(_ subject: UniqueID, _ tx: borrowing Transaction) throws -> [StoredDelivery] {
    let rows = try tx.query(
      """
      SELECT id, destination, subject_kind, subject_id, stream, sequence, payload, state, attempts, next_attempt_at,
        last_status, last_error, created_at, delivered_at
      FROM delivery WHERE subject_id = $1 ORDER BY sequence, destination
      """, subject)
    return try decode(rows)
  }

  /// What is known of a stream at a destination.
  public struct Newest: Sendable {
    /// The highest sequence on its way or delivered: what is older has been superseded.
    public var sequence: Int64
    /// The code that the last successful delivery wrote.
    public var deliveredCode: HSCode?
  }

  public static func newest(_ streams: [String], at destination: String, _ tx: borrowing Transaction) throws
    -> [String: Newest]
  {
    guard !streams.isEmpty else { return [:] }
    let rows = try tx.query(
      """
      SELECT s.stream, max(d.sequence), (
          SELECT convert_from(l.payload, 'UTF8')::json -> 'data' ->> 'code' FROM delivery l
          WHERE l.destination = $1 AND l.stream = s.stream AND l.state = 'delivered' ORDER BY l.sequence DESC LIMIT 1)
      FROM unnest($2::text[]) AS s (stream) JOIN delivery d ON d.destination = $1 AND d.stream = s.stream
      WHERE d.stream = ANY ($2)
      GROUP BY s.stream
      """, destination, Set(streams).sorted())
    let pairs = try rows.map(String.self, Int64.self, HSCode?.self) { ($0, Newest(sequence: $1, deliveredCode: $2)) }
    return Dictionary(uniqueKeysWithValues: pairs)
  }

  /// Deliveries whose time has come, across tenants: who they belong to, and when the next one is due.
  public static func due(before now: Instant, limit: Int, _ tx: borrowing Transaction) throws -> [(TenantID, UniqueID)]
  {
    let rows = try tx.query(
      """
      SELECT tenant::text, id FROM delivery WHERE state = 'pending' AND next_attempt_at <= $1
      ORDER BY next_attempt_at LIMIT $2
      """, now, limit)
    return try rows.map(TenantID.self, UniqueID.self) { ($0, $1) }
  }

  /// Claims due deliveries by moving their next attempt into the future, so that two workers do not send the same.
  public static func lease(_ ids: [UniqueID], dueBefore now: Instant, until: Instant, _ tx: borrowing Transaction)
    throws
    -> [StoredDelivery]
  {
    let rows = try tx.query(
      """
      UPDATE delivery SET next_attempt_at = $3 WHERE id = ANY ($1) AND state = 'pending' AND next_attempt_at <= $2
      RETURNING id, destination, subject_kind, subject_id, stream, sequence, payload, state, attempts, next_attempt_at,
        last_status, last_error, created_at, delivered_at
      """, ids, now, until)
    return try decode(rows)
  }

  public static func dead(limit: Int, _ tx: borrowing Transaction) throws -> [(TenantID, StoredDelivery)] {
    let tenants = try tx.query(
      "SELECT id, tenant::text FROM delivery WHERE state = 'dead' ORDER BY created_at DESC LIMIT $1", limit
    ).map(UniqueID.self, TenantID.self) { ($0, $1) }
    let found = try find(tenants.map(\.0), tx)
    return tenants.compactMap { id, tenant in found[id].map { (tenant, $0) } }
  }

  private static func decode(_ rows: borrowing Rows) throws -> [StoredDelivery] {
    try rows.map(
      UniqueID.self, String.self, String.self, UniqueID.self, String.self, Int64.self, [UInt8].self, DeliveryState.self,
      Int32.self, Instant?.self, Int32?.self, String?.self, Instant.self, Instant?.self
    ) {
      id, destination, kind, subject, stream, sequence, payload, state, attempts, next, status, error, created,
      delivered in
      StoredDelivery(
        id: id, destination: destination, subjectKind: kind, subject: subject, stream: stream, sequence: sequence,
        payload: payload, state: state, attempts: Int(attempts), nextAttemptAt: next,
        lastStatus: status.map { Int($0) },
        lastError: error, createdAt: created, deliveredAt: delivered)
    }
  }
}
