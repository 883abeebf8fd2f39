import Glibc

/// Turns SIGTERM and SIGINT into an event. The second one ends the process at once: someone is in a hurry.
///
/// A handler, and not a blocked mask with `sigwait`: the main thread of a Swift program waits in `sigsuspend` with an empty
/// mask, so that a blocked signal would still end the process there.
public enum Signals {
  private static let terminations = [SIGTERM, SIGINT]

  /// A peer that closed its socket is an error code, not the end of the process.
  public static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }

  /// Suspends until the first termination signal. One that came before, while there was nothing to finish, has ended the
  /// process.
  public static func termination() async {
    await withCheckedContinuation { continuation in
      var ends: [Int32] = [-1, -1]
      guard pipe(&ends) == 0 else { fatalError("no descriptors are left to wait for signals") }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      signalPipe = ends[1]
      let waiter = Waiter(descriptor: ends[0], continuation: continuation)
      var thread = pthread_t()
      pthread_create(
        &thread, nil,
        { argument in
          guard let argument else { return nil }
          Unmanaged<Waiter>.fromOpaque(argument).takeRetainedValue().run()
          return nil
        }, Unmanaged.passRetained(waiter).toOpaque())
      pthread_detach(thread)
      for number in terminations { signal(number, noteSignal) }
    }
  }

  private final class Waiter: Sendable {
    let descriptor: Int32
    let continuation: CheckedContinuation<Void, Never>

    init(descriptor: Int32, continuation: CheckedContinuation<Void, Never>) {
      self.descriptor = descriptor
      self.continuation = continuation
    }

    func run() {
      awaitByte()
      continuation.resume()
      awaitByte()
      _exit(130)
    }

    private func awaitByte() {
      var byte: UInt8 = 0
      while read(descriptor, &byte, 1) != 1 {}
    }
  }
}

/// Written once, before the handler that reads it is installed.
nonisolated(unsafe) private var signalPipe: Int32 = -1

/// In a signal handler nothing is allowed but a few system calls.
private func noteSignal(_ number: Int32) {
  let kept = errno
  var byte: UInt8 = 1
  _ = write(signalPipe, &byte, 1)
  errno = kept
}
