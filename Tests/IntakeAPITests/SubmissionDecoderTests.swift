import AMQP
import Contracts
import Domain
import JSON
import Testing
import WorkerRuntime

@testable import IngestWorker

@Suite("Reading what ERPs publish")
struct SubmissionDecoderTests {
  private func decode(
    _ body: JSONValue, in environment: Domain.Environment = .live, timestampSeconds: Int64? = nil
  ) throws -> StageMessage {
    let properties = MessageProperties(
      contentType: "application/json", messageID: "4711", timestampSeconds: timestampSeconds)
    return try SubmissionDecoder(environment: environment).decode(
      Delivery(
        queue: "ingest", exchange: "submissions", routingKey: "acme.product.submitted", properties: properties,
        body: body.bytes))
  }

  private func event(time: JSONValue) -> JSONValue {
    [
      "specversion": "1.0", "id": "1", "source": "/erp", "type": "pabean.product.submitted.v1", "time": time,
      "data": ["sku": "A"],
    ]
  }

  @Test("the same id of live and of sandbox are two messages, and have two refusals")
  func environments() throws {
    let (live, sandbox) = (try decode(["sku": "A"]), try decode(["sku": "A"], in: .sandbox))
    #expect(live.id == (try decode(["sku": "A"])).id)
    #expect(live.id != sandbox.id)
    #expect(DerivedID.submission(causedBy: live.id) != DerivedID.submission(causedBy: sandbox.id))
  }

  @Test("a submission is as old as its event says, else as the end of its timestamp's second")
  func time() throws {
    let written = try #require(Instant("2026-01-31T08:00:00.5Z"))
    #expect(try decode(event(time: "2026-01-31T08:00:00.5Z"), timestampSeconds: 5).time == written)
    #expect(try decode(["sku": "A"], timestampSeconds: 5).time == Instant(microseconds: 5_999_999))
    #expect(try decode(event(time: "yesterday"), timestampSeconds: 5).time == Instant(microseconds: 5_999_999))
    #expect(try decode(["sku": "A"]).time == nil)
  }

  @Test("a timestamp beyond all calendars is none", arguments: [Int64.min, -1, 253_402_300_800, .max])
  func absurdTime(seconds: Int64) throws {
    #expect(try decode(["sku": "A"], timestampSeconds: seconds).time == nil)
  }
}
