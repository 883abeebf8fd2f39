import Crypto
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

  /// Moves what has been settled, all cases by one statement.
  static func apply(_ settled: [(DeliverySubject, Settlement)], now: Instant, _ tx: borrowing Transaction) throws
    -> [AuditLog.Entry]
  {
    var entries: [AuditLog.Entry] = []
    var steps: [(CaseTransition, AuditLog.Entry)] = []
    for (subject, settlement) in settled {
      guard let event = settlement.event else { continue }
      switch subject.target {
      case .customsCase(let stored):
        guard let next = stored.state.after(event) else { continue }
        let entry = settlement.entry(stored.id.value, "case.\(event.rawValue)", now)
        steps.append((CaseTransition(stored, to: next), entry))
      case .shipment(let stored): entries += try settlement.move(stored, event, now, tx)
      }
    }
    let moved = try CaseStore.apply(steps.map(\.0), at: now, tx)
    return entries + steps.filter { moved.contains($0.0.caseID) }.map(\.1)
  }

  /// Whoever answered 410 wants nothing more, whatever has become of the case meanwhile.
  static func disableDestinations(
    _ tried: [StoredDelivery], of tenant: TenantID, now: Instant, _ tx: borrowing Transaction
  ) throws -> [AuditLog.Entry] {
    try tried.filter(\.disablesDestination).compactMap { delivery in
      let reason = delivery.lastError ?? "410"
      guard try DeliveryStore.disable(delivery.destination, reason: reason, at: now, tx) else { return nil }
      return AuditLog.Entry(
        subject: UniqueID(digest: SHA256.hash("\(tenant) destination \(delivery.destination)").bytes),
        kind: "destination.disabled", actor: .system("writeback"), at: now,
        data: ["name": .string(delivery.destination), "reason": .string(reason)])
    }
  }

  private func move(_ stored: StoredShipment, _ event: CaseEvent, _ now: Instant, _ tx: borrowing Transaction) throws
    -> [AuditLog.Entry]
  {
    guard stored.state != .held else { return [entry(stored.id.value, "shipment.hold-\(event.rawValue)", now)] }
    let next: ShipmentState = event == .writtenBack ? .writtenBack : .undeliverable
    guard try !ShipmentStore.move([stored.id], from: stored.state, to: next, at: now, tx).isEmpty else { return [] }
    return [entry(stored.id.value, "shipment.\(next.rawValue)", now)]
  }

  private func entry(_ subject: UniqueID, _ kind: String, _ now: Instant) -> AuditLog.Entry {
    var data = JSONObject([
      (
        "deliveries",
        .array(
          deliveries.map {
            [
              "destination": .string($0.destination), "state": .string($0.state.rawValue),
              "sequence": .integer($0.sequence), "attempts": .integer(Int64($0.attempts)),
            ]
          })
      )
    ])
    data.set("reason", whyDead.map { .string($0) })
    return AuditLog.Entry(
      subject: subject, kind: kind, actor: .system("writeback"), at: now, data: .object(data))
  }

  private var whyDead: String? {
    let dead = deliveries.filter { $0.state == .dead }
    return dead.isEmpty
      ? nil : dead.map { "\($0.destination): \($0.lastError ?? "not delivered")" }.joined(separator: " ")
  }
}
