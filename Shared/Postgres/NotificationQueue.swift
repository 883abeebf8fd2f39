import Synchronization

/// Pending events between the listener's thread and its consumer: bounded, and each event at most once.
final class NotificationQueue: Sendable {
  typealias Event = PostgresListener.Event

  private struct State {
    var pending: [Event] = []
    var members: Set<Event> = []
    var waiter: CheckedContinuation<Event?, Never>?
    var isFinished = false
  }

  private let pendingMax: Int
  private let guarded = Mutex(State())

  init(pendingMax: Int) {
    self.pendingMax = pendingMax
  }

  func push(_ event: Event) {
    let waiter = guarded.withLock { state -> CheckedContinuation<Event?, Never>? in
      if state.isFinished { return nil }
      if let waiter = state.waiter.take() { return waiter }
      guard state.members.insert(event).inserted else { return nil }
      state.pending.append(event)
      // One look at everything replaces more hints than anyone reads.
      if state.pending.count > pendingMax {
        state.pending = [.reconnected]
        state.members = [.reconnected]
      }
      return nil
    }
    waiter?.resume(returning: event)
  }

  /// Nil after `finish`, and if the waiting task is cancelled.
  func next() async -> Event? {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let (answer, displaced) = guarded.withLock { state in take(for: continuation, &state) }
        displaced?.resume(returning: nil)
        if let answer { continuation.resume(returning: answer.event) }
        // A cancellation before this point found nobody waiting.
        if Task.isCancelled { abandonWait() }
      }
    } onCancel: {
      abandonWait()
    }
  }

  func finish() {
    guarded.withLock { $0.isFinished = true }
    abandonWait()
  }

  private struct Answer { var event: Event? }

  private func take(
    for continuation: CheckedContinuation<Event?, Never>, _ state: inout State
  ) -> (Answer?, displaced: CheckedContinuation<Event?, Never>?) {
    if state.isFinished { return (Answer(event: nil), nil) }
    if !state.pending.isEmpty {
      let event = state.pending.removeFirst()
      state.members.remove(event)
      return (Answer(event: event), nil)
    }
    let displaced = state.waiter
    state.waiter = continuation
    return (nil, displaced)
  }

  private func abandonWait() {
    let waiter = guarded.withLock { $0.waiter.take() }
    waiter?.resume(returning: nil)
  }
}
