import CLinux
import Glibc

/// The kernel's readiness queue. Each descriptor is known by a token of the caller.
struct Epoll: ~Copyable {
  struct Interest: OptionSet, Hashable {
    let rawValue: UInt32
    static let read = Interest(rawValue: EPOLLIN.rawValue)
    static let write = Interest(rawValue: EPOLLOUT.rawValue)
    /// The peer has closed its sending side.
    static let peerClosed = Interest(rawValue: EPOLLRDHUP.rawValue)
    /// Reported without being asked for.
    static let failed = Interest(rawValue: EPOLLERR.rawValue | EPOLLHUP.rawValue)
  }

  private let descriptor: Int32
  // Set here: where `init` sets it, the optimiser releases the uninitialised memory that is in its place.
  private var events = [epoll_event](repeating: epoll_event(), count: 256)

  init() {
    descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
    precondition(descriptor >= 0, "the kernel gives no epoll descriptor: \(String(cString: strerror(errno)))")
  }

  deinit { Glibc.close(descriptor) }

  func add(_ watched: Int32, _ interest: Interest, token: UInt64) {
    control(EPOLL_CTL_ADD, watched, interest, token)
  }

  func change(_ watched: Int32, _ interest: Interest, token: UInt64) {
    control(EPOLL_CTL_MOD, watched, interest, token)
  }

  private func control(_ operation: Int32, _ watched: Int32, _ interest: Interest, _ token: UInt64) {
    var event = epoll_event(events: interest.rawValue, data: epoll_data(u64: token))
    let result = epoll_ctl(descriptor, operation, watched, &event)
    precondition(result == 0, "epoll refuses an open descriptor: \(String(cString: strerror(errno)))")
  }

  /// Waits for events; forever without a timeout.
  mutating func wait(milliseconds: Int32?, _ body: (_ token: UInt64, _ ready: Interest) -> Void) {
    let count = epoll_wait(descriptor, &events, Int32(events.count), milliseconds ?? -1)
    for event in events.prefix(max(0, Int(count))) {
      body(event.data.u64, Interest(rawValue: event.events))
    }
  }
}
