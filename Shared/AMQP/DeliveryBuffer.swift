import Synchronization

/// Deliveries between the I/O thread, which appends, and the tasks that take batches. Bounded by the prefetch counts.
final class DeliveryBuffer: Sendable {
  typealias Batch = [Delivery]

  private struct Waiter {
    let id: UInt64
    let max: Int
    let continuation: CheckedContinuation<Batch?, Never>
  }

  private struct State {
    var queues: [FIFO<Delivery>]
    var nextQueue = 0
    var count = 0
    var waiters: [Waiter] = []
    var nextWaiterID: UInt64 = 0
    var isEnded = false

    /// Takes from the queues in turn, one each, so that a long queue does not starve a short one.
    mutating func take(max: Int) -> Batch {
      var batch: Batch = []
      batch.reserveCapacity(min(max, count))
      while batch.count < max, count > 0 {
        if let delivery = queues[nextQueue].popFirst() {
          batch.append(delivery)
          count -= 1
        }
        nextQueue = (nextQueue + 1) % queues.count
      }
      return batch
    }

    /// The waiters that can go now, each with its batch.
    mutating func servable() -> [(Waiter, Batch?)] {
      var served: [(Waiter, Batch?)] = []
      while let waiter = waiters.first, count > 0 || isEnded {
        served.append((waiter, count > 0 ? take(max: waiter.max) : nil))
        waiters.removeFirst()
      }
      return served
    }
  }

  private let state: Mutex<State>

  init(queueCount: Int) {
    state = Mutex(State(queues: Array(repeating: FIFO(), count: queueCount)))
  }

  /// I/O thread. Resuming a waiter only schedules its task; no handler runs here.
  func append(_ deliveries: [(queueIndex: Int, delivery: Delivery)]) {
    change { state in
      for (index, delivery) in deliveries { state.queues[index].append(delivery) }
      state.count += deliveries.count
    }
  }

  /// The connection is gone, and the broker delivers again what was not settled.
  func discard() {
    state.withLock { state in
      for index in state.queues.indices { state.queues[index].removeAll() }
      state.count = 0
    }
  }

  /// Nothing more comes: what is buffered can still be taken, then `nil` follows.
  func end() { change { $0.isEnded = true } }

  /// Any task. Nil when ended and empty, or when the task is cancelled.
  func next(max: Int) async -> Batch? {
    let id = state.withLock { state in
      state.nextWaiterID += 1
      return state.nextWaiterID
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { wait(Waiter(id: id, max: Swift.max(max, 1), continuation: $0)) }
    } onCancel: {
      cancel(id)
    }
  }

  private func wait(_ waiter: Waiter) {
    // A cancellation that came before this point found no waiter; the flag is read under the lock, so that it is
    // either seen here or finds the waiter.
    let refused = state.withLock { state in
      if Task.isCancelled { return true }
      state.waiters.append(waiter)
      return false
    }
    if refused { waiter.continuation.resume(returning: nil) } else { change { _ in } }
  }

  private func cancel(_ id: UInt64) {
    let cancelled = state.withLock { state in
      state.waiters.firstIndex { $0.id == id }.map { state.waiters.remove(at: $0) }
    }
    cancelled?.continuation.resume(returning: nil)
  }

  private func change(_ body: (inout State) -> Void) {
    let served = state.withLock { state in
      body(&state)
      return state.servable()
    }
    for (waiter, batch) in served { waiter.continuation.resume(returning: batch) }
  }
}
