import AMQP
import Contracts
import Crypto
import Domain
import JSON
import Observability
import Postgres
import Store

/// Runs a stage: batch → load → decide → one transaction → publish → acknowledge. Whatever happens in between, the
/// deliveries are unacknowledged until their effects are committed and sent, so that they come again. Batches are
/// committed one after another and published one after another; while one is published, the next is committed.
public struct StageRunner<Handler: StageHandler>: Sendable {
  private let handler: Handler
  private let pool: PostgresPool
  private let consumer: AMQPConsumer
  private let outbox: OutboxPublisher
  private let eraser: OutboxEraser
  private let metrics: StageMetrics
  private let log: Log
  private let batchMax: Int

  public init(
    handler: Handler, pool: PostgresPool, consumer: AMQPConsumer, publisher: AMQPPublisher, metrics: StageMetrics,
    log: Log, batchMax: Int
  ) {
    self.handler = handler
    self.pool = pool
    self.consumer = consumer
    outbox = OutboxPublisher(publisher: publisher, log: log)
    eraser = OutboxEraser(pool: pool, log: log)
    self.metrics = metrics
    self.log = log
    self.batchMax = batchMax
  }

  /// Returns when the consumer has been cancelled and what it had delivered is done.
  public func run() async {
    await withTaskGroup(of: Void.self) { sending in
      while let deliveries = await consumer.nextBatch(max: batchMax) {
        let start = ContinuousClock.now
        let batch = Batch(deliveries.map(read))
        let committed = await commitPatiently(batch)
        await sending.next()
        consumer.reject(committed.rejected)
        // Shutting down: another worker gets them.
        consumer.requeue(committed.givenBack)
        sending.addTask {
          await send(committed, of: batch)
          metrics.batchEnded(of: deliveries.count, since: start)
        }
      }
    }
  }

  private func send(_ committed: Committed, of batch: Batch) async {
    FaultPoint.reach(.beforePublish)
    let confirmed = await outbox.publish(committed.outbox)
    guard committed.outbox.count == confirmed.count || !Task.isCancelled else { return }
    FaultPoint.reach(.beforeAck)
    consumer.acknowledge(committed.settled)
    metrics.count(committed.outcomes)
    await eraser.erase(confirmed, of: Set(batch.readable.map(\.tenant)))
  }

  private func read(_ delivery: Delivery) -> Batch.Item {
    do throws(Poison) {
      return .message(try handler.decode(delivery))
    } catch {
      return .poison(delivery, error)
    }
  }

  // MARK: Patience

  private func commitPatiently(_ untried: Batch) async -> Committed {
    var batch = untried
    do {
      return try await outlastStalls(&batch) ?? Committed(givenBack: batch.deliveries)
    } catch {
      return await batch.items.count > 1 ? commitSingly(batch, because: error) : putAside(batch, error)
    }
  }

  /// One message of the batch breaks the transaction: each is tried by itself, so that only that one fails.
  private func commitSingly(_ batch: Batch, because error: any Error) async -> Committed {
    log.warning("batch failed, trying its messages singly", ["error": .string("\(error)")])
    var all = Committed()
    for item in batch.items { all.merge(await commitPatiently(Batch([item], verdicts: batch.verdicts))) }
    return all
  }

  /// The message itself fails: it is tried later, and parked when its attempts are spent. Where not even that can be
  /// stored, the broker puts it aside; giving it back would bring it again at once, and spend the innocents' deliveries.
  private func putAside(_ batch: Batch, _ error: any Error) async -> Committed {
    log.error("message failed", ["error": .string("\(error)")])
    var fault = batch
    fault.fault = "\(error)"
    do {
      return try await outlastStalls(&fault) ?? Committed(givenBack: batch.deliveries)
    } catch {
      log.critical("a failing message cannot be put aside, the broker parks it", ["error": .string("\(error)")])
      return Committed(rejected: batch.deliveries)
    }
  }

  /// Tries until the database answers. A database or broker that is away costs no attempt of any message, nor does a
  /// lock that another holds.
  /// - Returns: nil when shutting down.
  private func outlastStalls(_ batch: inout Batch) async throws -> Committed? {
    var pause = Duration.milliseconds(50)
    var timeouts = 0
    while !Task.isCancelled {
      do {
        return try await commit(&batch)
      } catch let error as PostgresError where error.isStall(afterTimeouts: timeouts) {
        if error.kind == .cancelled { timeouts += 1 }
        metrics.stalled(stage: handler.stage)
        log.warning(
          "stalled by the database", ["error": .string(error.description), "messages": .integer(batch.items.count)])
        try? await Task.sleep(for: pause)
        pause = min(pause * 2, .seconds(5))
      } catch {
        if Task.isCancelled { return nil }
        throw error
      }
    }
    return nil
  }

