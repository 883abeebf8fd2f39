import Glibc
import Synchronization

@testable import HTTP

/// A server that misbehaves as it is told: each connection is given to a closure on a thread of its own.
final class RawServer: Sendable {
  let port: Int
  private let listener: ListeningSocket
  private let connectionCount = Mutex(0)
  private let isStopped = Mutex(false)

  var connections: Int { connectionCount.withLock { $0 } }

  init(_ serve: @escaping @Sendable (RawConnection) -> Void) throws {
    let listener = try ListeningSocket(host: "127.0.0.1", port: 0)
    self.listener = listener
    port = listener.port
    DedicatedThread.start(named: "raw-server") { [weak self] in
      while true {
        var watched = pollfd(fd: listener.descriptor, events: Int16(POLLIN), revents: 0)
        poll(&watched, 1, 50)
        guard let self, !self.isStopped.withLock({ $0 }) else { break }
        guard case .connection(let descriptor, _) = listener.accept() else { continue }
        self.connectionCount.withLock { $0 += 1 }
        DedicatedThread.start(named: "raw-serve") {
          let connection = RawConnection(accepted: descriptor)
          serve(connection)
          connection.close()
        }
      }
      Glibc.close(listener.descriptor)
    }
  }

  func stop() { isStopped.withLock { $0 = true } }
}
