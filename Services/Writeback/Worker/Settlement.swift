import Domain
import JSON
import Postgres
import Store

/// What all deliveries of a subject together mean for it.
struct Settlement: Sendable {
  private let deliveries: [StoredDelivery]

  init(_ deliveries: [StoredDelivery]) { self.deliveries = deliveries }

  /// nil while a delivery is still on its way.
  var event: CaseEvent? {
    let states = Set(deliveries.map(\.state))
    if states.contains(.conflict) { return .conflictDetected }
    if states.contains(.dead) { return .deliveryFailed }
    return states.contains(.pending) ? nil : .writtenBack
  }

  func apply(to subject: DeliverySubject, now: Instant, _ tx: borrowing Transaction) throws -> [AuditLog.Entry] {
    for delivery in deliveries where delivery.disablesDestination {
      try DeliveryStore.disable(delivery.destination, reason: delivery.lastError ?? "410", at: now, tx)
    }
    guard let event else { return [] }
    switch subject.target {
    case .customsCase(let stored): return try move(stored, event, now, tx)
    case .shipment(let stored): return try move(stored, event, now, tx)
    }
  }

  private func move(_ stored: StoredCase, _ event: CaseEvent, _ now: Instant, _ tx: borrowing Transaction) throws
    -> [AuditLog.Entry]
  {
    guard let next = stored.state.after(event),
      try CaseStore.apply([CaseTransition(stored, to: next)], at: now, tx).contains(stored.id)
    else { return [] }
    return [entry(stored.id.value, "case.\(event.rawValue)", now)]
  }

  private func move(_ stored: StoredShipment, _ event: CaseEvent, _ now: Instant, _ tx: borrowing Transaction) throws
    -> [AuditLog.Entry]
  {
    let next: ShipmentState = event == .writtenBack ? .writtenBack : .undeliverable
    guard try !ShipmentStore.move([stored.id], from: stored.state, to: next, at: now, tx).isEmpty else { return [] }
    return [entry(stored.id.value, "shipment.\(next.rawValue)", now)]
  }

  private func entry(_ subject: UniqueID, _ kind: String, _ now: Instant) -> AuditLog.Entry {
    AuditLog.Entry(
      subject: subject, kind: kind, actor: .system("writeback"), at: now,
      data: [
        "deliveries": .array(
          deliveries.map {
            [
              "destination": .string($0.destination), "state": .string($0.state.rawValue),
              "sequence": .integer($0.sequence), "attempts": .integer(Int64($0.attempts)),
            ]
          })
      ])
  }
}
