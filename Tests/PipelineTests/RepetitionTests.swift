import AMQP
import Contracts
import Crypto
import Domain
import JSON
import Store
import TestSupport
import Testing

@Suite("Messages that come twice, late or out of order", .installation(), .timeLimit(.minutes(5)))
struct RepetitionTests {
  let pabean: Installation

  init() throws { pabean = try Installation.required() }

  /// A later message through the whole pipeline: what was sent before it has been handled when it is done.
  private func passMarker(_ name: String) async throws {
    try await pabean.publish([SampleProducts.cotton(sku: name)])
    _ = try await pabean.cases(of: name, reach: [.writtenBack])
  }

  private func parked(_ sku: String) async throws -> [ParkedMessages.Entry] {
    try await pabean.parked().map(\.entry).filter { $0.messageID != nil && $0.reasonCode == "id-reused" }
  }

  @Test("a submission delivered three times, together and later, has one effect")
  func twice() async throws {
    let product = SampleProducts.cotton(sku: "DOUBLE-1")
    try await pabean.publish([product, product], ids: ["double", "double"])
    let seen = try #require(try await pabean.cases(of: "DOUBLE-1", reach: [.writtenBack]).first)
    try await pabean.publish([product], ids: ["double"])
    try await passMarker("DOUBLE-MARKER")
    #expect(try await pabean.cases(of: "DOUBLE-1").count == 1)
    #expect(try await pabean.audit(of: seen.id.value).count == 5)
    _ = try await eventually("the marker's outcome") { pabean.erp.outcomes(of: "DOUBLE-MARKER").first }
    #expect(pabean.erp.outcomes(of: "DOUBLE-1").count == 1)
  }

  @Test("an id used again with another body is parked once, and the first message stands")
  func reusedID() async throws {
    let first = SampleProducts.cotton(sku: "REUSED-1")
    let second = SampleProducts.cotton(sku: "REUSED-2")
    // Together, so that both are in one batch; and again later, when the first is long known.
    try await pabean.publish([first, second], ids: ["reused", "reused"])
    _ = try await pabean.cases(of: "REUSED-1", reach: [.writtenBack])
    try await pabean.publish([second, first], ids: ["reused", "reused"])
    try await passMarker("REUSED-MARKER")
    let parked = try await pabean.parked().map(\.entry)
    #expect(parked.map(\.reasonCode) == ["id-reused"])
    #expect(parked.first?.digest == SHA256.hash(second.bytes).bytes)
    #expect(try await pabean.cases(of: "REUSED-1").count == 1)
    #expect(try await pabean.cases(of: "REUSED-2") == [])
  }

  @Test("messages of a stage that the case has left change nothing")
  func stale() async throws {
    try await pabean.publish([SampleProducts.cotton(sku: "STALE-1")])
    let seen = try #require(try await pabean.cases(of: "STALE-1", reach: [.writtenBack]).first)
    let before = try await pabean.audit(of: seen.id.value)
    let steps: [(Stage, EventType)] = [
      (.writeback, .caseDocumented), (.documentGeneration, .caseDecided), (.complianceScreening, .caseClassified),
      (.classifier, .caseOpened),
    ]
    try await pabean.publish(
      steps.enumerated().map { index, step in
        let id = MessageID(UniqueID(high: 0x8000, low: 0x8000_0000_0000_0100 + UInt64(index)))
        let event = CloudEvent(
          id: id, source: "/late", type: step.1, subject: nil, time: Instant(microseconds: 0),
          tenant: Installation.tenant, market: Market("SG"), traceparent: nil, causationID: nil,
          data: CaseReference(caseID: seen.id).json)
        return OutgoingMessage(
          exchange: Topology.jobs.text, routingKey: Topology.job(step.0, Market("SG")!).text,
          properties: MessageProperties(contentType: CloudEvent.contentType), body: event.json.bytes)
      })
    try await passMarker("STALE-MARKER")
    #expect(try await pabean.cases(of: "STALE-1") == [seen])
    #expect(try await pabean.audit(of: seen.id.value) == before)
    _ = try await eventually("the marker's outcome") { pabean.erp.outcomes(of: "STALE-MARKER").first }
    #expect(pabean.erp.outcomes(of: "STALE-1").count == 1)
  }
}
