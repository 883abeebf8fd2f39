import Glibc

/// A numeric IPv4 or IPv6 address.
public struct IPAddress: Hashable, Sendable, CustomStringConvertible {
  /// 4 or 16 bytes, in network order.
  let bytes: [UInt8]

  /// Nil unless the text is a complete numeric address.
  public init?(_ text: String) {
    var v4 = in_addr()
    var v6 = in6_addr()
    if inet_pton(AF_INET, text, &v4) == 1 {
      bytes = withUnsafeBytes(of: v4) { Array($0) }
    } else if inet_pton(AF_INET6, text, &v6) == 1 {
      bytes = withUnsafeBytes(of: v6) { Array($0) }
    } else {
      return nil
    }
  }

  /// The address in what the kernel is told to connect to.
  init?(_ address: UnsafePointer<sockaddr>) {
    switch Int32(address.pointee.sa_family) {
    case AF_INET:
      bytes = address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { pointer in
        withUnsafeBytes(of: pointer.pointee.sin_addr) { Array($0) }
      }
    case AF_INET6:
      bytes = address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { pointer in
        withUnsafeBytes(of: pointer.pointee.sin6_addr) { Array($0) }
      }
    default: return nil
    }
  }

  public var description: String {
    let isV4 = bytes.count == 4
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    let written = inet_ntop(isV4 ? AF_INET : AF_INET6, bytes, &text, socklen_t(text.count))
    return written.map { String(cString: $0) } ?? ""
  }
}

/// A network, as in `10.0.0.0/8` or `fd00::/8`.
public struct CIDR: Hashable, Sendable, CustomStringConvertible {
  let network: IPAddress
  let prefixLength: Int

  /// Nil when it is not an address and a length, or when bits beyond the length are set.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let network = IPAddress(String(parts[0])), let length = Int(parts[1]),
      (0...network.bytes.count * 8).contains(length)
    else { return nil }
    self.network = network
    prefixLength = length
    let hostBits = (length..<network.bytes.count * 8).contains { network.bytes[$0 / 8] & (0x80 >> ($0 % 8)) != 0 }
    if hostBits { return nil }
  }

  public func contains(_ address: IPAddress) -> Bool {
    guard address.bytes.count == network.bytes.count else { return false }
    let whole = prefixLength / 8
    guard address.bytes.prefix(whole) == network.bytes.prefix(whole) else { return false }
    let rest = prefixLength % 8
    return rest == 0 || (address.bytes[whole] ^ network.bytes[whole]) >> (8 - rest) == 0
  }

  public var description: String { "\(network)/\(prefixLength)" }
}
