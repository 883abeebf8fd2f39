import Domain

/// Whether it is worth asking somebody who has not answered lately. After a few failures in a row nobody is asked for a
/// while; then one is, and its answer decides for the others.
public struct CircuitBreaker: Hashable, Sendable {
  private enum State: Hashable {
    case closed(failures: Int)
    case open(until: Instant)
    case trying
  }

  private var state = State.closed(failures: 0)
  private let failuresMax: Int
  private let pause: Duration

  public init(failuresMax: Int = 3, pause: Duration = .seconds(60)) {
    self.failuresMax = failuresMax
    self.pause = pause
  }

  public var isOpen: Bool {
    if case .closed = state { return false }
    return true
  }

  /// Whoever is let through must tell what came of it.
  public mutating func lets(_ now: Instant) -> Bool {
    switch state {
    case .closed: return true
    case .trying: return false
    case .open(let until):
      guard now >= until else { return false }
      state = .trying
      return true
    }
  }

  public mutating func succeeded() { state = .closed(failures: 0) }

  public mutating func failed(at now: Instant) {
    switch state {
    case .closed(let failures) where failures + 1 < failuresMax: state = .closed(failures: failures + 1)
    case .open: return
    default: state = .open(until: now.adding(pause))
    }
  }
}
