import Synchronization

/// Lends connections to transactions. Connections are opened on demand, and kept.
public final class PostgresPool: Sendable {
  public enum Isolation: String, Sendable {
    case readCommitted = "READ COMMITTED"
    case repeatableRead = "REPEATABLE READ"
    case serializable = "SERIALIZABLE"
  }

  private struct Lease {
    let id: PoolStateMachine.ConnectionID
    let connection: PostgresConnection
  }

  private struct State {
    var machine: PoolStateMachine
    var connections: [PoolStateMachine.ConnectionID: PostgresConnection] = [:]
    var waiters: [PoolStateMachine.WaiterID: CheckedContinuation<Lease, any Error>] = [:]
    var closers: [CheckedContinuation<Void, Never>] = []
    var lastConnectError: PostgresError?
    var nextWaiter = 0
    var wakeAt: Duration?
  }

  private let configuration: PostgresConfiguration
  private let origin = ContinuousClock.now
  private let guarded: Mutex<State>

  public init(_ configuration: PostgresConfiguration) {
    self.configuration = configuration
    let machine = PoolStateMachine(
      capacity: configuration.poolSize, waitingMax: configuration.waitingMax,
      acquireTimeout: configuration.acquireTimeout)
    guarded = Mutex(State(machine: machine))
  }

  /// BEGIN … COMMIT, with everything that `body` did, or with nothing if it throws.
  ///
  /// The body runs on the connection's own thread and is synchronous, so no transaction can be held across an `await`.
  /// A cancelled task gets `CancellationError` instead of a connection; but a body that has started runs to its end. It
  /// is never run twice. If the connection breaks during COMMIT the error is `.commitOutcomeUnknown`.
  @discardableResult
  public func transaction<R: Sendable>(
    isolation: Isolation = .readCommitted, readOnly: Bool = false,
    _ body: @Sendable (borrowing Transaction) throws -> R
  ) async throws -> R {
    let begin = "BEGIN ISOLATION LEVEL \(isolation.rawValue)\(readOnly ? " READ ONLY" : "")"
    return try await withConnection { await $0.transaction(begin: begin, body) }
  }

  /// Repeats a transaction that lost a race (40001, 40P01): at most `attempts` runs in all, with random pauses between.
  @discardableResult
  public func transactionWithRetry<R: Sendable>(
    isolation: Isolation = .readCommitted, readOnly: Bool = false, attempts: Int = 4,
    _ body: @Sendable (borrowing Transaction) throws -> R
  ) async throws -> R {
    for attempt in 1..<max(attempts, 1) {
      do {
        return try await transaction(isolation: isolation, readOnly: readOnly, body)
      } catch let error as PostgresError where error.isRetriable {
        let ceilingMicroseconds = 10_000 << min(attempt - 1, 6)
        try await Task.sleep(for: .microseconds(Int.random(in: 0...ceilingMicroseconds)))
      }
    }
    return try await transaction(isolation: isolation, readOnly: readOnly, body)
  }

  /// Statements that refuse to run in a transaction: CREATE DATABASE, CREATE INDEX CONCURRENTLY, VACUUM.
  public func executeScriptOutsideTransaction(_ sql: String) async throws {
    try await withConnection { await $0.executeScript(sql) }
  }

  public func isHealthy() async -> Bool {
    let answer = try? await transaction(readOnly: true) { tx in try tx.query("SELECT 1").decode(row: 0, as: Int.self) }
    return answer == 1
  }

  /// Refuses new work at once, lets running transactions end, then returns.
  public func close() async {
    await withCheckedContinuation { continuation in
      change { state in
        state.closers.append(continuation)
        return state.machine.close()
      }
    }
  }

  public var state: PoolState { guarded.withLock { $0.machine.state } }
}

// MARK: - Leasing

extension PostgresPool {
  private func withConnection<R: Sendable>(
    _ use: (PostgresConnection) async -> PostgresConnection.Outcome<R>?
  ) async throws -> R {
    while true {
      let lease = try await acquire()
      let outcome = await use(lease.connection)
      change { $0.machine.release(lease.id, isReusable: outcome?.isReusable ?? false, now: now) }
      // Nil: the connection had died in the pool. Each turn discards one, so this ends.
      if let outcome { return try outcome.result.get() }
    }
  }

