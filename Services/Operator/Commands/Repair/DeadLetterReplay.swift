import AMQP
import Contracts
import Crypto
import Domain
import JSON
import Observability
import Postgres
import Store
import WorkerRuntime

/// Sends parked messages again. The mark that it was replayed and the message itself are committed together, so that
/// neither is without the other.
struct DeadLetterReplay: Sendable {
  let pool: PostgresPool
  let actor: Actor

  /// How long the broker may take; what it does not confirm by then, maintenance sends later.
  private static let patience = Duration.seconds(10)

  func open(of tenant: TenantID?) async throws -> [Int64] {
    try await pool.transaction(readOnly: true) { tx in
      try ParkedMessages.list(tenant: tenant, includeReplayed: false, limit: 10_000, tx).map(\.id).sorted()
    }
  }

  func run(_ ids: [Int64], through publisher: AMQPPublisher) async throws -> (sent: Int, refused: [(Int64, String)]) {
    let dispatch = OutboxDispatch(pool: pool, publisher: publisher, log: .silent)
    var sent = 0
    var refused: [(Int64, String)] = []
    for id in ids {
      switch try await commit(id) {
      case .refused(let reason): refused.append((id, reason))
      case .committed(let row, let tenant):
        let sending = Task { await dispatch.send([row], of: tenant) }
        let deadline = Task {
          try await Task.sleep(for: DeadLetterReplay.patience)
          sending.cancel()
        }
        await sending.value
        deadline.cancel()
        sent += 1
      }
    }
    return (sent, refused)
  }

  private enum Step: Sendable {
    case committed(Outbox.Stored, TenantID)
    case refused(String)
  }

  private func commit(_ id: Int64) async throws -> Step {
    try await pool.transactionWithRetry { tx in
      guard let parked = try ParkedMessages.find(id, tx) else { return .refused("there is none of that number") }
      if parked.replayedAt != nil { return .refused("it was replayed before") }
      if parked.entry.reasonCode == "id-reused" { return .refused("its id belongs to another message") }
      guard let tenant = parked.entry.tenant ?? Topology.tenant(ofSubmission: RoutingKey(parked.entry.routingKey)),
        try AccessStore.tenants(tx)[tenant] != nil
      else { return .refused("it names no tenant that exists") }
      let now = SystemClock.now()
      // While no tenant is entered: a message whose tenant could not be read belongs to none.
      // Somebody else's replay may have been committed since the message was read.
      guard try ParkedMessages.markReplayed(id, by: actor, at: now, tx) else {
        return .refused("somebody else has replayed it meanwhile")
      }
      try tx.enter(tenant)
      if let message = parked.entry.messageID { try Inbox.forget(message, by: parked.entry.stage, tx) }
      let row = try Outbox.append([parked.original], at: now, tx)[0]
      try OperatorAudit.append(
        "message.replayed", about: "parked message \(id)", by: actor,
        ["id": .integer(id), "stage": .string(parked.entry.stage), "reason": .string(parked.entry.reasonCode)],
        of: tenant, tx)
      return .committed(row, tenant)
    }
  }
}

extension ParkedMessages.Stored {
  /// As it was before it was tried: without count of attempts, rung, or what the broker noted on its way.
  fileprivate var original: Outbox.Message {
    var headers = entry.headers
    for key in headers.keys where key == RetryRung.attemptHeader || key == RetryRung.header || key.hasPrefix("x-") {
      headers[key] = nil
    }
    // One that had no id gets one of its own in our books alone.
    let id = entry.messageID ?? MessageID(UniqueID(digest: entry.digest))
    return Outbox.Message(
      id: id, exchange: entry.exchange, routingKey: entry.routingKey, headers: headers, payload: entry.body)
  }
}