  // MARK: One batch

  private func commit(_ batch: inout Batch) async throws -> Committed {
    let now = SystemClock.now()
    if !handler.decidesOnce { batch.verdicts = [:] }
    if batch.fault == nil { try await decide(&batch, now: now) }
    FaultPoint.reach(.beforeCommit)
    let committed = try await pool.transaction { [batch] tx in
      var committed = Committed(settled: batch.deliveries)
      for (delivery, poison) in batch.poisoned {
        try park(delivery, poison, message: nil, now: now, tx)
        committed.note(.parked, delivery)
      }
      for group in batch.groupsByTenant {
        committed.merge(try store(group, group.messages.map(batch.verdict), now: now, tx))
      }
      return committed
    }
    FaultPoint.reach(.afterCommit)
    return committed
  }

  private func decide(_ batch: inout Batch, now: Instant) async throws {
    let groups = batch.undecided
    guard !groups.isEmpty else { return }
    let loaded = try await pool.transaction(readOnly: true) { tx in
      try handler.refresh(tx)
      return try groups.map { group in
        try tx.enter(group.tenant)
        return try handler.load(group.messages, tx)
      }
    }
    for (group, loaded) in zip(groups, loaded) {
      precondition(loaded.count == group.messages.count, "load answers every message")
      let verdicts = await handler.decide(Array(zip(group.messages, loaded)), now: now)
      for (message, verdict) in zip(group.messages, verdicts) { batch.verdicts[message.key] = verdict }
    }
  }

  private func store(
    _ group: Batch.TenantGroup, _ verdicts: [Verdict<Handler.Effect>], now: Instant, _ tx: borrowing Transaction
  ) throws -> Committed {
    try tx.enter(group.tenant)
    var committed = Committed()
    var retries: [Outbox.Message] = []
    var settled: [(StageMessage, Verdict<Handler.Effect>)] = []
    for (message, verdict) in zip(group.messages, verdicts) {
      if case .retry(let reason) = verdict {
        if let rung = RetryRung.after(attempt: message.attempt) {
          retries.append(Outbox.Message(retrying: message, on: rung, at: now))
          committed.note(.retried, message.delivery)
          continue
        }
        settled.append((message, .park(Poison("attempts-spent", reason))))
      } else {
        settled.append((message, verdict))
      }
    }
    let fresh = try receive(settled.map(\.0), now: now, tx)
    var effects: [(StageMessage, Handler.Effect)] = []
    var seen: Set<MessageID> = []
    for (message, verdict) in settled {
      // The same id twice in one batch is handled once.
      guard fresh.contains(message.id), seen.insert(message.id).inserted else {
        committed.note(.repeated, message.delivery)
        continue
      }
      switch verdict {
      case .done(let effect):
        effects.append((message, effect))
        committed.note(.done, message.delivery)
      case .ignore: committed.note(.ignored, message.delivery)
      case .park(let poison):
        try park(message.delivery, poison, message: message, now: now, tx)
        committed.note(.parked, message.delivery)
      case .retry: preconditionFailure("retries were taken out above")
      }
    }
    let stored = effects.isEmpty ? StoredEffects() : try handler.store(effects, now: now, tx)
    try AuditLog.append(stored.audit, of: group.tenant, tx)
    committed.outbox = try Outbox.append(stored.messages + retries, at: now, tx)
    return committed
  }

  private func receive(_ messages: [StageMessage], now: Instant, _ tx: borrowing Transaction) throws -> Set<MessageID> {
    let entries = messages.map(\.inboxEntry)
    let fresh = try Inbox.receive(entries, by: handler.stage.rawValue, at: now, tx)
    guard fresh.count < messages.count else { return fresh }
    let contradicted = try Inbox.contradicted(entries, by: handler.stage.rawValue, tx)
    for message in messages where contradicted.contains(message.inboxEntry) {
      let poison = Poison("id-reused", "A message with this id and another body was handled before.")
      try park(message.delivery, poison, message: message, now: now, tx)
    }
    return fresh
  }

