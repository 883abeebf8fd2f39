import Contracts
import Observability

/// What a worker counts.
public struct StageMetrics: Sendable {
  public enum Outcome: String, Sendable, CaseIterable {
    case done, ignored, repeated, retried, parked
  }

  private let stage: Stage
  private let messages: Counter
  private let stalls: Counter
  private let batchSize: Histogram
  private let duration: Histogram

  public init(_ metrics: Metrics, stage: Stage) {
    self.stage = stage
    messages = metrics.counter("pabean_messages_total", "Messages handled.", labels: ["stage", "market", "outcome"])
    stalls = metrics.counter("pabean_stalls_total", "Times the database was away.", labels: ["stage"])
    batchSize = metrics.histogram(
      "pabean_batch_size", "Messages handled in one transaction.", buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
      labels: ["stage"])
    duration = metrics.histogram(
      "pabean_stage_duration_seconds", "From taking a batch to acknowledging it.", buckets: Histogram.latencySeconds,
      labels: ["stage"])
  }

  func batchEnded(of count: Int, since start: ContinuousClock.Instant) {
    batchSize.observe(Double(count), stage.rawValue)
    duration.observe(ContinuousClock.now - start, stage.rawValue)
  }

  func count(_ outcomes: [(Outcome, queue: String)]) {
    for (queue, outcomes) in Dictionary(grouping: outcomes, by: \.queue) {
      let market = market(of: queue)
      for outcome in Outcome.allCases {
        let count = outcomes.count { $0.0 == outcome }
        if count > 0 { messages.increment(stage.rawValue, market, outcome.rawValue, by: Double(count)) }
      }
    }
  }

  /// `classifier.vn` serves Vietnam; the queues of ingest serve all markets, and Prometheus takes the empty label as none.
  private func market(of queue: String) -> String {
    stage.isPerMarket ? String(queue.dropFirst(stage.rawValue.count + 1)) : ""
  }

  func stalled(stage: Stage) { stalls.increment(stage.rawValue) }
}
