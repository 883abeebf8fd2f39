import Contracts
import Domain
import Observability
import Postgres
import Store
import WorkerRuntime
import WritebackEngine

/// Sends again what did not arrive, when its time on the ladder has come. Any number of workers may run this: a delivery
/// is leased before it is sent.
struct DeliveryRetries: Sendable {
  let pool: PostgresPool
  let carrier: Carrier
  let ladder: DeliveryLadder
  let documentAddress: String
  let deliveries: Counter
  let log: Log

  private static let interval = Duration.seconds(1)
  private static let batchMax = 100
  /// Longer than any attempt takes, so that a lease ends only when its worker has died.
  private static let lease = Duration.seconds(120)

  func run() async {
    while !Task.isCancelled {
      do {
        if try await sendDue() == DeliveryRetries.batchMax { continue }
      } catch {
        log.warning("deliveries cannot be retried now", ["error": .string("\(error)")])
      }
      try? await Task.sleep(for: DeliveryRetries.interval)
    }
  }

  private func sendDue() async throws -> Int {
    let now = SystemClock.now()
    let due = try await pool.transaction(readOnly: true) { tx in
      try DeliveryStore.due(before: now, limit: DeliveryRetries.batchMax, tx)
    }
    for (tenant, rows) in Dictionary(grouping: due, by: \.0) {
      try await send(rows.map(\.1), of: tenant, now: now)
    }
    return due.count
  }

  private func send(_ ids: [UniqueID], of tenant: TenantID, now: Instant) async throws {
    let (leased, destinations) = try await pool.transaction(as: tenant) { tx in
      let leased = try DeliveryStore.lease(
        ids, dueBefore: now, until: now.adding(DeliveryRetries.lease), tx)
      let destinations = try DeliveryStore.destinations(tx)
      return (leased, Dictionary(uniqueKeysWithValues: destinations.map { ($0.name, $0) }))
    }
    let items = leased.compactMap { delivery in
      destinations[delivery.destination].map { Carrier.Item(tenant: tenant, delivery: delivery, destination: $0) }
    }
    let outcomes = await carrier.carry(items, now: now)
    var settled = zip(items, outcomes).map { item, outcome in
      item.delivery.after(outcome, ladder: ladder, now: SystemClock.now(), jitter: .random(in: 0..<1_000_000))
    }
    settled += leased.filter { destinations[$0.destination] == nil }.map { $0.withoutDestination() }
    for delivery in settled { deliveries.increment(delivery.state.rawValue) }
    try await settle(settled, of: tenant)
  }

  private func settle(_ settled: [StoredDelivery], of tenant: TenantID) async throws {
    let documentAddress = documentAddress
    try await pool.transaction(as: tenant) { tx in
      let now = SystemClock.now()
      try DeliveryStore.save(settled, tx)
      let cases = try DeliverySubject.cases(
        settled.filter { $0.subjectKind == "case" }.map { CaseID($0.subject) }, documentAddress: documentAddress, tx)
      let shipments = try DeliverySubject.shipments(
        settled.filter { $0.subjectKind == "shipment" }.map { ShipmentID($0.subject) },
        documentAddress: documentAddress, tx)
      let subjects = (Array(cases.values) + Array(shipments.values)).filter(\.awaitsDelivery)
      let settlements = try subjects.map { subject in
        (subject, Settlement(try DeliveryStore.of(subject.id, tx).filter { $0.sequence == subject.sequence }))
      }
      try AuditLog.append(try Settlement.apply(settlements, now: now, tx), of: tenant, tx)
    }
  }
}

extension StoredDelivery {
  fileprivate func withoutDestination() -> StoredDelivery {
    var dead = self
    dead.state = .dead
    dead.nextAttemptAt = nil
    dead.lastError = "The destination was disabled or removed."
    return dead
  }
}
