import Contracts
import Domain
import JSON

/// One event of each type, as it is on the wire for ever. A change of these files is a change of the contract: it needs
/// a new version of the type.
enum GoldenEvents {
  static let all: [CloudEvent] = EventType.allCases.map(event)

  private static func event(_ type: EventType) -> CloudEvent {
    CloudEvent(
      id: MessageID("b1946ac9-2492-8234-8f6e-35f1d2a2f9c1")!, source: source(of: type), type: type,
      subject: subject(of: type), time: Instant("2026-01-31T08:00:00.123456Z")!, tenant: TenantID("acme")!,
      market: isForERP(type) || isFromERP(type) ? nil : Market("SG"),
      traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
      causationID: isFromERP(type) ? nil : MessageID("d8578edf-8458-8e06-9bc5-bb76a58c5ca4"), data: data(of: type))
  }

  private static func isFromERP(_ type: EventType) -> Bool { type == .productSubmitted || type == .shipmentSubmitted }
  private static func isForERP(_ type: EventType) -> Bool { type == .caseOutcome || type == .shipmentOutcome }

  private static func source(of type: EventType) -> String {
    switch type {
    case .productSubmitted, .shipmentSubmitted: "/erp"
    case .caseOpened: "/pabean/ingest"
    case .caseClassified: "/pabean/classifier"
    case .caseDecided: "/pabean/compliance-screening"
    case .caseDocumented, .shipmentReady, .shipmentHeld, .shipmentDocumented: "/pabean/document-generation"
    case .caseOutcome, .shipmentOutcome: "/pabean/writeback"
    case .reviewOpened, .reviewChanged, .reviewClosed: "/pabean/review-desk"
    }
  }

  private static func subject(of type: EventType) -> String? {
    switch type {
    case .productSubmitted: "TEE-1"
    case .shipmentSubmitted: "ORDER-1"
    case .caseOpened, .caseClassified, .caseDecided, .caseDocumented, .reviewOpened, .reviewChanged, .reviewClosed:
      caseID
    case .shipmentReady, .shipmentHeld, .shipmentDocumented: shipmentID
    case .caseOutcome: "SG/TEE-1"
    case .shipmentOutcome: "SG/shipment/ORDER-1"
    }
  }

  private static let caseID = "5d41402a-bc4b-8a76-b971-9d911017c592"
  private static let shipmentID = "7d793037-a076-8186-974b-0282f2f435e7"
  private static let decisionID = "98f13708-2101-84c4-9568-7be6106a3b84"

  private static func data(of type: EventType) -> JSONValue {
    switch type {
    case .productSubmitted:
      [
        "sku": "TEE-1", "title": "Cotton T-shirt", "origin": "CN", "price": "6.50", "currency": "USD",
        "markets": ["SG"],
      ]
    case .shipmentSubmitted:
      [
        "reference": "ORDER-1", "market": "SG", "currency": "USD",
        "lines": [["number": 1, "sku": "TEE-1", "quantity": 3, "unit": "C62"]],
      ]
    case .caseOpened, .caseClassified, .caseDecided, .caseDocumented:
      CaseReference(caseID: CaseID(caseID)!).json
    case .shipmentReady, .shipmentHeld, .shipmentDocumented:
      ShipmentReference(shipmentID: ShipmentID(shipmentID)!).json
    case .caseOutcome:
      [
        "sku": "TEE-1", "revision": 1, "market": "SG", "sequence": 1001, "state": "cleared", "lane": "auto",
        "code": "61091010", "nationalCodePending": false, "confidence": .number("0.95"),
        "decidedBy": "system:router", "decidedAt": "2026-01-31T08:00:00.123456Z",
        "decisionId": .string(decisionID), "documents": [document],
      ]
    case .shipmentOutcome:
      [
        "reference": "ORDER-1", "market": "SG", "sequence": 1, "state": "documented",
        "at": "2026-01-31T08:00:00.123456Z",
        "lines": [
          ["number": 1, "sku": "TEE-1", "status": "cleared", "code": "61091010", "decisionId": .string(decisionID)]
        ],
        "documents": [document],
      ]
    case .reviewOpened:
      review([("what", "held-for-decision"), ("by", "system:router"), ("why", "The description is too vague.")])
    case .reviewChanged:
      review([("what", "assigned"), ("by", "person:mei@acme.example"), ("to", "person:ana@acme.example")])
    case .reviewClosed:
      review([
        ("what", "decided"), ("by", "person:ana@acme.example"), ("state", "decided"), ("decisionKind", "overridden"),
        ("code", "61091010"), ("reason", "Knitted, of cotton."),
      ])
    }
  }

  private static func review(_ more: [(String, JSONValue)]) -> JSONValue {
    var object = JSONObject([
      ("caseId", .string(caseID)), ("sku", "TEE-1"), ("revision", 1), ("market", "SG"), ("sequence", 17),
      ("state", "awaiting-decision"), ("riskScore", 72), ("roles", ["broker"]), ("lane", "exception"),
      ("link", .string("https://desk.example/cases/\(caseID)")),
    ])
    for (name, value) in more { object[name] = value }
    return .object(object)
  }

  private static let document: JSONValue = [
    "name": "invoice.pdf", "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "link": "https://pabean.example/v1/documents/5d41402a-bc4b-8a76-b971-9d911017c592",
  ]
}
