import Domain
import Observability
import Postgres
import Store
import WorkerRuntime

/// Draws decisions for second looks, of every tenant that wants it.
struct QualityDraw: Sendable {
  let pool: PostgresPool
  let log: Log

  private static let interval = Duration.seconds(10)
  /// A decision is committed soon after the time that it bears.
  private static let settling = Duration.seconds(5)

  /// Until it is cancelled.
  func run() async {
    await Round("second looks", log).run(every: QualityDraw.interval) {
      try await drawAll(at: SystemClock.now())
    }
  }

  func drawAll(at now: Instant) async throws {
    let until = now.adding(.zero - QualityDraw.settling)
    let tenants = try await pool.transaction(readOnly: true) { tx in try AccessStore.tenants(tx).keys.sorted() }
    for tenant in tenants where !Task.isCancelled {
      _ = try await pool.transaction(as: tenant) { tx in try QualityChecks.draw(until: until, at: now, tx) }
    }
  }
}
