/// Which addresses a client may connect to. Tenants choose URLs; this keeps them from reaching our own network
/// through us.
public struct AddressPolicy: Sendable {
  private enum Rule: Sendable {
    case any
    case publicAnd([CIDR])
  }

  private let rule: Rule

  /// Globally routable unicast addresses.
  public static let publicOnly = AddressPolicy(rule: .publicAnd([]))

  /// For what the operator configures.
  public static let any = AddressPolicy(rule: .any)

  /// Public addresses and these networks.
  public static func allowing(_ networks: [CIDR]) -> AddressPolicy {
    AddressPolicy(rule: .publicAnd(networks))
  }

  public func allows(_ address: IPAddress) -> Bool {
    switch rule {
    case .any: true
    case .publicAnd(let networks): networks.contains { $0.contains(address) } || Self.isPublic(address)
    }
  }

  private static func isPublic(_ address: IPAddress) -> Bool {
    if address.bytes.count == 4 { return !specialV4.contains { $0.contains(address) } }
    // Other IPv6 space is loopback, mapped and translated IPv4, link-local, unique local, multicast or unassigned.
    return globalV6.contains(address) && !specialV6.contains { $0.contains(address) }
  }

  /// IANA IPv4 Special-Purpose Address Registry, multicast, and a metadata service on a public address.
  private static let specialV4 = networks([
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
    "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32",
  ])

  private static let globalV6 = networks(["2000::/3"])[0]

  /// IANA IPv6 Special-Purpose Address Registry, inside the global unicast space: protocol assignments with Teredo,
  /// documentation, and 6to4, which carries IPv4 addresses.
  private static let specialV6 = networks(["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"])

  private static func networks(_ texts: [String]) -> [CIDR] {
    texts.map { text in
      guard let network = CIDR(text) else { preconditionFailure("\(text) is not a network") }
      return network
    }
  }
}
