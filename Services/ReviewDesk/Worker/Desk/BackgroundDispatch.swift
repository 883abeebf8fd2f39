import Domain
import Store
import Synchronization
import WorkerRuntime

/// Sends what a decision committed, after it was answered: a broker that is away keeps no person waiting.
final class BackgroundDispatch: Sendable {
  /// More than this is not held in memory while the broker is away; maintenance sends it later.
  private static let sendingMax = 1000

  private struct State {
    var sending: [Int: Task<Void, Never>] = [:]
    var nextID = 0
  }

  private let dispatch: OutboxDispatch
  private let state = Mutex(State())

  init(_ dispatch: OutboxDispatch) { self.dispatch = dispatch }

  func send(_ rows: [Outbox.Stored], of tenant: TenantID) {
    guard !rows.isEmpty else { return }
    state.withLock { state in
      guard state.sending.count < BackgroundDispatch.sendingMax else { return }
      let id = state.nextID
      state.nextID += 1
      state.sending[id] = Task { [self] in
        await dispatch.send(rows, of: tenant)
        forget(id)
      }
    }
  }

  private func forget(_ id: Int) { state.withLock { $0.sending[id] = nil } }

  /// Waits for what is being sent. What is not confirmed in time stays in the outbox.
  func finish(within patience: Duration) async {
    let sending = state.withLock { Array($0.sending.values) }
    let deadline = Task {
      try await Task.sleep(for: patience)
      for task in sending { task.cancel() }
    }
    for task in sending { await task.value }
    deadline.cancel()
  }
}
