import Contracts
import Domain
import JSON
import Postgres
import TestSupport
import Testing
import WorkerRuntime

@Suite(
  "A worker killed at any point loses nothing and does nothing twice", .installation(), .serialized,
  .timeLimit(.minutes(5)))
struct KilledWorkerTests {
  private static let productCount = 30
  private static let killedStatus: Int32 = 128 + 9

  @Test(
    "killed with SIGKILL and restarted", arguments: Stage.allCases, FaultPoint.Name.allCases)
  func killed(_ stage: Stage, at point: FaultPoint.Name) async throws {
    let pabean = try Installation.required()
    let prefix = "KILL-\(stage.rawValue)-\(point.rawValue)-"
    let once = OnceEach(pabean, prefix: prefix)
    _ = pabean.erp
    _ = await pabean.workers.stop(stage)
    // Small batches, so that work of several kinds is in flight when the second one is reached.
    let doomed = try pabean.workers.start(
      stage, settings: ["PABEAN_FAULT": "\(point.rawValue):2", "PABEAN_BATCH_SIZE": "10"])
    let products = (1...KilledWorkerTests.productCount).map { SampleProducts.cotton(sku: "\(prefix)\($0)") }
    try await pabean.publish(products)
    let status = await doomed.waitForEnd(within: .seconds(120))
    #expect(status == KilledWorkerTests.killedStatus, "it must die by the fault")
    try pabean.workers.start(stage)
    try await once.writtenBack(products.count)
    #expect(try await once.violations(products.count) == [])
    #expect(pabean.workers.ended == [], "the others live")
    #expect(try await inboxIsComplete(pabean), "each stage has received each case's message once")
  }

  /// Every stage handled one message for each case; ingest had one submission for each.
  private func inboxIsComplete(_ pabean: Installation) async throws -> Bool {
    try await pabean.pool.transaction(readOnly: true) { tx in
      let cases = try tx.query("SELECT count(*) FROM customs_case").decode(row: 0, as: Int64.self)
      let rows = try tx.query("SELECT consumer, count(*) FROM inbox GROUP BY consumer")
      let counts = try rows.map(String.self, Int64.self) { ($0, $1) }
      return counts.count == Stage.allCases.count && counts.allSatisfy { $0.1 == cases }
    }
  }
}
