import Glibc
import IOThread
import Synchronization

/// Shuts a socket down when the C library is stuck in a send on it.
///
/// librabbitmq waits without limit until the kernel takes its bytes, and no socket option ends that. The I/O thread
/// arms the watchdog around its turn; the watchdog's own thread calls `shutdown` when the turn takes too long, upon
/// which the send fails and the connection is dropped. It sleeps without a deadline once the connection is idle, so
/// arming costs a lock and, after idleness, one wake-up.
final class SendWatchdog: Sendable {
  private enum Command: Sendable { case wake, stop }

  private let loop = PollLoop<Command>(name: "amqp-watchdog")
  private let guardedTurn: GuardedTurn

  init(patience: Duration) {
    let guardedTurn = GuardedTurn(patience: patience)
    self.guardedTurn = guardedTurn
    loop.start { Service(guardedTurn: guardedTurn) }
  }

  deinit { _ = loop.submit(.stop) }

  /// Runs the body, which may block in a send on the descriptor, for no longer than the patience. I/O thread only.
  func guarding<Result>(_ fd: Int32, _ body: () -> Result) -> Result {
    if guardedTurn.arm(fd) { _ = loop.submit(.wake) }
    defer { guardedTurn.disarm() }
    return body()
  }

  private struct Service: PollLoopService {
    let guardedTurn: GuardedTurn
    var isStopped = false

    mutating func handle(_ commands: [Command]) {
      if commands.contains(.stop) { isStopped = true }
    }

    mutating func turn() -> PollLoopWait {
      isStopped ? .finished : .until(deadline: guardedTurn.check(now: .now), fd: -1, writable: false)
    }

    mutating func refuse(_ commands: [Command]) {}
  }
}

/// What the I/O thread and its watchdog share.
private final class GuardedTurn: Sendable {
  private struct State {
    var armed: (fd: Int32, deadline: ContinuousClock.Instant)?
    var wasArmedSinceCheck = false
    var isWatchdogAsleep = true
  }

  private let state = Mutex(State())
  private let patience: Duration

  init(patience: Duration) { self.patience = patience }

  /// True when the watchdog sleeps without a deadline and must be woken.
  func arm(_ fd: Int32) -> Bool {
    let deadline = ContinuousClock.now + patience
    return state.withLock { state in
      state.armed = (fd, deadline)
      state.wasArmedSinceCheck = true
      defer { state.isWatchdogAsleep = false }
      return state.isWatchdogAsleep
    }
  }

  func disarm() { state.withLock { $0.armed = nil } }

  /// Ends a turn that is overdue, and says when to look again. The lock is held across `shutdown`, so that the
  /// descriptor cannot be closed and given to another file meanwhile.
  func check(now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
    state.withLock { state in
      if let armed = state.armed {
        if armed.deadline > now { return armed.deadline }
        shutdown(armed.fd, Int32(SHUT_RDWR))
        state.armed = nil
      }
      guard state.wasArmedSinceCheck else {
        state.isWatchdogAsleep = true
        return nil
      }
      state.wasArmedSinceCheck = false
      return now + patience
    }
  }
}
