import Contracts
import Domain
import JSON
import TestSupport
import Testing

@Suite(
  "Several workers of a stage", .installation(settings: { _, _ in ["PABEAN_BATCH_SIZE": "8"] }), .serialized,
  .timeLimit(.minutes(5)))
struct CompetingWorkersTests {
  @Test("share the work and do each piece once, also when submissions repeat and revise each other at the same time")
  func compete() async throws {
    let pabean = try Installation.required()
    let seconds = try Stage.allCases.map { try pabean.start($0, settings: ["PABEAN_BATCH_SIZE": "8"]) }
    let products = (1...100).map { SampleProducts.cotton(sku: "BOTH-\($0)") }
    let revised = (1...20).map { SampleProducts.cotton(sku: "REV-\($0)", price: "9.99") }
    async let first: Void = pabean.publish(products, ids: (1...100).map { "both \($0)" })
    async let again: Void = pabean.publish(products.reversed(), ids: (1...100).reversed().map { "both again \($0)" })
    async let old: Void = pabean.publish(
      (1...20).map { SampleProducts.cotton(sku: "REV-\($0)") }, ids: (1...20).map { "rev old \($0)" })
    async let new: Void = pabean.publish(revised, ids: (1...20).map { "rev new \($0)" })
    async let orders: Void = pabean.publish(
      (1...10).map { SampleProducts.shipment("ORDER-BOTH-\($0)", lines: [("BOTH-\($0)", 1), ("REV-\($0)", 1)]) },
      ids: (1...10).map { "order \($0)" }, kind: .shipment)
    _ = try await (first, again, old, new, orders)
    let once = OnceEach(pabean, prefix: "BOTH-")
    try await once.writtenBack(products.count)
    for number in 1...20 {
      let cases = try await pabean.cases(of: "REV-\(number)", count: 2, reach: [.writtenBack, .superseded])
      #expect(cases.last?.state == .writtenBack)
    }
    for number in 1...10 { _ = try await pabean.shipment("ORDER-BOTH-\(number)", reaches: .writtenBack) }
    #expect(try await once.violations(products.count) == [])
    await pabean.stop(seconds)
    let failed = (seconds + Stage.allCases.compactMap { pabean.workers.process($0) }).filter {
      $0.log.contains("message failed")
    }
    #expect(failed.count == 0, "races are repeated and burn no attempt")
  }
}
