import Contracts
import Domain
import JSON

/// What an ERP is told. The JSON is written here and nowhere else; its form is a promise to receivers.
public enum OutcomePayload: Hashable, Sendable {
  case caseDecided(CaseOutcome)
  case shipmentSettled(ShipmentOutcome)

  public var type: String {
    switch self {
    case .caseDecided: EventType.caseOutcome.rawValue
    case .shipmentSettled: EventType.shipmentOutcome.rawValue
    }
  }

  /// What later messages about the same thing have in common: the receiver keeps the highest sequence of each.
  public var subject: String {
    switch self {
    case .caseDecided(let outcome): "\(outcome.market.key)/\(outcome.sku)"
    case .shipmentSettled(let outcome): "\(outcome.market.key)/\(outcome.reference)"
    }
  }

  public var json: JSONValue {
    let (occurredAt, data) =
      switch self {
      case .caseDecided(let outcome): (outcome.decidedAt, outcome.json)
      case .shipmentSettled(let outcome): (outcome.at, outcome.json)
      }
    return ["type": .string(type), "timestamp": occurredAt.json, "data": data]
  }

  /// The same for the same outcome, so that a second attempt sends, and signs, the same bytes.
  public var bytes: [UInt8] { json.bytes }
}
