import Domain
import JSON

/// What a stage is told about its work: which case, no more. The facts are in the database, where one writer at a time
/// keeps them true; a message that carried them would carry old ones.
public struct CaseReference: Hashable, Sendable, JSONCodable {
  public var caseID: CaseID

  public init(caseID: CaseID) { self.caseID = caseID }

  public init(json: JSONCursor) throws(JSONError) {
    self.init(caseID: try json.decode(CaseID.self, "caseID"))
  }

  public var json: JSONValue { ["caseID": caseID.json] }
}

public struct ShipmentReference: Hashable, Sendable, JSONCodable {
  public var shipmentID: ShipmentID

  public init(shipmentID: ShipmentID) { self.shipmentID = shipmentID }

  public init(json: JSONCursor) throws(JSONError) {
    self.init(shipmentID: try json.decode(ShipmentID.self, "shipmentID"))
  }

  public var json: JSONValue { ["shipmentID": shipmentID.json] }
}
