import ComplianceScreeningEngine
import Domain
import Observability
import Postgres
import Store
import WorkerRuntime

/// Learns from what people decided how likely they are to decide otherwise, so that the queue's order follows each tenant's
/// experience.
struct RiskLearning: Sendable {
  let pool: PostgresPool
  let log: Log

  private static let interval = Duration.seconds(600)
  /// So many more decisions make it worth learning again.
  static let newDecisionsMin: Int64 = 50

  func run() async {
    await Round("learning of the risk score", log).run(every: RiskLearning.interval) { try await learnAll() }
  }

  func learnAll() async throws {
    let tenants = try await pool.transaction(readOnly: true) { tx in try AccessStore.tenants(tx).keys.sorted() }
    for tenant in tenants where !Task.isCancelled {
      _ = try await pool.transaction(as: tenant) { tx in try RiskLearning.learn(tx) }
    }
  }

  private static func learn(_ tx: borrowing Transaction) throws -> Bool {
    let decisions = try RiskModelStore.decisions(tx)
    guard decisions.now >= Int64(RiskModel.casesMin), decisions.now - decisions.learned >= newDecisionsMin else {
      return false
    }
    let examples = try RiskModelStore.examples(tx).map {
      RiskModel.Example(parts: $0.risk.parts, isOverturned: $0.isOverturned)
    }
    return try RiskModelStore.insert(decisionCount: decisions.now, at: SystemClock.now(), tx) { version in
      RiskModel.fit(examples, version: version)?.json
    }
  }
}
