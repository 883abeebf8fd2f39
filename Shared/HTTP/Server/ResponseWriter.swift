import Glibc

/// Turns responses into bytes.
enum ResponseWriter {
  static let continueLine = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
  static let lastChunk = Array("0\r\n\r\n".utf8)

  /// For what an API answers: nothing is cached, framed, sniffed or run unless the handler says so.
  private static let defaults: [(name: String, value: String)] = [
    ("cache-control", "no-store"),
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("referrer-policy", "no-referrer"),
    ("strict-transport-security", "max-age=31536000"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
  ]

  enum BodyLength {
    case none
    case known(Int)
    case chunked
    /// The end of the connection ends the body.
    case untilClose
  }

  /// The status line and headers. What concerns framing is the server's alone.
  static func head(_ response: HTTPResponse, length: BodyLength, closes: Bool, date: String) -> [UInt8] {
    var text = "HTTP/1.1 \(response.status) \(HTTPStatus.reason(response.status))\r\ndate: \(date)\r\n"
    switch length {
    case .none: break
    case .known(let count): text += "content-length: \(count)\r\n"
    case .chunked: text += "transfer-encoding: chunked\r\n"
    case .untilClose: break
    }
    if closes { text += "connection: close\r\n" }
    for field in response.headers.fields where !isFraming(field.name) {
      text += "\(field.name): \(field.value)\r\n"
    }
    for field in defaults where !response.headers.contains(field.name) {
      text += "\(field.name): \(field.value)\r\n"
    }
    text += "\r\n"
    return Array(text.utf8)
  }

  static func chunk(_ bytes: [UInt8]) -> [UInt8] {
    Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + Array("\r\n".utf8)
  }

  private static func isFraming(_ name: String) -> Bool {
    ["content-length", "transfer-encoding", "connection", "date"].contains { $0.equalsIgnoringCase(name) }
  }

  /// RFC 9110, section 5.6.7.
  static func date(secondsSince1970: Int) -> String {
    var seconds = time_t(secondsSince1970)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let day = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][Int(parts.tm_wday)]
    let month = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][Int(parts.tm_mon)]
    return "\(day), \(two(parts.tm_mday)) \(month) \(parts.tm_year + 1900) "
      + "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT"
  }
}
