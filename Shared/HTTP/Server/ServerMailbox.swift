import CLinux
import Glibc
import Synchronization

/// How tasks reach the server's thread.
final class ServerMailbox: Sendable {
  enum Message: Sendable {
    case responded(connection: UInt64, HTTPResponse)
    /// The continuation gets false when the connection is gone, and true when there is room for more.
    case chunk(connection: UInt64, [UInt8], CheckedContinuation<Bool, Never>)
    case streamEnded(connection: UInt64)
    case stop(CheckedContinuation<Void, Never>?)
  }

  private struct State {
    var messages: [Message] = []
    var isClosed = false
  }

  private let state = Mutex(State())
  /// Readable while messages wait.
  let wakeDescriptor: Int32

  init() {
    wakeDescriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    precondition(wakeDescriptor >= 0, "the kernel gives no event descriptor: \(String(cString: strerror(errno)))")
  }

  deinit { Glibc.close(wakeDescriptor) }

  func post(_ message: Message) {
    let (isFirst, isClosed) = state.withLock { state in
      if state.isClosed { return (false, true) }
      state.messages.append(message)
      return (state.messages.count == 1, false)
    }
    if isFirst { eventfd_write(wakeDescriptor, 1) }
    if isClosed { Self.refuse(message) }
  }

  /// Sends one chunk of a stream; false when nobody wants more.
  func send(_ bytes: [UInt8], to connection: UInt64) async -> Bool {
    await withCheckedContinuation { post(.chunk(connection: connection, bytes, $0)) }
  }

  func take() -> [Message] {
    var count: eventfd_t = 0
    eventfd_read(wakeDescriptor, &count)
    return state.withLock { state in
      defer { state.messages = [] }
      return state.messages
    }
  }

  /// After this nobody listens.
  func close() {
    let rest = state.withLock { state in
      defer { state.messages = [] }
      state.isClosed = true
      return state.messages
    }
    for message in rest { Self.refuse(message) }
  }

  private static func refuse(_ message: Message) {
    switch message {
    case .chunk(_, _, let continuation): continuation.resume(returning: false)
    case .stop(let continuation): continuation?.resume()
    case .responded, .streamEnded: break
    }
  }
}
