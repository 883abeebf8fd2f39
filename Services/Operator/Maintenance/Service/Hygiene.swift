import Domain
import Observability
import Postgres
import Store

/// Forgets what has served its time. Several processes may do it at once: each takes other rows.
struct Hygiene: Sendable {
  let pool: PostgresPool
  let forgotten: Counter

  /// Longer than a message can be under way: the ladder of retries, and a broker that was down over a holiday.
  static let inboxAge = Duration.seconds(14 * 86_400)
  static let idempotencyAge = Duration.seconds(48 * 3600)
  static let chunkRows = 5000

  /// - Returns: whether there is more.
  func clean(at now: Instant) async throws -> Bool {
    let (messages, keys) = try await pool.transaction { tx in
      // Lost in a crash, it is done again.
      try tx.execute("SET LOCAL synchronous_commit = off")
      return (
        try Inbox.forget(before: now.adding(.zero - Hygiene.inboxAge), limit: Hygiene.chunkRows, tx),
        try IdempotencyKeys.forget(before: now.adding(.zero - Hygiene.idempotencyAge), limit: Hygiene.chunkRows, tx)
      )
    }
    if messages > 0 { forgotten.increment("inbox", by: Double(messages)) }
    if keys > 0 { forgotten.increment("idempotency_key", by: Double(keys)) }
    return max(messages, keys) == Hygiene.chunkRows
  }
}
