import Domain
import Postgres

/// First answers, kept for repeated requests.
public enum IdempotencyKeys {
  public struct Answer: Sendable {
    public var requestHash: [UInt8]
    public var status: Int
    public var body: [UInt8]

    public init(requestHash: [UInt8], status: Int, body: [UInt8]) {
      self.requestHash = requestHash
      self.status = status
      self.body = body
    }
  }

  /// Holds the key until the transaction ends.
  /// - Returns: false when another request holds it now.
  public static func hold(_ key: String, _ tx: borrowing Transaction) throws -> Bool {
    try tx.query(
      "SELECT pg_try_advisory_xact_lock(hashtextextended(current_setting('app.tenant') || ' ' || $1, 7221901))", key
    ).decode(row: 0, as: Bool.self)
  }

  public static func find(_ key: String, _ tx: borrowing Transaction) throws -> Answer? {
    try tx.query("SELECT request_hash, status, body FROM idempotency_key WHERE key = $1", key)
      .first([UInt8].self, Int32.self, [UInt8].self)
      .map { Answer(requestHash: $0.0, status: Int($0.1), body: $0.2) }
  }

  public static func keep(_ key: String, _ answer: Answer, at now: Instant, _ tx: borrowing Transaction) throws {
    try tx.execute(
      """
      INSERT INTO idempotency_key (key, request_hash, status, body, created_at) VALUES ($1, $2, $3, $4, $5)
      """, key, answer.requestHash, Int32(answer.status), answer.body, now)
  }

  /// - Returns: how many rows were forgotten.
  public static func forget(before cutoff: Instant, limit: Int, _ tx: borrowing Transaction) throws -> Int {
    try tx.execute(
      """
      DELETE FROM idempotency_key
      WHERE ctid = ANY (ARRAY(SELECT ctid FROM idempotency_key WHERE created_at < $1 LIMIT $2))
      """, cutoff, limit)
  }
}
