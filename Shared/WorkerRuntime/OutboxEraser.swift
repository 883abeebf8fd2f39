import Domain
import Observability
import Postgres
import Store
import Synchronization

/// Forgets confirmed outbox rows, many at a time and without waiting for the disk: a row that a crash brings back is sent
/// once more and recognised by its receiver.
public final class OutboxEraser: Sendable {
  private struct State {
    var pending: [Int64] = []
    var isRunning = false
  }

  private let pool: PostgresPool
  private let log: Log
  private let state = Mutex(State())

  public init(pool: PostgresPool, log: Log) {
    self.pool = pool
    self.log = log
  }

  public func erase(_ rows: [Int64], of tenants: Set<TenantID>) async {
    guard !rows.isEmpty else { return }
    do {
      try await pool.transaction { tx in
        try tx.executeLater("SET LOCAL synchronous_commit = off")
        for tenant in tenants.sorted() {
          try tx.enter(tenant)
          try Outbox.remove(rows, tx)
        }
      }
    } catch {
      // Maintenance will find them; nothing is lost by keeping them.
      log.debug("outbox rows stay for maintenance", ["error": .string("\(error)")])
    }
  }
}
