import CLinux
import Glibc

@testable import HTTP

/// A TCP client that sends exactly the bytes it is given. Its calls block, so they run on a thread of their own.
struct RawConnection: Sendable {
  let descriptor: Int32

  static func blocking<T: Sendable>(_ body: @escaping @Sendable () -> T) async -> T {
    await withCheckedContinuation { continuation in
      DedicatedThread.start(named: "raw-client") { continuation.resume(returning: body()) }
    }
  }

  init(port: Int) {
    guard let descriptor = Self.tryConnect(port: port) else {
      preconditionFailure("cannot connect: \(String(cString: strerror(errno)))")
    }
    self.init(accepted: descriptor)
  }

  static func tryConnect(port: Int) -> Int32? {
    let descriptor = socket(AF_INET, tcp_socket_type | close_on_exec_socket, 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let connected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, length) }
    }
    if connected == 0 { return descriptor }
    Glibc.close(descriptor)
    return nil
  }

  /// Takes over a connection that was accepted without blocking.
  init(accepted descriptor: Int32) {
    self.descriptor = descriptor
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
    var time = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
  }

  func close() { Glibc.close(descriptor) }
  func shutdownSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// Whether all of it was taken.
  @discardableResult
  func send(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      if count <= 0 { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  @discardableResult
  func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  enum End {
    case found, closed, timedOut
  }

  /// Reads until the text has come or the peer has closed.
  func receive(until text: String? = nil) -> (text: String, end: End) {
    var received: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16_384)
    while true {
      let soFar = String(decoding: received, as: UTF8.self)
      if let text, soFar.utf8Contains(text) { return (soFar, .found) }
      let count = recv(descriptor, &chunk, chunk.count, 0)
      if count < 0 { return (soFar, errno == EAGAIN ? .timedOut : .closed) }
      if count == 0 { return (soFar, .closed) }
      received.append(contentsOf: chunk[..<count])
    }
  }

  /// Sends the bytes and reads until the server closes.
  static func exchange(port: Int, _ bytes: [UInt8]) async -> (text: String, end: End) {
    await blocking {
      let connection = RawConnection(port: port)
      defer { connection.close() }
      connection.send(bytes)
      return connection.receive()
    }
  }

  static func exchange(port: Int, _ text: String) async -> (text: String, end: End) {
    await exchange(port: port, Array(text.utf8))
  }
}

extension String {
  func utf8Contains(_ other: String) -> Bool { Array(utf8).firstRange(of: Array(other.utf8)) != nil }

  var statusLine: String { String(prefix { $0 != "\r\n" && $0 != "\r" && $0 != "\n" }) }
}
