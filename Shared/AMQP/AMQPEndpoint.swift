/// Where the broker is, and as whom to log in.
public struct AMQPEndpoint: Sendable, Equatable {
  public struct TLS: Sendable, Equatable {
    /// PEM file of the authorities to trust. The library has no default: without it nothing verifies.
    public var caCertificateFile: String
    /// PEM files for a client certificate.
    public var certificateFile: String?
    public var keyFile: String?

    public init(caCertificateFile: String, certificateFile: String? = nil, keyFile: String? = nil) {
      self.caCertificateFile = caCertificateFile
      self.certificateFile = certificateFile
      self.keyFile = keyFile
    }
  }

  public var host: String
  public var port: Int
  public var vhost: String
  public var user: String
  public var password: String
  public var tls: TLS?
  /// Zero asks for none. A dead peer is noticed after two intervals.
  public var heartbeatSeconds: Int
  /// Shown by the broker's management; the publisher's or consumer's name when nil.
  public var connectionName: String?

  public init(
    host: String, port: Int = 5672, vhost: String = "/", user: String, password: String, tls: TLS? = nil,
    heartbeatSeconds: Int = 30, connectionName: String? = nil
  ) {
    self.host = host
    self.port = port
    self.vhost = vhost
    self.user = user
    self.password = password
    self.tls = tls
    self.heartbeatSeconds = heartbeatSeconds
    self.connectionName = connectionName
  }

  /// `amqp://user:password@host:port/vhost?heartbeat=30`, or `amqps://` with `cacertfile` and optionally `certfile` and
  /// `keyfile`. Every part is percent-decoded; no path, or `/` alone, means the virtual host `/`.
  public init(_ url: String) throws(AMQPError) {
    var rest = Substring(url)
    let usesTLS: Bool
    if rest.hasPrefix("amqp://") {
      usesTLS = false
    } else if rest.hasPrefix("amqps://") {
      usesTLS = true
    } else {
      throw Self.invalid("must begin with amqp:// or amqps://")
    }
    rest = rest.dropFirst(usesTLS ? 8 : 7)
    let query = Self.cut(&rest, at: "?")
    let path = Self.cut(&rest, at: "/")
    (user, password) = try Self.credentials(&rest)
    (host, port) = try Self.address(rest, defaultPort: usesTLS ? 5671 : 5672)
    vhost = path.isEmpty ? "/" : try Self.decode(path)
    heartbeatSeconds = 30
    connectionName = nil
    tls = nil
    try apply(query: query, usesTLS: usesTLS)
  }

  public func replacing(
    user: String? = nil, password: String? = nil, vhost: String? = nil, host: String? = nil, port: Int? = nil,
    heartbeatSeconds: Int? = nil, connectionName: String? = nil
  ) -> AMQPEndpoint {
    var copy = self
    copy.user = user ?? self.user
    copy.password = password ?? self.password
    copy.vhost = vhost ?? self.vhost
    copy.host = host ?? self.host
    copy.port = port ?? self.port
    copy.heartbeatSeconds = heartbeatSeconds ?? self.heartbeatSeconds
    copy.connectionName = connectionName ?? self.connectionName
    return copy
  }
}

extension AMQPEndpoint: CustomStringConvertible, CustomReflectable {
  /// Without the password.
  public var description: String {
    "\(tls == nil ? "amqp" : "amqps")://\(user):***@\(host):\(port) vhost \(vhost)"
  }

  /// `dump` and test failures must not show the password either.
  public var customMirror: Mirror { Mirror(self, children: ["endpoint": description]) }
}

extension AMQPEndpoint {
  private static func invalid(_ what: String) -> AMQPError {
    AMQPError(.invalidEndpoint, "AMQP URL \(what)")
  }

  /// Takes everything behind the separator off `rest`.
  private static func cut(_ rest: inout Substring, at separator: Character) -> Substring {
    guard let index = rest.firstIndex(of: separator) else { return "" }
    let tail = rest[rest.index(after: index)...]
    rest = rest[..<index]
    return tail
  }

  private static func credentials(_ rest: inout Substring) throws(AMQPError) -> (user: String, password: String) {
    guard let at = rest.lastIndex(of: "@") else { return ("guest", "guest") }
    var user = rest[..<at]
    rest = rest[rest.index(after: at)...]
    let password = cut(&user, at: ":")
    return (try decode(user), try decode(password))
  }

  private static func address(_ text: Substring, defaultPort: Int) throws(AMQPError) -> (host: String, port: Int) {
    var host = text
    var portText: Substring = ""
    if text.first == "[", let end = text.firstIndex(of: "]") {
      host = text[text.index(after: text.startIndex)..<end]
      portText = text[text.index(after: end)...]
      if !portText.isEmpty, portText.removeFirst() != ":" { throw invalid("has text behind the address") }
    } else {
      portText = cut(&host, at: ":")
    }
    guard !host.isEmpty else { throw invalid("has no host") }
    if portText.isEmpty { return (try decode(host), defaultPort) }
    guard let port = Int(portText), (1...65535).contains(port) else { throw invalid("has a port out of 1-65535") }
    return (try decode(host), port)
  }

  private mutating func apply(query: Substring, usesTLS: Bool) throws(AMQPError) {
    var files: [String: String] = [:]
    for pair in query.split(separator: "&") {
      var name = pair
      let value = try Self.decode(Self.cut(&name, at: "="))
      switch name {
      case "heartbeat":
        guard let seconds = Int(value), (0...3600).contains(seconds) else {
          throw Self.invalid("has a heartbeat out of 0-3600")
        }
        heartbeatSeconds = seconds
      case "cacertfile", "certfile", "keyfile": files[String(name)] = value
      case "connection_name": connectionName = value
      default: throw Self.invalid("has the unknown setting '\(name)'")
      }
    }
    guard usesTLS else {
      if !files.isEmpty { throw Self.invalid("names certificates but is not amqps://") }
      return
    }
    guard let authorities = files["cacertfile"] else { throw Self.invalid("needs ?cacertfile= for amqps://") }
    guard (files["certfile"] == nil) == (files["keyfile"] == nil) else {
      throw Self.invalid("needs certfile and keyfile together")
    }
    tls = TLS(caCertificateFile: authorities, certificateFile: files["certfile"], keyFile: files["keyfile"])
  }

  private static func decode(_ text: Substring) throws(AMQPError) -> String {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
    var bytes: [UInt8] = []
    var input = text.utf8.makeIterator()
    while let byte = input.next() {
      if byte != UInt8(ascii: "%") {
        bytes.append(byte)
        continue
      }
      guard let high = input.next().flatMap(hexDigit), let low = input.next().flatMap(hexDigit) else {
        throw invalid("has a % without two hex digits")
      }
      bytes.append(high << 4 | low)
    }
    guard let decoded = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
      throw invalid("decodes to text that is not UTF-8")
    }
    return decoded
  }

  private static func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
