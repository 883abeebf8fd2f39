import Glibc

/// Turns SIGTERM and SIGINT into an event. The second one ends the process at once: someone is in a hurry.
///
/// By a handler and not by a mask, because Dispatch unblocks every signal on the main thread, which it parks.
public enum Signals {
  /// Posting a semaphore is one of the few things that a handler may do. It is made before any handler is installed, and
  /// never freed.
  nonisolated(unsafe) private static let arrivals: UnsafeMutablePointer<sem_t> = {
    let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
    sem_init(semaphore, 0, 0)
    return semaphore
  }()

  /// Call first of all in `main`: until then these signals end the process.
  public static func prepare() {
    _ = arrivals
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in sem_post(Signals.arrivals) }
    action.sa_flags = SA_RESTART
    for number in [SIGTERM, SIGINT] { sigaction(number, &action, nil) }
    // A peer that closed its socket is an error code, not the end of the process.
    signal(SIGPIPE, SIG_IGN)
  }

  /// Suspends until the first termination signal.
  public static func termination() async {
    await withCheckedContinuation { continuation in
      let box = Unmanaged.passRetained(Waiter(continuation))
      var thread = pthread_t()
      pthread_create(
        &thread, nil,
        { argument in
          guard let argument else { return nil }
          let waiter = Unmanaged<Waiter>.fromOpaque(argument).takeRetainedValue()
          Signals.wait()
          waiter.continuation.resume()
          Signals.wait()
          _exit(130)
        }, box.toOpaque())
      pthread_detach(thread)
    }
  }

  private final class Waiter: Sendable {
    let continuation: CheckedContinuation<Void, Never>
    init(_ continuation: CheckedContinuation<Void, Never>) { self.continuation = continuation }
  }

  private static func wait() {
    while sem_wait(arrivals) != 0, errno == EINTR {}
  }
}
