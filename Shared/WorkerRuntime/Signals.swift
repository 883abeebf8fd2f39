import Glibc
import Synchronization

/// Turns SIGTERM and SIGINT into an event. The second one ends the process at once: someone is in a hurry.
public enum Signals {
  /// Call first of all in `main`, before any thread exists: the mask is inherited, and only the waiting thread takes them.
  public static func block() {
    var set = terminationSet()
    pthread_sigmask(SIG_BLOCK, &set, nil)
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
    var set = terminationSet()
    var received: Int32 = 0
    sigwait(&set, &received)
  }

  private static func terminationSet() -> sigset_t {
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, SIGTERM)
    sigaddset(&set, SIGINT)
    return set
  }
}
