import Domain
import JSON

/// That the documents of a shipment are issued, or why they are not.
public struct ShipmentOutcome: Hashable, Sendable {
  public enum State: String, Sendable, CaseIterable { case documented, held }

  public var reference: String
  public var market: Market
  public var state: State
  /// Since when it is so.
  public var at: Instant
  public var sequence: Int64
  /// Why it is held.
  public var reason: String?
  public var lines: [Line]
  public var documents: [DeliveredDocument]

  public struct Line: Hashable, Sendable {
    public enum Status: String, Sendable, CaseIterable { case waiting, cleared, rejected }

    public var number: Int
    public var sku: String
    public var status: Status
    public var code: HSCode?
    public var decisionID: DecisionID?

    public init(number: Int, sku: String, status: Status, code: HSCode?, decisionID: DecisionID?) {
      self.number = number
      self.sku = sku
      self.status = status
      self.code = code
      self.decisionID = decisionID
    }
  }

  public init(
    reference: String, market: Market, state: State, at: Instant, sequence: Int64, reason: String? = nil,
    lines: [Line], documents: [DeliveredDocument]
  ) {
    self.reference = reference
    self.market = market
    self.state = state
    self.at = at
    self.sequence = sequence
    self.reason = reason
    self.lines = lines
    self.documents = documents
  }
}

extension ShipmentOutcome {
  public var json: JSONValue {
    var object = JSONObject([
      ("reference", .string(reference)), ("market", market.json), ("sequence", .integer(sequence)),
      ("state", .string(state.rawValue)), ("at", at.json),
    ])
    object.set("reason", reason.map { .string($0) })
    object.set("lines", .array(lines.map(\.json)))
    object.set("documents", .array(documents.map(\.json)))
    return .object(object)
  }
}

extension ShipmentOutcome.Line {
  var json: JSONValue {
    var object = JSONObject([
      ("number", .integer(Int64(number))), ("sku", .string(sku)), ("status", .string(status.rawValue)),
    ])
    object.set("code", code?.json)
    object.set("decisionId", decisionID?.json)
    return .object(object)
  }
}
