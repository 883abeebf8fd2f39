import Domain
import JSON

/// How a case ended.
public struct CaseOutcome: Hashable, Sendable {
  public enum State: String, Sendable, CaseIterable { case cleared, rejected, withdrawn }
  public typealias Lane = Domain.Lane

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
  /// `person:` or `system:` and a name, as the audit log has it.
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
