/// A host and a port, as in `localhost:5672` or `[::1]:5672`.
public struct Endpoint: Hashable, Sendable, CustomStringConvertible {
  public let host: String
  public let port: Int

  public init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":") else { return nil }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
      guard host.contains(":") else { return nil }
    } else if host.contains(":") {
      return nil
    }
    guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && !"[]/@?#\\".utf8.contains($0) }),
      let port = Int.strictDecimal(text[text.index(after: colon)...]), (1...65_535).contains(port)
    else { return nil }
    self.init(host: String(host), port: port)
  }

  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

extension Int {
  /// Digits with at most a leading minus: no plus sign, no spaces.
  static func strictDecimal(_ text: some StringProtocol) -> Int? {
    text.hasPrefix("+") ? nil : Int(text)
  }
}
