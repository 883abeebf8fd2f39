import Dispatch
import Synchronization

/// Holds a thread at a point until the test lets it on. The thread is a connection's own, which may block.
final class Gate: Sendable {
  private let opening = DispatchSemaphore(value: 0)
  private let waiter = Mutex<(hasArrived: Bool, continuation: CheckedContinuation<Void, Never>?)>((false, nil))

  func arriveAndWait() {
    let continuation = waiter.withLock { state in
      state.hasArrived = true
      defer { state.continuation = nil }
      return state.continuation
    }
    continuation?.resume()
    opening.wait()
  }

  func arrived() async {
    await withCheckedContinuation { continuation in
      let isThere = waiter.withLock { state in
        if !state.hasArrived { state.continuation = continuation }
        return state.hasArrived
      }
      if isThere { continuation.resume() }
    }
  }

  func open() { opening.signal() }
}
