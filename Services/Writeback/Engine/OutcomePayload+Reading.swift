import Contracts
import Crypto
import Domain
import JSON

extension OutcomePayload {
  /// Reads back what was stored for delivery, for a format other than JSON.
  public init(bytes: [UInt8]) throws(JSONError) {
    let json = JSONCursor(try JSONParser.parse(bytes))
    let type = try json.string("type")
    let data = try json.required("data")
    switch type {
    case EventType.caseOutcome.rawValue: self = .caseDecided(try CaseOutcome(json: data))
    case EventType.shipmentOutcome.rawValue: self = .shipmentSettled(try ShipmentOutcome(json: data))
    default: throw try json.required("type").failure("is no outcome")
    }
  }
}

extension CaseOutcome {
  init(json: JSONCursor) throws(JSONError) {
    self.init(
      sku: try json.string("sku"), revision: try json.integer("revision"),
      market: try json.decode(Market.self, "market"),
      state: try json.required("state").decode("a state") { $0.stringValue.flatMap { State(rawValue: $0) } },
      lane: try json.required("lane").decode("a lane") { $0.stringValue.flatMap { Lane(rawValue: $0) } },
      code: try json.optional(HSCode.self, "code"), isNationalCodePending: try json.bool("nationalCodePending"),
      confidence: try json.optional(Confidence.self, "confidence"), decidedBy: try json.string("decidedBy"),
      decidedAt: try json.decode(Instant.self, "decidedAt"), decisionID: try json.decode(DecisionID.self, "decisionId"),
      sequence: try json.integer("sequence"),
      expected: try json.optional("expected").map { value throws(JSONError) in
        RecordedValue(code: try value.optional(HSCode.self, "code"), version: try value.optionalString("version"))
      },
      documents: try json.elements("documents").map { element throws(JSONError) in try DeliveredDocument(json: element)
      })
  }
}

extension ShipmentOutcome {
  init(json: JSONCursor) throws(JSONError) {
    self.init(
      reference: try json.string("reference"), market: try json.decode(Market.self, "market"),
      state: try json.required("state").decode("a state") { $0.stringValue.flatMap { State(rawValue: $0) } },
      at: try json.decode(Instant.self, "at"), sequence: try json.integer("sequence"),
      reason: try json.optionalString("reason"),
      lines: try json.elements("lines").map { line throws(JSONError) in
        Line(
          number: Int(try line.integer("number")), sku: try line.string("sku"),
          status: try line.required("status").decode("a status") {
            $0.stringValue.flatMap { Line.Status(rawValue: $0) }
          },
          code: try line.optional(HSCode.self, "code"), decisionID: try line.optional(DecisionID.self, "decisionId"))
      },
      documents: try json.elements("documents").map { element throws(JSONError) in try DeliveredDocument(json: element)
      })
  }
}

extension DeliveredDocument {
  init(json: JSONCursor) throws(JSONError) {
    self.init(
      name: try json.string("name"),
      sha256: try json.required("sha256").decode("a SHA-256 in hexadecimal") {
        $0.stringValue.flatMap { SHA256Digest(hex: $0) }
      },
      link: try json.string("link"))
  }
}
