import Dispatch
import Glibc
import Synchronization
import TestSupport

/// Open event streams, read by one thread that only counts.
final class EventStreams: Sendable {
  private struct State {
    var sockets: [Int32]
    var events = 0
    var isClosed = false
  }

  private let state: Mutex<State>

  init(_ count: Int, port: Int, cookies: [String]) throws {
    let sockets = try (0..<count).map { try EventStreams.connect(port, cookies[$0 % cookies.count]) }
    state = Mutex(State(sockets: sockets))
    DispatchQueue(label: "event-streams").async { self.read() }
  }

  var events: Int { state.withLock { $0.events } }
  /// Those that the desk has not ended.
  var open: Int { state.withLock { $0.sockets.count } }

  func close() { state.withLock { $0.isClosed = true } }

  private static func connect(_ port: Int, _ cookie: String) throws -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let isConnected = withUnsafeBytes(of: &address) { bytes in
      bytes.withMemoryRebound(to: sockaddr.self) {
        Glibc.connect(descriptor, $0.baseAddress, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    let request = Array("GET /events HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nCookie: \(cookie)\r\n\r\n".utf8)
    guard isConnected, Glibc.send(descriptor, request, request.count, 0) == request.count else {
      Glibc.close(descriptor)
      throw Unmeasurable("an event stream cannot be opened")
    }
    return descriptor
  }

  private func read() {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let (sockets, isClosed) = state.withLock { ($0.sockets, $0.isClosed) }
      guard !isClosed else { return sockets.forEach { Glibc.close($0) } }
      var polled = sockets.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      guard poll(&polled, nfds_t(polled.count), 200) > 0 else { continue }
      var seen = 0
      var ended: Set<Int32> = []
      for one in polled where one.revents != 0 {
        let count = recv(one.fd, &buffer, buffer.count, 0)
        if count <= 0 { ended.insert(one.fd) } else { seen += EventStreams.events(in: buffer[..<count]) }
      }
      ended.forEach { Glibc.close($0) }
      let (found, gone) = (seen, ended)
      state.withLock { state in
        state.events += found
        state.sockets.removeAll { gone.contains($0) }
      }
    }
  }

  /// Each carries one line of data.
  private static func events(in bytes: ArraySlice<UInt8>) -> Int {
    let mark = Array("data: ".utf8)
    return bytes.indices.count { bytes[$0] == mark[0] && bytes[$0...].starts(with: mark) }
  }
}
