import Domain
import Observability
import Store
import Synchronization

/// Sends what requests committed, after they were answered: a broker that is away delays no answer.
public final class BackgroundDispatch: Sendable {
  private struct State {
    var sending: [Int: Task<Void, Never>] = [:]
    var messages = 0
    var nextID = 0
  }

  private let dispatch: OutboxDispatch
  private let log: Log
  private let messagesMax: Int
  private let state = Mutex(State())

  /// - Parameter messagesMax: more is not held in memory while the broker is away; maintenance sends it later.
  public init(_ dispatch: OutboxDispatch, log: Log, messagesMax: Int = 20_000) {
    self.dispatch = dispatch
    self.log = log
    self.messagesMax = messagesMax
  }

  public var messageCount: Int { state.withLock { $0.messages } }

  public func send(_ rows: [Outbox.Stored], of tenant: TenantID) {
    guard !rows.isEmpty else { return }
    let isTaken = state.withLock { state in
      guard state.messages + rows.count <= messagesMax else { return false }
      state.messages += rows.count
      let id = state.nextID
      state.nextID += 1
      state.sending[id] = Task { await self.send(rows, of: tenant, id) }
      return true
    }
    if !isTaken { log.warning("messages are left to maintenance", ["count": .integer(rows.count)]) }
  }

  private func send(_ rows: [Outbox.Stored], of tenant: TenantID, _ id: Int) async {
    await dispatch.send(rows, of: tenant)
    state.withLock { state in
      state.sending[id] = nil
      state.messages -= rows.count
    }
  }

  /// Waits for what is being sent. What is not confirmed in time stays in the outbox.
  public func finish(within patience: Duration) async {
    let sending = state.withLock { Array($0.sending.values) }
    let deadline = Task {
      try await Task.sleep(for: patience)
      for task in sending { task.cancel() }
    }
    for task in sending { await task.value }
    deadline.cancel()
  }
}
