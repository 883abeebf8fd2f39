import ComplianceScreeningEngine
import Contracts
import Domain
import Names
import Postgres
import Store
import WorkerRuntime

/// Shipments that were held for a party which a person has found to be another since.
public enum HeldShipments {
  /// Lets go those that name the party and have no other fault of the kind; their documents are drawn next.
  /// - Returns: the shipments, and what must be sent.
  public static func release(
    naming name: String, of tenant: TenantID, at now: Instant, _ tx: borrowing Transaction
  ) throws -> (shipments: [ShipmentID], messages: [Outbox.Message]) {
    let key = Name(name).key
    let lists = ListsInForce()
    try lists.refresh(tx)
    let parties = try lists.parties(of: tenant, tx)
    let held = try ShipmentStore.heldWithoutRejectedLine(limit: heldMax, tx).filter { stored in
      [stored.shipment.seller, stored.shipment.consignee].contains { Name($0.name).key == key }
        && !lists.findings(stored.shipment, parties, on: now.date).contains(where: \.blocksClearance)
    }
    let moved = try ShipmentStore.move(held.map(\.id).sorted(), from: .held, to: .ready, at: now, tx)
    let messages = held.filter { moved.contains($0.id) }.map { stored in
      let event = CloudEvent(
        id: DerivedID.message(.shipmentReady, stored.id.description, ordinal: now.microseconds),
        source: "/pabean/operator", type: .shipmentReady, subject: stored.id.description, time: now, tenant: tenant,
        market: stored.shipment.market, traceparent: nil, causationID: nil,
        data: ShipmentReference(shipmentID: stored.id).json)
      return Outbox.Message(event, for: .documentGeneration, in: stored.shipment.market)
    }
    return (moved.sorted(), messages)
  }

  private static let heldMax: Int64 = 1000
}
