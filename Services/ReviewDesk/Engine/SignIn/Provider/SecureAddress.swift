/// Secrets go over TLS alone, or stay on this machine.
public enum SecureAddress {
  public static func allows(_ url: String) -> Bool {
    guard url.utf8.allSatisfy({ (0x21...0x7e).contains($0) }), let end = url.firstRange(of: "://") else { return false }
    let authority = url[end.upperBound...].prefix { !"/?#\\".contains($0) }
    guard !authority.isEmpty, !authority.contains("@") else { return false }
    switch url[..<end.lowerBound].lowercased() {
    case "https": return true
    case "http": return isLoopback(authority)
    default: return false
    }
  }

  private static func isLoopback(_ authority: Substring) -> Bool {
    if authority.hasPrefix("[::1]") { return authority.dropFirst(5).isEmpty || authority.dropFirst(5).hasPrefix(":") }
    let host = authority.prefix { $0 != ":" }
    return host == "127.0.0.1" || host == "localhost"
  }
}
