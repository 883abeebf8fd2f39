import Domain
import JSON

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