  private func acquire() async throws -> Lease {
    try Task.checkCancellation()
    let waiter = guarded.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        change { state in
          state.waiters[waiter] = continuation
          return state.machine.acquire(waiter, now: now)
        }
        // A cancellation before this point found nobody waiting.
        if Task.isCancelled { cancel(waiter) }
      }
    } onCancel: {
      cancel(waiter)
    }
  }

  private func cancel(_ waiter: PoolStateMachine.WaiterID) {
    change { $0.machine.cancel(waiter) }
  }

  private var now: Duration { ContinuousClock.now - origin }
}

// MARK: - Carrying out the machine's actions

extension PostgresPool {
  /// What remains to be done once the lock is free.
  private enum Effect {
    case resume(CheckedContinuation<Lease, any Error>, Result<Lease, any Error>)
    case open(PoolStateMachine.ConnectionID, PostgresConnection)
    case close(PoolStateMachine.ConnectionID, PostgresConnection)
    case wake(at: Duration)
    case drained([CheckedContinuation<Void, Never>])
  }

  private func change(_ event: (inout State) -> [PoolStateMachine.Action]) {
    let effects = guarded.withLock { state in event(&state).compactMap { effect(of: $0, &state) } }
    for effect in effects { carryOut(effect) }
  }

  private func effect(of action: PoolStateMachine.Action, _ state: inout State) -> Effect? {
    switch action {
    case .lease(let id, let waiter):
      guard let connection = state.connections[id], let continuation = state.waiters.removeValue(forKey: waiter) else {
        return nil
      }
      return .resume(continuation, .success(Lease(id: id, connection: connection)))
    case .fail(let waiter, let failure):
      guard let continuation = state.waiters.removeValue(forKey: waiter) else { return nil }
      return .resume(continuation, .failure(error(of: failure, state)))
    case .open(let id):
      let connection = PostgresConnection(configuration)
      state.connections[id] = connection
      return .open(id, connection)
    case .close(let id):
      return state.connections.removeValue(forKey: id).map { .close(id, $0) }
    case .wake(let time):
      if let earlier = state.wakeAt, earlier <= time { return nil }
      state.wakeAt = time
      return .wake(at: time)
    case .drained:
      defer { state.closers.removeAll() }
      return .drained(state.closers)
    }
  }

  private func carryOut(_ effect: Effect) {
    switch effect {
    case .resume(let continuation, let result): continuation.resume(with: result)
    case .open(let id, let connection): Task.detached { await self.open(id, connection) }
    case .close(let id, let connection):
      Task.detached {
        await connection.close()
        self.change { $0.machine.closed(id, now: self.now) }
      }
    case .wake(let time): Task.detached { await self.wake(at: time) }
    case .drained(let closers): for closer in closers { closer.resume() }
    }
  }

  private func open(_ id: PoolStateMachine.ConnectionID, _ connection: PostgresConnection) async {
    do throws(PostgresError) {
      try await connection.open()
      change { $0.machine.opened(id, now: now) }
    } catch {
      change { state in
        state.connections[id] = nil
        state.lastConnectError = error
        return state.machine.openFailed(
          id, isPermanent: error.forbidsReconnecting, jitter: .random(in: 0...1), now: now)
      }
    }
  }

  private func wake(at time: Duration) async {
    try? await Task.sleep(until: origin + time, clock: .continuous)
    change { state in
      // An earlier wake may have been set meanwhile; it has its own task.
      if state.wakeAt == time { state.wakeAt = nil }
      return state.machine.timeElapsed(now: now)
    }
  }

  private func error(of failure: PoolStateMachine.Failure, _ state: State) -> any Error {
    switch failure {
    case .cancelled: CancellationError()
    case .closed: PostgresError(kind: .poolClosed, explanation: "the pool is closed")
    case .exhausted:
      PostgresError(
        kind: .poolExhausted,
        explanation: "all \(configuration.poolSize) connections busy, \(state.machine.state.waiting) callers waiting")
    case .cannotConnect:
      state.lastConnectError ?? PostgresError(kind: .connectionLost, explanation: "cannot connect")
    }
  }
}
