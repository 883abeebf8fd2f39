import AMQP
import Domain
import Observability
import Postgres
import Store
import WorkerRuntime

/// Sends what its worker committed and did not live to send.
struct OutboxSweep: Sendable {
  let pool: PostgresPool
  let publisher: AMQPPublisher
  let outbox: OutboxPublisher
  let swept: Counter

  /// Workers send at once: what is older than this has been left behind.
  private static let straggling = Duration.seconds(5)
  private static let lease = Duration.seconds(60)
  private static let batchMax = 500

  /// - Returns: whether there may be more.
  func sweep(at now: Instant) async throws -> Bool {
    guard publisher.state.isOpen else { return false }
    let claimed = try await pool.transaction { tx in
      try Outbox.claimStray(
        olderThan: now.adding(.zero - OutboxSweep.straggling), until: now.adding(OutboxSweep.lease), at: now,
        limit: OutboxSweep.batchMax, tx)
    }
    guard !claimed.isEmpty else { return false }
    let confirmed = await outbox.publish(claimed)
    if !confirmed.isEmpty {
      // Not given up on the way out: what is not forgotten is sent again.
      try await Task { [pool] in try await pool.transaction { tx in try Outbox.remove(confirmed, tx) } }.value
      swept.increment(by: Double(confirmed.count))
    }
    return claimed.count == OutboxSweep.batchMax
  }
}
