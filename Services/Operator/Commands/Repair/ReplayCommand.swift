import Domain
import JSON
import Postgres
import Store
import WorkerRuntime

/// `pabean replay`: outcomes that could not be delivered are sent again.
enum ReplayCommand {
  static let command = Command(
    "replay", "Deliver outcomes again that could not be delivered", group: .repair,
    operands: [Operand("DELIVERY", "the ids of deliveries", .any)],
    options: [Option("dead", nil, "all that are dead"), .tenant, .actor],
    notes: """
      A delivery in conflict, named by its id, is sent too: the value that the ERP holds is then overwritten. The receiver
      sees the same delivery id as before, so that what it took already it does not take twice. A delivery that a newer
      decision has overtaken at its destination is left as it is.
      """
  ) { arguments, console in
    guard arguments.operands.isEmpty == arguments.has("dead") else {
      throw UsageError("name the deliveries, or --dead", command: "replay")
    }
    let ids = try arguments.operands.map { text in
      guard let id = UniqueID(text) else { throw UsageError("'\(text)' is not the id of a delivery") }
      return id
    }
    let settings = try OperatorSettings.load()
    let actor = OperatorSettings.actor(arguments)
    let count = try await settings.withDatabase { pool in
      let tenant = arguments.has("tenant") ? try await TenantChoice.resolve(arguments, pool) : nil
      let found = try await pool.transaction(readOnly: true) { tx in
        ids.isEmpty ? try Redelivery.dead(tx) : try Redelivery.owners(of: ids, tx)
      }.filter { tenant == nil || $0.0 == tenant }
      var count = 0
      for (tenant, rows) in Dictionary(grouping: found, by: \.0).sorted(by: { $0.key < $1.key }) {
        count += try await pool.transaction(as: tenant) { tx in
          try revive(rows.map(\.1), of: tenant, by: actor, tx)
        }
      }
      return count
    }
    if count == 0, !ids.isEmpty {
      throw Failure("none of them is dead or in conflict, or they are overtaken by newer ones")
    }
    console.line("\(count) \(count == 1 ? "delivery is" : "deliveries are") on the way again.")
    return .success
  }

  static func revive(
    _ ids: [UniqueID], of tenant: TenantID, by actor: Actor, _ tx: borrowing Transaction
  ) throws -> Int {
    let now = SystemClock.now()
    let revived = try Redelivery.revive(ids, at: now, tx)
    let cases = try CaseStore.load(Array(revived.cases), tx).values
    let transitions = cases.compactMap { stored in
      stored.state.after(.redelivered).map { CaseTransition(stored, to: $0) }
    }
    let moved = try CaseStore.apply(transitions, at: now, tx)
    guard moved.count == transitions.count else {
      throw Failure("a case changed meanwhile", remedy: "run the same command again")
    }
    let shipments = try ShipmentStore.move(
      revived.shipments.sorted(), from: .undeliverable, to: .documented, at: now, tx)
    let subjects =
      moved.sorted().map { ($0.value, "case.redelivered") }
      + shipments.sorted().map { ($0.value, "shipment.redelivered") }
    let deliveries = revived.deliveries.map { delivery in
      AuditLog.Entry(
        subject: delivery.subject, kind: "delivery.revived", actor: actor, at: now,
        data: ["delivery": .string(delivery.id.description), "destination": .string(delivery.destination)])
    }
    try AuditLog.append(
      deliveries + subjects.map { AuditLog.Entry(subject: $0.0, kind: $0.1, actor: actor, at: now) }, of: tenant, tx)
    return revived.deliveries.count
  }
}
