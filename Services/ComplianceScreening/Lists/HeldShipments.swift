import ComplianceScreeningEngine
import Contracts
import Domain
import Names
import Postgres
import Store
import WorkerRuntime

/// Shipments that were held for a party or a list, and need not be any more.
public struct HeldShipments: Sendable {
  private let lists: ListsInForce

  public init(_ lists: ListsInForce) { self.lists = lists }

  public typealias Released = (shipments: [ShipmentID], messages: [Outbox.Message])

  /// Lets go those that name a party which a person has found to be another, and have no other fault of the kind; their
  /// documents are drawn next.
  public func release(
    naming name: String, of tenant: TenantID, at now: Instant, _ tx: borrowing Transaction
  ) throws -> Released {
    let key = Name(name).key
    try lists.refresh(tx)
    return try release(of: tenant, by: "/pabean/operator", at: now, tx) { stored in
      stored.shipment.names.contains { Name($0).key == key }
    }
  }

  /// Lets go those that waited for a list to come or to be renewed.
  public func releaseWaitingForLists(
    of tenant: TenantID, at now: Instant, _ tx: borrowing Transaction
  ) throws -> Released {
    try release(of: tenant, by: "/pabean/compliance-screening", at: now, tx) { stored in
      stored.holdReason?.hasPrefix("/lists/") ?? false
    }
  }

  private func release(
    of tenant: TenantID, by source: String, at now: Instant, _ tx: borrowing Transaction,
    _ isMeant: (StoredShipment) -> Bool
  ) throws -> Released {
    let parties = try lists.parties(of: tenant, tx)
    let held = try ShipmentStore.heldWithoutRejectedLine(limit: HeldShipments.heldMax, tx).filter { stored in
      isMeant(stored) && !lists.findings(stored.shipment, parties, on: now.date).contains(where: \.blocksClearance)
    }
    let moved = try ShipmentStore.move(held.map(\.id).sorted(), from: .held, to: .ready, at: now, tx)
    let messages = held.filter { moved.contains($0.id) }.map { stored in
      let event = CloudEvent(
        id: DerivedID.message(.shipmentReady, stored.id.description, ordinal: now.microseconds), source: source,
        type: .shipmentReady, subject: stored.id.description, time: now, tenant: tenant,
        market: stored.shipment.market, traceparent: nil, causationID: nil,
        data: ShipmentReference(shipmentID: stored.id).json)
      return Outbox.Message(event, for: .documentGeneration, in: stored.shipment.market)
    }
    return (moved.sorted(), messages)
  }

  private static let heldMax: Int64 = 1000
}

extension Shipment {
  /// Of all its parties, and of its vessel.
  fileprivate var names: [String] {
    [seller.name, consignee.name, notifyParty?.name, vessel].compactMap(\.self)
  }
}
