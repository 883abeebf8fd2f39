/// When to connect, and what to show of it. It knows neither sockets nor threads nor clocks.
struct ConnectionStateMachine<Random: RandomNumberGenerator> {
  typealias Instant = ContinuousClock.Instant

  private enum Phase {
    case idle
    case waiting(until: Instant)
    case open(since: Instant)
  }

  /// A connection that lived this long was good: the next failure begins the back-off afresh. A shorter life, as of
  /// one that always fails on a missing queue, goes on with it.
  static var stableAfter: Duration { .seconds(5) }

  private var phase = Phase.idle
  private var backOff: BackOff
  private var random: Random
  private var blockedReason: String?
  private var lastError: AMQPError?
  /// Counts the connections that opened; deliveries and settlements of earlier ones are stale.
  private(set) var epoch: UInt64 = 0

  init(backOff: BackOff = BackOff(), random: Random) {
    self.backOff = backOff
    self.random = random
  }

  var isOpen: Bool { if case .open = phase { true } else { false } }
  var isBlocked: Bool { blockedReason != nil }
  var isIdle: Bool { if case .idle = phase { true } else { false } }

  /// When to try to connect; nil while open or idle.
  var nextAttempt: Instant? { if case .waiting(let until) = phase { until } else { nil } }

  var shown: ConnectionState {
    switch phase {
    case .idle: .closed
    case .waiting: lastError.map(ConnectionState.failed) ?? .connecting
    case .open: blockedReason.map { .blocked(reason: $0) } ?? .open
    }
  }

  mutating func start(now: Instant) {
    guard case .idle = phase else { return }
    phase = .waiting(until: now)
  }

  mutating func opened(now: Instant) {
    guard case .waiting = phase else { return }
    phase = .open(since: now)
    epoch += 1
    lastError = nil
    blockedReason = nil
  }

  /// An attempt or a connection failed. A late failure of a connection that was stopped changes nothing.
  mutating func failed(_ error: AMQPError, now: Instant) {
    if case .idle = phase { return }
    if case .open(let since) = phase, since.duration(to: now) >= Self.stableAfter { backOff.reset() }
    lastError = error
    blockedReason = nil
    phase = .waiting(until: now + backOff.next(using: &random))
  }

  mutating func blocked(reason: String) { if isOpen { blockedReason = reason } }
  mutating func unblocked() { blockedReason = nil }

  /// Paused or closed by this side: no attempt follows until `start`.
  mutating func stop() {
    phase = .idle
    lastError = nil
    blockedReason = nil
    backOff.reset()
  }
}
