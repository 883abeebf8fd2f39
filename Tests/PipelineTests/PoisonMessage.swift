import AMQP
import Contracts
import Crypto
import Domain
import JSON
import TestSupport

/// A message that can never be handled, and the reason for which it must be parked.
struct PoisonMessage: Sendable {
  var name: String
  var message: OutgoingMessage
  var stage: Stage
  var reason: String

  var digest: [UInt8] { SHA256.hash(message.body).bytes }

  // MARK: To ingest

  static let ingest: [PoisonMessage] = [
    submission("not JSON", "unreadable", bytes("hello, customs")),
    submission("an array", "unreadable", bytes("[{\"sku\":\"POISON\"}]")),
    submission("nested a hundred thousand deep", "unreadable", [UInt8](repeating: UInt8(ascii: "["), count: 100_000)),
    submission("invalid UTF-8", "unreadable", bytes("{\"sku\":\"") + [0xC3, 0x28] + bytes("\"}")),
    submission("an event of another version", "unsupported-version", event(["specversion": "0.3"])),
    submission("an event without id", "unreadable", event(["id": .null])),
    submission("no message id", "no-message-id", bytes("{\"sku\":\"POISON-6\"}"), id: nil),
    submission("an unknown type", "unexpected-type", event(["type": "pabean.product.deleted.v1"])),
    submission("a NUL in its type", "unexpected-type", event(["type": "pabean.product.\0"])),
    submission("another tenant's name", "tenant-mismatch", event(["tenant": "other"])),
    submission("an unknown tenant", "unknown-tenant", bytes("{\"sku\":\"POISON-9\"}"), key: "nobody.product.submitted"),
    submission("one byte too many", "too-large", [UInt8](repeating: UInt8(ascii: " "), count: 1 << 20 | 1)),
    submission("two megabytes", "too-large", [UInt8](repeating: UInt8(ascii: " "), count: 2 << 20)),
  ]

  private static func submission(
    _ name: String, _ reason: String, _ body: [UInt8], key: String = "acme.product.submitted", id: String? = "poison"
  ) -> PoisonMessage {
    let properties = MessageProperties(contentType: "application/json", messageID: id.map { "\($0) \(name)" })
    return PoisonMessage(
      name: name,
      message: OutgoingMessage(exchange: "submissions", routingKey: key, properties: properties, body: body),
      stage: .ingest, reason: reason)
  }

  // MARK: To the classifier, for every stage behind ingest reads alike

  static func classifier(caseOfAnotherTenant foreign: CaseID) -> [PoisonMessage] {
    let unknown = "01234567-89ab-8def-8123-456789abcdef"
    return [
      job("not JSON", "unreadable", bytes("hello, classifier")),
      job("an array", "unreadable", bytes("[1,2,3]")),
      job("nested a hundred thousand deep", "unreadable", [UInt8](repeating: UInt8(ascii: "["), count: 100_001)),
      job("invalid UTF-8", "unreadable", bytes("{\"specversion\":\"") + [0xFF, 0xFE] + bytes("\"}")),
      job("an event of another version", "unreadable", opened(unknown, ["specversion": "2.0"], 1)),
      job("an event without id", "unreadable", opened(unknown, ["id": .null], 2)),
      job("an unknown type", "unreadable", opened(unknown, ["type": "pabean.case.imagined.v1"], 3)),
      job("a type of another stage", "unexpected-type", opened(unknown, ["type": "pabean.case.decided.v1"], 4)),
      job("another market's event", "market-mismatch", opened(unknown, ["market": "MY"], 5)),
      job("a case of another tenant", "case-not-found", opened(foreign.description, [:], 6)),
      job("an unknown case", "case-not-found", opened(unknown, [:], 7)),
      job("an unknown tenant", "case-not-found", opened(foreign.description, ["tenant": "nobody"], 8)),
      job("no case at all", "case-not-found", opened("", ["data": [:]], 9)),
      job("two megabytes", "too-large", [UInt8](repeating: UInt8(ascii: "\n"), count: 2 << 20)),
    ]
  }

  private static func job(_ name: String, _ reason: String, _ body: [UInt8]) -> PoisonMessage {
    PoisonMessage(
      name: name,
      message: OutgoingMessage(
        exchange: "jobs", routingKey: "job.sg.classifier",
        properties: MessageProperties(contentType: CloudEvent.contentType), body: body), stage: .classifier,
      reason: reason)
  }

  private static func opened(_ caseID: String, _ changes: JSONObject, _ number: Int) -> [UInt8] {
    merged(
      [
        "specversion": "1.0", "id": .string("00000000-0000-8000-8000-00000000000\(number)"),
        "source": "/pabean/ingest", "type": "pabean.case.opened.v1", "time": "2026-01-01T00:00:00Z", "tenant": "acme",
        "market": "SG", "data": ["caseID": .string(caseID)],
      ], changes)
  }

  private static func event(_ changes: JSONObject) -> [UInt8] {
    merged(
      [
        "specversion": "1.0", "id": "poison-event", "source": "/erp", "type": "pabean.product.submitted.v1",
        "data": ["sku": "POISON-EVENT"],
      ], changes)
  }

  /// A change to null takes the member away.
  private static func merged(_ event: JSONObject, _ changes: JSONObject) -> [UInt8] {
    var event = event
    for change in changes.members { event[change.key] = change.value.isNull ? JSONValue?.none : change.value }
    return JSONValue.object(event).bytes
  }

  private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}
