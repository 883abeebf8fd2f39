import Domain
import JSON
import Postgres

/// Where a tenant wants its outcomes.
public struct Destination: Sendable {
  public enum Kind: String, Sendable, CaseIterable, TextColumn { case webhook, amqp, file }
  /// What it is told: how cases and shipments ended, or what happens to those that wait for a person.
  public enum Content: String, Sendable, CaseIterable, TextColumn { case outcomes, reviews }

  public var name: String
  public var kind: Kind
  public var config: JSONValue
  public var secrets: [String]
  public var isDryRun: Bool
  public var carries: Content

  public init(
    name: String, kind: Kind, config: JSONValue, secrets: [String], isDryRun: Bool, carries: Content = .outcomes
  ) {
    self.name = name
    self.kind = kind
    self.config = config
    self.secrets = secrets
    self.isDryRun = isDryRun
    self.carries = carries
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
      SELECT name, kind, config, secrets, dry_run, carries FROM destination WHERE disabled_at IS NULL ORDER BY name
      """)
    return try rows.map(
      String.self, Destination.Kind.self, JSONText.self, [String].self, Bool.self, Destination.Content.self
    ) {
      Destination(name: $0, kind: $1, config: try StoredJSON.value($2), secrets: $3, isDryRun: $4, carries: $5)
    }
  }

  /// For whoever writes deliveries and does not send them: their secrets stay away.
  public static func destinationsOfReviews(_ tx: borrowing Transaction) throws -> [Destination] {
    let rows = try tx.query(
      """
      SELECT name, kind, config, dry_run FROM destination WHERE disabled_at IS NULL AND carries = 'reviews' ORDER BY name
      """)
    return try rows.map(String.self, Destination.Kind.self, JSONText.self, Bool.self) {
      Destination(
        name: $0, kind: $1, config: try StoredJSON.value($2), secrets: [], isDryRun: $3, carries: .reviews)
    }
  }

  /// Whether it was active until now.
  public static func disable(_ name: String, reason: String, at now: Instant, _ tx: borrowing Transaction) throws
    -> Bool
  {
    try tx.execute(
      """
      UPDATE destination SET disabled_at = $2, disabled_reason = $3 WHERE name = $1 AND disabled_at IS NULL
      """, name, now, reason) == 1
  }

  /// What has ended meanwhile stays as it ended.
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
      WHERE delivery.state = 'pending'
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

  /// Whoever settles a subject sees what others have stored of it: two that each deliver a part would otherwise both
  /// take the other's part to be on its way still.
  public static func lock(_ subjects: [UniqueID], _ tx: borrowing Transaction) throws {
    try tx.executeLater("SELECT FROM delivery WHERE subject_id = ANY ($1) ORDER BY id FOR UPDATE", subjects)
  }

  /// What is known of a stream at a destination.
  public struct Newest: Sendable {
    /// The highest sequence on its way or delivered: what is older has been superseded.
    public var sequence: Int64
    public var lastDelivered: LastDelivered?
  }

  /// What the receiver took last.
  public struct LastDelivered: Sendable {
    public var at: Instant
    /// nil when it was told that no code holds.
    public var code: HSCode?
    /// The newest code that it was ever told, which a rejection may have left standing there.
    public var writtenCode: HSCode?

    public init(at: Instant, code: HSCode?, writtenCode: HSCode?) {
      self.at = at
      self.code = code
      self.writtenCode = writtenCode
    }
  }

  public static func newest(_ streams: [String], at destination: String, _ tx: borrowing Transaction) throws
    -> [String: Newest]
  {
    guard !streams.isEmpty else { return [:] }
    let rows = try tx.query(
      """
      SELECT s.stream, newest.sequence, last.delivered_at, last.code, written.code
      FROM unnest($2::text[]) AS s (stream)
      CROSS JOIN LATERAL (
        SELECT max(d.sequence) AS sequence FROM delivery d WHERE d.destination = $1 AND d.stream = s.stream) AS newest
      LEFT JOIN LATERAL (
        SELECT d.delivered_at, convert_from(d.payload, 'UTF8')::json -> 'data' ->> 'code' AS code FROM delivery d
        WHERE d.destination = $1 AND d.stream = s.stream AND d.state = 'delivered'
        ORDER BY d.sequence DESC LIMIT 1) AS last ON true
      LEFT JOIN LATERAL (
        SELECT d.code FROM (
          SELECT d.sequence, CASE d.state WHEN 'delivered' THEN convert_from(d.payload, 'UTF8')::json -> 'data' ->> 'code'
            END AS code
          FROM delivery d WHERE d.destination = $1 AND d.stream = s.stream) AS d
        WHERE d.code IS NOT NULL ORDER BY d.sequence DESC LIMIT 1) AS written ON true
      WHERE newest.sequence IS NOT NULL
      """, destination, Set(streams).sorted())
    let pairs = try rows.map(String.self, Int64.self, Instant?.self, HSCode?.self, HSCode?.self) {
      stream, sequence, at, code, written in
      let last = at.map { LastDelivered(at: $0, code: code, writtenCode: written) }
      return (stream, Newest(sequence: sequence, lastDelivered: last))
    }
    return Dictionary(uniqueKeysWithValues: pairs)
  }

  /// Deliveries whose time has come, across tenants, and who they belong to. Each destination's first come before any
  /// other's second, so that a backlog at one holds up no other.
  public static func due(before now: Instant, limit: Int, _ tx: borrowing Transaction) throws -> [(TenantID, UniqueID)]
  {
    let rows = try tx.query(
      """
      SELECT tenant::text, id FROM (
        SELECT tenant, id, next_attempt_at,
          row_number() OVER (PARTITION BY tenant, destination ORDER BY next_attempt_at) AS place
        FROM delivery WHERE state = 'pending' AND next_attempt_at <= $1) AS due
      ORDER BY place, next_attempt_at LIMIT $2
      """, now, limit)
    return try rows.map(TenantID.self, UniqueID.self) { ($0, $1) }
  }

  /// Ends those due deliveries that a newer decision has overtaken at their destination.
  public static func supersede(_ ids: [UniqueID], dueBefore now: Instant, _ tx: borrowing Transaction) throws
    -> [StoredDelivery]
  {
    let rows = try tx.query(
      """
      UPDATE delivery SET state = 'superseded', next_attempt_at = NULL, last_error = 'a newer decision took its place'
      WHERE id = ANY ($1) AND state = 'pending' AND next_attempt_at <= $2 AND EXISTS (
        SELECT FROM delivery newer WHERE newer.tenant = delivery.tenant AND newer.environment = delivery.environment
          AND newer.stream = delivery.stream AND newer.destination = delivery.destination
          AND newer.sequence > delivery.sequence)
      RETURNING id, destination, subject_kind, subject_id, stream, sequence, payload, state, attempts, next_attempt_at,
        last_status, last_error, created_at, delivered_at
      """, ids, now)
    return try decode(rows)
  }

  /// Ends what is still to be delivered of these subjects: it does not hold any more.
  public static func withdraw(_ subjects: [UniqueID], _ tx: borrowing Transaction) throws {
    guard !subjects.isEmpty else { return }
    try tx.execute(
      """
      UPDATE delivery SET state = 'superseded', next_attempt_at = NULL, last_error = 'what it says was taken back'
      WHERE subject_id = ANY ($1) AND state = 'pending'
      """, subjects)
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

  /// News of reviews that came to an end so long ago. Outcomes are kept.
  public static func forgetReviews(before cutoff: Instant, limit: Int, _ tx: borrowing Transaction) throws {
    try tx.execute(
      """
      DELETE FROM delivery WHERE id = ANY (ARRAY(
        SELECT id FROM delivery WHERE subject_kind = 'review' AND created_at < $1 AND state <> 'pending' LIMIT $2))
      """, cutoff, limit)
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
