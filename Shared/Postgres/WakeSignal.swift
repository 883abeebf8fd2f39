import CPostgreSQL
import Glibc

/// A flag that can be waited for together with sockets. Once raised it stays up.
final class WakeSignal: Sendable {
  let descriptor: Int32

  init() {
    descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    precondition(descriptor >= 0, "the system refused another file descriptor (errno \(errno))")
  }

  deinit { Glibc.close(descriptor) }

  func raise() {
    // Fails only if it is up already.
    eventfd_write(descriptor, 1)
  }

  /// True if the signal was raised within `duration`.
  func wait(for duration: Duration) -> Bool {
    var descriptors = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let (seconds, attoseconds) = duration.components
    return poll(&descriptors, 1, Int32(seconds * 1000 + attoseconds / 1_000_000_000_000_000)) > 0
  }
}
