/// A PostgreSQL URL whose user can be exchanged.
struct DatabaseURL: Sendable {
  let text: String

  init(_ text: String) throws {
    guard text.hasPrefix("postgresql://") || text.hasPrefix("postgres://") else {
      throw Failure(
        "PABEAN_DATABASE_URL is not a URL", remedy: "write it like postgresql://user:password@host:5432/name")
    }
    self.text = text
  }

  func replacing(user: String, password: String) -> String {
    let scheme = text.prefix { $0 != ":" }
    let rest = text.dropFirst(scheme.count + "://".count)
    let authority = rest.prefix { !"/?".contains($0) }
    let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
    return "\(scheme)://\(user):\(password)@\(host)\(rest.dropFirst(authority.count))"
  }

  /// Host and port, for people.
  var address: String {
    let rest = text.dropFirst((text.prefix { $0 != ":" }).count + "://".count)
    let authority = rest.prefix { !"/?".contains($0) }
    return String(authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority)
  }
}
