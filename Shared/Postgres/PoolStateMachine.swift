/// Who has which connection, who waits, and when to connect again. Pure: it is told what happened and what time it is,
/// and answers what to do.
struct PoolStateMachine {
  typealias ConnectionID = Int
  typealias WaiterID = Int

  enum Action: Equatable, Sendable {
    case lease(ConnectionID, to: WaiterID)
    case open(ConnectionID)
    case close(ConnectionID)
    case fail(WaiterID, Failure)
    /// Call `timeElapsed` at this time. Later wakes replace earlier ones only by being earlier.
    case wake(at: Duration)
    /// The pool is closed and holds nothing any more.
    case drained
  }

  enum Failure: Equatable, Sendable {
    case exhausted, closed, cancelled
    /// The last attempt to connect failed; the pool's shell knows the error.
    case cannotConnect
  }

  private struct Waiter {
    let id: WaiterID
    let deadline: Duration
  }

  private let capacity: Int
  private let waitingMax: Int
  private let acquireTimeout: Duration

  private var waiting: [Waiter] = []
  /// Used as a stack, so that a quiet pool keeps few connections warm.
  private var idle: [ConnectionID] = []
  private var leased: Set<ConnectionID> = []
  private var opening: Set<ConnectionID> = []
  private var closing: Set<ConnectionID> = []
  private var nextConnection: ConnectionID = 0
  private var failuresInRow = 0
  /// No connection is opened before this time.
  private var retryAt: Duration?
  private var isClosed = false

  init(capacity: Int, waitingMax: Int, acquireTimeout: Duration) {
    self.capacity = capacity
    self.waitingMax = waitingMax
    self.acquireTimeout = acquireTimeout
  }

  private var total: Int { idle.count + leased.count + opening.count + closing.count }

  var state: PoolState {
    PoolState(
      open: idle.count + leased.count, idle: idle.count, leased: leased.count, opening: opening.count,
      waiting: waiting.count)
  }
}

// MARK: - Events

extension PoolStateMachine {
  mutating func acquire(_ waiter: WaiterID, now: Duration) -> [Action] {
    if isClosed { return [.fail(waiter, .closed)] }
    if waiting.isEmpty, let connection = idle.popLast() {
      leased.insert(connection)
      return [.lease(connection, to: waiter)]
    }
    guard waiting.count < waitingMax else { return [.fail(waiter, .exhausted)] }
    waiting.append(Waiter(id: waiter, deadline: now + acquireTimeout))
    return openIfNeeded(now: now) + [.wake(at: now + acquireTimeout)]
  }

  mutating func cancel(_ waiter: WaiterID) -> [Action] {
    guard let index = waiting.firstIndex(where: { $0.id == waiter }) else { return [] }
    waiting.remove(at: index)
    return [.fail(waiter, .cancelled)]
  }

  mutating func release(_ connection: ConnectionID, isReusable: Bool, now: Duration) -> [Action] {
    guard leased.remove(connection) != nil else { return [] }
    if isReusable, !isClosed { return serve(connection) }
    closing.insert(connection)
    return [.close(connection)]
  }

  mutating func opened(_ connection: ConnectionID, now: Duration) -> [Action] {
    guard opening.remove(connection) != nil else { return [] }
    failuresInRow = 0
    retryAt = nil
    if isClosed {
      closing.insert(connection)
      return [.close(connection)]
    }
    return serve(connection) + openIfNeeded(now: now)
  }

  /// - Parameters:
  ///   - isPermanent: trying again will not help, so those who wait are told at once.
  ///   - jitter: from 0 to 1, so that many workers do not come back in step.
  mutating func openFailed(
    _ connection: ConnectionID, isPermanent: Bool, jitter: Double, now: Duration
  ) -> [Action] {
    guard opening.remove(connection) != nil else { return [] }
    failuresInRow += 1
    let retryAt = now + Self.backoff(failuresInRow: failuresInRow, jitter: jitter)
    self.retryAt = retryAt
    if isClosed { return drainedIfEmpty() }
    guard isPermanent else { return waiting.isEmpty ? [] : [.wake(at: retryAt)] }
    defer { waiting.removeAll() }
    return waiting.map { .fail($0.id, .cannotConnect) }
  }

  mutating func closed(_ connection: ConnectionID, now: Duration) -> [Action] {
    guard closing.remove(connection) != nil else { return [] }
    return isClosed ? drainedIfEmpty() : openIfNeeded(now: now)
  }

  mutating func timeElapsed(now: Duration) -> [Action] {
    // Deadlines are in the order of arrival, because every waiter waits equally long.
    let expired = waiting.prefix { $0.deadline <= now }
    waiting.removeFirst(expired.count)
    let failure: Failure = failuresInRow > 0 ? .cannotConnect : .exhausted
    var actions = expired.map { Action.fail($0.id, failure) } + openIfNeeded(now: now)
    if let next = waiting.first { actions.append(.wake(at: next.deadline)) }
    return actions
  }

  mutating func close() -> [Action] {
    if isClosed { return drainedIfEmpty() }
    isClosed = true
    var actions = waiting.map { Action.fail($0.id, .closed) } + idle.map { .close($0) }
    waiting.removeAll()
    closing.formUnion(idle)
    idle.removeAll()
    actions += drainedIfEmpty()
    return actions
  }
}

// MARK: - Decisions

extension PoolStateMachine {
  /// 0.1 s doubling to 5 s, minus up to half.
  static func backoff(failuresInRow: Int, jitter: Double) -> Duration {
    let full = min(0.1 * Double(1 << min(failuresInRow - 1, 10)), 5)
    return .seconds(full * (1 - jitter / 2))
  }

  private mutating func serve(_ connection: ConnectionID) -> [Action] {
    if waiting.isEmpty {
      idle.append(connection)
      return []
    }
    leased.insert(connection)
    return [.lease(connection, to: waiting.removeFirst().id)]
  }

  private mutating func openIfNeeded(now: Duration) -> [Action] {
    if isClosed { return [] }
    if let retryAt, now < retryAt { return waiting.isEmpty ? [] : [.wake(at: retryAt)] }
    // After a failure one connection tests the water.
    let openingMax = failuresInRow > 0 ? 1 : capacity
    var actions: [Action] = []
    while opening.count < min(waiting.count, openingMax), total < capacity {
      nextConnection += 1
      opening.insert(nextConnection)
      actions.append(.open(nextConnection))
    }
    return actions
  }

  private func drainedIfEmpty() -> [Action] {
    total == 0 ? [.drained] : []
  }
}
