import Contracts
import Domain
import Postgres
import TestSupport
import Testing

@Suite(
  "Workers that are told to stop", .installation(settings: { _, _ in ["PABEAN_BATCH_SIZE": "8"] }), .serialized,
  .timeLimit(.minutes(5)))
struct DrainTests {
  private static let count = 300

  @Test("finish what they have in hand and exit 0; another goes on, and nothing happens twice")
  func drain() async throws {
    let pabean = try Installation.required()
    let once = OnceEach(pabean, prefix: "DRAIN-")
    for stage in Stage.allCases { try await pabean.workers.started(stage) }
    let first = Stage.allCases.compactMap { pabean.workers.process($0) }
    try await pabean.publish((1...DrainTests.count).map { SampleProducts.cotton(sku: "DRAIN-\($0)") })
    // In the middle of their work, all five at once.
    _ = try await eventually("some to be through") { pabean.erp.receivedCount > 8 ? true : nil }
    #expect(pabean.erp.receivedCount < DrainTests.count, "the load must outlast the order to stop")
    let statuses = await pabean.workers.stopAll(within: .seconds(20))
    #expect(statuses == Dictionary(uniqueKeysWithValues: Stage.allCases.map { ($0, 0) }))
    let stopped = first.filter { $0.log.contains("\"msg\":\"stopped\"") }
    #expect(stopped.count == first.count)
    let unsent = try await pabean.count("SELECT count(*) FROM outbox")
    try pabean.workers.startAll()
    try await once.writtenBack(DrainTests.count)
    #expect(try await once.violations(DrainTests.count) == [])
    #expect(unsent == 0, "nothing is left for maintenance to send")
    // A receiver on a busy machine may answer too late; what counts is that no attempt was forgotten and made anew.
    let attempts = try await pabean.count("SELECT coalesce(sum(attempts), 0) FROM delivery")
    #expect(pabean.erp.receivedCount == attempts, "and nothing was sent twice")
  }
}
