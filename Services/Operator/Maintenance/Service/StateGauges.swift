import Domain
import Observability
import Postgres
import Store
import Synchronization
import WorkerRuntime

/// Shows what the database says of the pipeline's state.
final class StateGauges: Sendable {
  private let outboxPending: Gauge
  private let outboxAge: Gauge
  private let parked: Gauge
  private let cases: Gauge
  private let unsealed: Gauge
  private let sealAge: Gauge
  private let deadDeliveries: Gauge
  private let databaseIsUp: Gauge
  private let backlog = Mutex<Backlog?>(nil)

  /// Entries that were seen unsealed, and when.
  private struct Backlog {
    var since: Instant
    var lastRow: Int64
  }

  static let interval = Duration.seconds(15)
  /// Counting may take one part in so many of the time.
  private static let share = 100

  init(_ metrics: Metrics) {
    outboxPending = metrics.gauge("pabean_outbox_pending", "Committed messages that the broker has not confirmed.")
    outboxAge = metrics.gauge("pabean_outbox_oldest_age_seconds", "Age of the oldest unconfirmed message.")
    parked = metrics.gauge("pabean_parked_messages", "Messages put aside and not replayed.")
    cases = metrics.gauge("pabean_cases", "Cases by their state.", labels: ["state"])
    unsealed = metrics.gauge("pabean_audit_unsealed_entries", "Audit entries under no checkpoint yet.")
    sealAge = metrics.gauge(
      "pabean_audit_seal_age_seconds", "For how long the oldest unsealed audit entry has been seen to wait.")
    deadDeliveries = metrics.gauge("pabean_deliveries_dead", "Outcomes that could not be delivered.")
    databaseIsUp = metrics.gauge("pabean_database_up", "1 while the database answers.")
  }

  /// - Returns: when to read again.
  func read(_ pool: PostgresPool, at now: Instant) async throws -> Duration {
    let start = ContinuousClock.now
    do {
      show(try await pool.transaction(readOnly: true) { tx in try PipelineCounts.read(tx) }, at: now)
      databaseIsUp.set(1)
    } catch let error as PostgresError where error.isInfrastructure {
      databaseIsUp.set(0)
      return StateGauges.interval
    }
    return max(StateGauges.interval, (ContinuousClock.now - start) * StateGauges.share)
  }

  private func show(_ counts: PipelineCounts, at now: Instant) {
    outboxPending.set(Double(counts.outboxPending))
    outboxAge.set(counts.outboxOldest.map { seconds(from: $0, to: now) } ?? 0)
    parked.set(Double(counts.parked))
    for state in CaseState.allCases { cases.set(Double(counts.cases[state] ?? 0), state.rawValue) }
    unsealed.set(Double(counts.unsealedEntries))
    deadDeliveries.set(Double(counts.deadDeliveries))
    let since = backlog.withLock { backlog in
      // What was waiting has been sealed when the rows that wait now are all newer.
      if let known = backlog, let rows = counts.unsealedRows, rows.lowerBound <= known.lastRow { return known.since }
      backlog = counts.unsealedRows.map { Backlog(since: now, lastRow: $0.upperBound) }
      return now
    }
    sealAge.set(seconds(from: since, to: now))
  }

  private func seconds(from earlier: Instant, to now: Instant) -> Double {
    max(0, Double(now.timeIntervalMilliseconds(since: earlier)) / 1000)
  }
}
