import Crypto
import Domain
import JSON

/// All that the documents of a shipment say. Nothing else enters them: the same input gives the same bytes.
public struct ShipmentDocumentInput: Hashable, Sendable {
  public enum Status: String, Sendable, CaseIterable { case draft, issued }

  /// The seller company as its documents name it.
  public var tenantName: String
  public var shipment: Shipment
  /// By line number. A line without an entry has no cleared decision, and the set is refused.
  public var decidedLines: [Int: DecidedLine]
  public var documentNumber: String
  public var issuedAt: Instant
  public var sandbox: Bool
  public var status: Status

  public init(
    tenantName: String, shipment: Shipment, decidedLines: [Int: DecidedLine], documentNumber: String,
    issuedAt: Instant, sandbox: Bool, status: Status
  ) {
    self.tenantName = tenantName
    self.shipment = shipment
    self.decidedLines = decidedLines
    self.documentNumber = documentNumber
    self.issuedAt = issuedAt
    self.sandbox = sandbox
    self.status = status
  }

  /// What was decided for the product of one line.
  public struct DecidedLine: Hashable, Sendable {
    public var code: HSCode
    public var codeTitle: String
    /// At least one; all are printed, in this order.
    public var titles: [LocalizedText]
    public var origin: CountryCode
    public var decisionID: DecisionID

    public init(
      code: HSCode, codeTitle: String, titles: [LocalizedText], origin: CountryCode, decisionID: DecisionID
    ) {
      self.code = code
      self.codeTitle = codeTitle
      self.titles = titles
      self.origin = origin
      self.decisionID = decisionID
    }
  }
}

extension ShipmentDocumentInput {
  /// SHA-256 of the canonical input, printed at the foot of every page: a document cannot carry its own hash, but this
  /// one says from what it was made.
  public var hash: String { SHA256.hash(json.canonicalBytes).hex }

  var json: JSONValue {
    let lines = decidedLines.sorted { $0.key < $1.key }.map { number, line in
      JSONValue.object(JSONObject([("number", .integer(Int64(number))), ("decided", line.json)]))
    }
    return [
      "formatVersion": .integer(DocumentSet.formatVersion), "tenantName": .string(tenantName),
      "shipment": shipment.json, "decidedLines": .array(lines), "documentNumber": .string(documentNumber),
      "issuedAt": issuedAt.json, "sandbox": .bool(sandbox), "status": .string(status.rawValue),
    ]
  }
}

extension ShipmentDocumentInput.DecidedLine {
  var json: JSONValue {
    [
      "code": code.json, "codeTitle": .string(codeTitle), "titles": .list(titles), "origin": origin.json,
      "decisionID": decisionID.json,
    ]
  }
}
