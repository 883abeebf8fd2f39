import JSON

/// A moment in microseconds since 1970 UTC: what PostgreSQL keeps, without rounding through floating point.
public struct Instant: Hashable, Sendable, Comparable {
  public let microseconds: Int64

  public init(microseconds: Int64) { self.microseconds = microseconds }

  public static func < (left: Instant, right: Instant) -> Bool { left.microseconds < right.microseconds }

  public func adding(_ duration: Duration) -> Instant {
    let parts = duration.components
    return Instant(microseconds: microseconds + parts.seconds * 1_000_000 + parts.attoseconds / 1_000_000_000_000)
  }

  public func timeIntervalMilliseconds(since earlier: Instant) -> Int64 { (microseconds - earlier.microseconds) / 1000 }
}

extension Instant: CustomStringConvertible {
  /// RFC 3339 in UTC with microseconds.
  public var description: String {
    let (days, time) = floorDivision(microseconds, 86_400_000_000)
    let date = CalendarDate(daysSinceEpoch: days)
    let (seconds, micros) = (time / 1_000_000, time % 1_000_000)
    let clock = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }.joined(separator: ":")
    return "\(date)T\(clock).\(padded(micros, 6))Z"
  }

  public var date: CalendarDate { CalendarDate(daysSinceEpoch: floorDivision(microseconds, 86_400_000_000).quotient) }

  /// RFC 3339 with any offset and up to nine fractional digits (those past the sixth are dropped).
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: "t"),
      let date = CalendarDate(String(decoding: bytes[0..<10], as: UTF8.self)),
      bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
      let hour = number(bytes[11..<13]), let minute = number(bytes[14..<16]), let second = number(bytes[17..<19]),
      hour < 24, minute < 60, second < 60
    else { return nil }
    var position = 19
    guard let fraction = Instant.fraction(bytes, &position),
      let offsetMinutes = Instant.offset(bytes[position...])
    else { return nil }
    let seconds = date.daysSinceEpoch * 86_400 + hour * 3600 + (minute - offsetMinutes) * 60 + second
    microseconds = seconds * 1_000_000 + fraction
  }

  private static func fraction(_ bytes: [UInt8], _ position: inout Int) -> Int64? {
    guard bytes[position] == UInt8(ascii: ".") else { return 0 }
    position += 1
    var value: Int64 = 0
    var digits = 0
    while position < bytes.count, let digit = number(bytes[position...position]) {
      if digits < 6 { value = value * 10 + digit }
      digits += 1
      position += 1
    }
    guard (1...9).contains(digits), position < bytes.count else { return nil }
    for _ in 0..<max(0, 6 - digits) { value *= 10 }
    return value
  }

  private static func offset(_ bytes: ArraySlice<UInt8>) -> Int64? {
    if bytes.elementsEqual("Z".utf8) || bytes.elementsEqual("z".utf8) { return 0 }
    let bytes = Array(bytes)
    guard bytes.count == 6, bytes[3] == UInt8(ascii: ":"), let hours = number(bytes[1..<3]),
      let minutes = number(bytes[4..<6]), hours < 24, minutes < 60
    else { return nil }
    switch bytes[0] {
    case UInt8(ascii: "+"): return hours * 60 + minutes
    case UInt8(ascii: "-"): return -(hours * 60 + minutes)
    default: return nil
    }
  }
}

extension Instant: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self = try json.decode("an RFC 3339 time such as 2026-01-31T08:00:00Z") { $0.stringValue.flatMap { Instant($0) } }
  }

  public var json: JSONValue { .string(description) }
}

func number(_ digits: ArraySlice<UInt8>) -> Int64? {
  var value: Int64 = 0
  for byte in digits {
    guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
    value = value * 10 + Int64(byte - UInt8(ascii: "0"))
  }
  return digits.isEmpty ? nil : value
}

func padded(_ value: Int64, _ width: Int) -> String {
  let digits = String(value)
  return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}

func floorDivision(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
  let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
  return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
}
