import Domain

/// The `Retry-After` header of RFC 9110: seconds, or a date in the one format that is still sent.
enum RetryAfter {
  static func delay(_ text: String, now: Instant) -> Duration? {
    let text = text.trimmingSpaces()
    if !text.isEmpty, text.utf8.count <= 9, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      return Int64(text).map { .seconds($0) }
    }
    guard let date = httpDate(text) else { return nil }
    return date > now ? .microseconds(date.microseconds - now.microseconds) : .zero
  }

  /// `Sun, 06 Nov 1994 08:49:37 GMT`.
  static func httpDate(_ text: String) -> Instant? {
    let parts = text.split(separator: " ")
    guard parts.count == 6, parts[0].utf8.count == 4, parts[0].last == ",", parts[5] == "GMT",
      parts[1].utf8.count == 2, parts[3].utf8.count == 4,
      let month = months.firstIndex(where: { $0 == parts[2] })
    else { return nil }
    let monthText = month < 9 ? "0\(month + 1)" : "\(month + 1)"
    return Instant("\(parts[3])-\(monthText)-\(parts[1])T\(parts[4])Z")
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
}

extension String {
  fileprivate func trimmingSpaces() -> String {
    let start = drop { $0 == " " || $0 == "\t" }
    return String(start.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
  }
}
