import CLinux
import Glibc

/// A port of the loopback that nobody listens on now.
public enum FreePort {
  public static func take() -> Int {
    let descriptor = socket(AF_INET, tcp_socket_type | close_on_exec_socket, 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutableBytes(of: &address) { bytes in
      guard let pointer = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return }
      _ = bind(descriptor, pointer, length)
      _ = getsockname(descriptor, pointer, &length)
    }
    return Int(UInt16(bigEndian: address.sin_port))
  }
}
