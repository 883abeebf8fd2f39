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
  static let batchMax = 100
  private static let tenantsAtOnce = 8
  /// Longer than a batch takes even when each of its deliveries waits for its time limit, so that a lease ends only when
  /// its worker has died.
  static let lease = Duration.seconds(300)

  func run() async {
    await Round("deliveries tried again", log).run {
      try await sendDue() == DeliveryRetries.batchMax ? .zero : DeliveryRetries.interval
    }
  }

  /// How many had their turn. Tenants do not wait for one another.
  func sendDue() async throws -> Int {
    let now = SystemClock.now()
    let due = try await pool.transaction(readOnly: true) { tx in
      try DeliveryStore.due(before: now, limit: DeliveryRetries.batchMax, tx)
    }
    return await withTaskGroup(of: Int.self) { group in
      var (started, sent) = (0, 0)
      for (tenant, rows) in Dictionary(grouping: due, by: \.0) {
        if started >= DeliveryRetries.tenantsAtOnce { sent += await group.next() ?? 0 }
        started += 1
        group.addTask { await trySend(rows.map(\.1), of: tenant) }
      }
      return await group.reduce(sent, +)
    }
  }

  private func trySend(_ ids: [UniqueID], of tenant: TenantID) async -> Int {
    do {
      try await send(ids, of: tenant)
      return ids.count
    } catch {
      log.warning(
        "deliveries of a tenant cannot be retried now",
        ["tenant": .string(tenant.slug), "error": .string("\(error)")])
      return 0
    }
  }

  private func send(_ ids: [UniqueID], of tenant: TenantID) async throws {
    let (leased, destinations) = try await lease(ids, of: tenant)
    let items = leased.compactMap { delivery in
      destinations[delivery.destination].map { Carrier.Item(tenant: tenant, delivery: delivery, destination: $0) }
    }
    let outcomes = await carrier.carry(items)
    let now = SystemClock.now()
    let gone = leased.filter { destinations[$0.destination] == nil }.map { $0.withoutDestination() }
    let settled = zip(items, outcomes).map { $0.delivery.after($1, ladder: ladder, now: now) } + gone
    try await pool.transaction(as: tenant) { tx in try settle(settled, of: tenant, now: now, tx) }
    for delivery in settled { deliveries.increment(delivery.state.rawValue) }
  }

  /// What a newer decision has overtaken ends here, before anything older could be sent after it.
  private func lease(_ ids: [UniqueID], of tenant: TenantID) async throws -> ([StoredDelivery], [String: Destination]) {
    let now = SystemClock.now()
    let (superseded, leased, destinations) = try await pool.transaction(as: tenant) { tx in
      let superseded = try DeliveryStore.supersede(ids, dueBefore: now, tx)
      try settle(superseded, of: tenant, now: now, tx)
      let leased = try DeliveryStore.lease(ids, dueBefore: now, until: now.adding(DeliveryRetries.lease), tx)
      return (superseded, leased, try DeliveryStore.destinations(tx))
    }
    for delivery in superseded { deliveries.increment(delivery.state.rawValue) }
    return (leased, Dictionary(uniqueKeysWithValues: destinations.map { ($0.name, $0) }))
  }

  private func settle(
    _ settled: [StoredDelivery], of tenant: TenantID, now: Instant, _ tx: borrowing Transaction
  ) throws {
    guard !settled.isEmpty else { return }
    try DeliveryStore.lock(settled.map(\.subject), tx)
    try DeliveryStore.save(settled, tx)
    let cases = try DeliverySubject.cases(
      settled.filter { $0.subjectKind == "case" }.map { CaseID($0.subject) }, documentAddress: documentAddress, tx)
    let shipments = try DeliverySubject.shipments(
      settled.filter { $0.subjectKind == "shipment" }.map { ShipmentID($0.subject) },
      documentAddress: documentAddress, tx)
    let subjects = (Array(cases.values) + Array(shipments.values)).filter(\.awaitsDelivery)
    let settlements = try subjects.compactMap { subject in
      let current = try DeliveryStore.of(subject.id, tx).filter { $0.sequence == subject.sequence }
      // A newer decision whose message has not come yet: nothing of it was sent, so nothing of it is settled.
      return current.isEmpty ? nil : (subject, Settlement(current))
    }
    let disabled = try Settlement.disableDestinations(settled, of: tenant, now: now, tx)
    try AuditLog.append(disabled + (try Settlement.apply(settlements, now: now, tx)), of: tenant, tx)
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
