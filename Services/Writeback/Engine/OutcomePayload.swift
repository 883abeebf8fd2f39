import Crypto
import Domain
import JSON

/// What an ERP is told. The JSON is written here and nowhere else; its form is a promise to receivers.
public enum OutcomePayload: Hashable, Sendable {
  case caseDecided(CaseOutcome)
  case shipmentDocumented(ShipmentOutcome)

  public var type: String {
    switch self {
    case .caseDecided: "pabean.case.decided.v1"
    case .shipmentDocumented: "pabean.shipment.documented.v1"
    }
  }

  /// What later messages about the same thing have in common: the receiver keeps the highest sequence of each.
  public var subject: String {
    switch self {
    case .caseDecided(let outcome): "\(outcome.market.key)/\(outcome.sku)"
    case .shipmentDocumented(let outcome): "\(outcome.market.key)/\(outcome.reference)"
    }
  }

  public var json: JSONValue {
    let (occurredAt, data) =
      switch self {
      case .caseDecided(let outcome): (outcome.decidedAt, outcome.json)
      case .shipmentDocumented(let outcome): (outcome.documentedAt, outcome.json)
      }
    return ["type": .string(type), "timestamp": occurredAt.json, "data": data]
  }

  /// The same for the same outcome, so that a second attempt sends, and signs, the same bytes.
  public var bytes: [UInt8] { json.bytes }
}

/// How a case ended.
public struct CaseOutcome: Hashable, Sendable {
  public enum State: String, Sendable, CaseIterable { case cleared, rejected, withdrawn }
  public enum Lane: String, Sendable, CaseIterable { case auto, exception, manual }

  public var sku: String
  public var revision: Int64
  public var market: Market
  public var state: State
  public var lane: Lane
  /// The national code where the market's tariff is loaded, else the six digits.
  public var code: HSCode?
  /// Whether the national digits behind the six are still to be chosen.
  public var isNationalCodePending: Bool
  public var confidence: Confidence?
  /// `policy`, or the person by the name that the review desk knows.
  public var decidedBy: String
  public var decidedAt: Instant
  public var decisionID: DecisionID
  /// Grows with each decision about this SKU in this market: a receiver drops what is not above the last it has.
  public var sequence: Int64
  /// What the ERP is believed to hold, for a conditional write.
  public var expected: RecordedValue?
  public var documents: [DeliveredDocument]

  public init(
    sku: String, revision: Int64, market: Market, state: State, lane: Lane, code: HSCode?,
    isNationalCodePending: Bool = false, confidence: Confidence?, decidedBy: String, decidedAt: Instant,
    decisionID: DecisionID, sequence: Int64, expected: RecordedValue? = nil, documents: [DeliveredDocument] = []
  ) {
    self.sku = sku
    self.revision = revision
    self.market = market
    self.state = state
    self.lane = lane
    self.code = code
    self.isNationalCodePending = isNationalCodePending
    self.confidence = confidence
    self.decidedBy = decidedBy
    self.decidedAt = decidedAt
    self.decisionID = decisionID
    self.sequence = sequence
    self.expected = expected
    self.documents = documents
  }
}

/// That the documents of a shipment are issued.
public struct ShipmentOutcome: Hashable, Sendable {
  public enum State: String, Sendable, CaseIterable { case documented, held, cancelled }

  public var reference: String
  public var market: Market
  public var state: State
  public var documentedAt: Instant
  public var sequence: Int64
  public var lines: [Line]
  public var documents: [DeliveredDocument]

  public struct Line: Hashable, Sendable {
    public var number: Int
    public var sku: String
    public var code: HSCode?
    public var decisionID: DecisionID?

    public init(number: Int, sku: String, code: HSCode?, decisionID: DecisionID?) {
      self.number = number
      self.sku = sku
      self.code = code
      self.decisionID = decisionID
    }
  }

  public init(
    reference: String, market: Market, state: State, documentedAt: Instant, sequence: Int64, lines: [Line],
    documents: [DeliveredDocument]
  ) {
    self.reference = reference
    self.market = market
    self.state = state
    self.documentedAt = documentedAt
    self.sequence = sequence
    self.lines = lines
    self.documents = documents
  }
}

/// A document that can be fetched, and the hash that tells whether it is the one that was issued.
public struct DeliveredDocument: Hashable, Sendable {
  public var name: String
  public var sha256: SHA256Digest
  public var link: String

  public init(name: String, sha256: SHA256Digest, link: String) {
    self.name = name
    self.sha256 = sha256
    self.link = link
  }
}

extension CaseOutcome {
  public var json: JSONValue {
    var object = JSONObject([
      ("sku", .string(sku)), ("revision", .integer(revision)), ("market", market.json),
      ("sequence", .integer(sequence)), ("state", .string(state.rawValue)), ("lane", .string(lane.rawValue)),
    ])
    object.set("code", code?.json)
    object["nationalCodePending"] = .bool(isNationalCodePending)
    object.set("confidence", confidence?.json)
    object["decidedBy"] = .string(decidedBy)
    object["decidedAt"] = decidedAt.json
    object["decisionId"] = decisionID.json
    object.set("expected", expected?.json)
    if !documents.isEmpty { object["documents"] = .array(documents.map(\.json)) }
    return .object(object)
  }
}

extension ShipmentOutcome {
  public var json: JSONValue {
    [
      "reference": .string(reference), "market": market.json, "sequence": .integer(sequence),
      "state": .string(state.rawValue), "documentedAt": documentedAt.json, "lines": .array(lines.map(\.json)),
      "documents": .array(documents.map(\.json)),
    ]
  }
}

extension ShipmentOutcome.Line {
  var json: JSONValue {
    var object = JSONObject([("number", .integer(Int64(number))), ("sku", .string(sku))])
    object.set("code", code?.json)
    object.set("decisionId", decisionID?.json)
    return .object(object)
  }
}

extension DeliveredDocument {
  var json: JSONValue { ["name": .string(name), "sha256": .string(sha256.hex), "link": .string(link)] }
}