  private func park(
    _ delivery: Delivery, _ poison: Poison, message: StageMessage?, now: Instant, _ tx: borrowing Transaction
  ) throws {
    log.error(
      "message parked",
      ["reason": .string(poison.code), "queue": .string(delivery.queue), "routing_key": .string(delivery.routingKey)])
    let attempts = StageMessage.attempt(of: delivery, publishedTo: delivery.exchange)
    try ParkedMessages.park(
      ParkedMessages.Entry(
        tenant: message?.tenant, stage: handler.stage.rawValue, messageID: message?.id, caseID: message?.caseID,
        reasonCode: poison.code, reason: poison.reason, attempts: attempts,
        exchange: delivery.exchange, routingKey: delivery.routingKey, headers: delivery.carriedHeaders,
        body: delivery.body, digest: SHA256.hash(delivery.body).bytes),
      at: now, tx)
  }
}

extension PostgresError {
  private static let timeoutsMax = 3

  /// Not the fault of the messages. A statement that takes too long may be: it is given up after some tries.
  fileprivate func isStall(afterTimeouts timeouts: Int) -> Bool {
    switch kind {
    case .lockNotAvailable: true
    case .cancelled: timeouts < PostgresError.timeoutsMax
    default: isInfrastructure || isRetriable
    }
  }
}

extension StageMessage {
  fileprivate struct Key: Hashable {
    var tenant: TenantID
    var id: MessageID
  }

  fileprivate var key: Key { Key(tenant: tenant, id: id) }

  fileprivate var inboxEntry: Inbox.Entry { Inbox.Entry(id: id, digest: digest) }
}

// MARK: - Batch

extension StageRunner {
  /// What was read from one batch of deliveries.
  fileprivate struct Batch: Sendable {
    enum Item: Sendable {
      case message(StageMessage)
      case poison(Delivery, Poison)
    }

    struct TenantGroup: Sendable {
      var tenant: TenantID
      var messages: [StageMessage]
    }

    var items: [Item]
    var verdicts: [StageMessage.Key: Verdict<Handler.Effect>]
    /// Why the only message failed before, when it is put aside.
    var fault: String?

    init(_ items: [Item], verdicts: [StageMessage.Key: Verdict<Handler.Effect>] = [:]) {
      self.items = items
      self.verdicts = verdicts
    }

    /// The same id twice in one batch is decided once.
    var undecided: [TenantGroup] {
      groupsByTenant.compactMap { group in
        var seen = Set(verdicts.keys)
        let messages = group.messages.filter { seen.insert($0.key).inserted }
        return messages.isEmpty ? nil : TenantGroup(tenant: group.tenant, messages: messages)
      }
    }

    func verdict(_ message: StageMessage) -> Verdict<Handler.Effect> {
      fault.map { .retry($0) } ?? verdicts[message.key] ?? .retry("it was not decided")
    }

    var deliveries: [Delivery] {
      items.map { item in
        switch item {
        case .message(let message): message.delivery
        case .poison(let delivery, _): delivery
        }
      }
    }

    var readable: [StageMessage] {
      items.compactMap { item in
        guard case .message(let message) = item else { return nil }
        return message
      }
    }

    var poisoned: [(Delivery, Poison)] {
      items.compactMap { item in
        guard case .poison(let delivery, let poison) = item else { return nil }
        return (delivery, poison)
      }
    }

    /// Sorted by tenant, so that batches take locks in the same order; within a tenant in the order of arrival.
    var groupsByTenant: [TenantGroup] {
      Dictionary(grouping: readable, by: \.tenant).sorted { $0.key < $1.key }
        .map { TenantGroup(tenant: $0.key, messages: $0.value) }
    }
  }
}

/// What transactions left to be sent, and what became of each message.
private struct Committed: Sendable {
  var outbox: [Outbox.Stored] = []
  var outcomes: [(StageMetrics.Outcome, queue: String)] = []
  var settled: [Delivery] = []
  var rejected: [Delivery] = []
  var givenBack: [Delivery] = []

  mutating func note(_ outcome: StageMetrics.Outcome, _ delivery: Delivery) {
    outcomes.append((outcome, queue: delivery.queue))
  }

  mutating func merge(_ other: Committed) {
    outbox += other.outbox
    outcomes += other.outcomes
    settled += other.settled
    rejected += other.rejected
    givenBack += other.givenBack
  }
}
