import CLinux
import Glibc

/// Why a server cannot listen.
public struct HTTPServerError: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String
}

/// A bound TCP socket that accepts connections without blocking.
struct ListeningSocket: Sendable {
  let descriptor: Int32
  let port: Int

  init(host: String, port: Int) throws(HTTPServerError) {
    var hints = addrinfo()
    hints.ai_socktype = tcp_socket_type
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
    var addresses: UnsafeMutablePointer<addrinfo>?
    let found = getaddrinfo(host, String(port), &hints, &addresses)
    guard found == 0, let address = addresses else {
      throw HTTPServerError(description: "\(host): \(String(cString: gai_strerror(found)))")
    }
    defer { freeaddrinfo(addresses) }
    let type = tcp_socket_type | nonblocking_socket | close_on_exec_socket
    let descriptor = socket(address.pointee.ai_family, type, 0)
    var on: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    guard descriptor >= 0, bind(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0,
      listen(descriptor, 512) == 0
    else {
      let reason = String(cString: strerror(errno))
      if descriptor >= 0 { Glibc.close(descriptor) }
      throw HTTPServerError(description: "cannot listen on \(host):\(port): \(reason)")
    }
    self.descriptor = descriptor
    self.port = SocketAddress.local(of: descriptor).port
  }

  enum Accepted {
    case connection(descriptor: Int32, remoteAddress: String)
    case none
    /// The process or the machine has no room for another connection.
    case exhausted
  }

  func accept() -> Accepted {
    while true {
      var storage = sockaddr_storage()
      var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
      let accepted = withUnsafeMutablePointer(to: &storage) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          accept4(descriptor, $0, &length, nonblocking_socket | close_on_exec_socket)
        }
      }
      if accepted >= 0 {
        var on: Int32 = 1
        setsockopt(accepted, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        return .connection(descriptor: accepted, remoteAddress: SocketAddress(storage).host)
      }
      switch errno {
      case EINTR, ECONNABORTED: continue
      case EMFILE, ENFILE, ENOBUFS, ENOMEM: return .exhausted
      default: return .none
      }
    }
  }
}

/// A numeric address.
struct SocketAddress {
  let host: String
  let port: Int

  init(_ storage: sockaddr_storage) {
    switch Int32(storage.ss_family) {
    case AF_INET:
      let address = withUnsafeBytes(of: storage) { $0.load(as: sockaddr_in.self) }
      host = Self.text(AF_INET, address.sin_addr)
      port = Int(UInt16(bigEndian: address.sin_port))
    case AF_INET6:
      let address = withUnsafeBytes(of: storage) { $0.load(as: sockaddr_in6.self) }
      let text = Self.text(AF_INET6, address.sin6_addr)
      host = text.hasPrefix("::ffff:") ? String(text.dropFirst(7)) : text
      port = Int(UInt16(bigEndian: address.sin6_port))
    default: (host, port) = ("", 0)
    }
  }

  static func local(of descriptor: Int32) -> SocketAddress {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    _ = withUnsafeMutablePointer(to: &storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
    }
    return SocketAddress(storage)
  }

  private static func text<Address>(_ family: Int32, _ address: Address) -> String {
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    return withUnsafePointer(to: address) { pointer in
      inet_ntop(family, pointer, &text, socklen_t(text.count)).map { String(cString: $0) } ?? ""
    }
  }
}
