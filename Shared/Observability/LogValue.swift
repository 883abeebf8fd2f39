import JSON

/// A value in the metadata of a log line. What people or tenants wrote goes in as `.sensitive`, which is not printed.
public enum LogValue: Hashable, Sendable {
  case string(String)
  case integer(Int64)
  case double(Double)
  case bool(Bool)
  case list([LogValue])
  /// Printed as its length only.
  case sensitive(String)

  /// The text of a value that names itself, such as an id.
  public static func of(_ value: some CustomStringConvertible) -> LogValue { .string(value.description) }

  public static func integer(_ value: some BinaryInteger) -> LogValue { .integer(Int64(clamping: value)) }

  /// In seconds, for keys that end in `_seconds`.
  public static func seconds(_ duration: Duration) -> LogValue {
    let (seconds, attoseconds) = duration.components
    return .double(Double(seconds) + Double(attoseconds) / 1e18)
  }
}

extension LogValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int64) { self = .integer(value) }
  public init(floatLiteral value: Double) { self = .double(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(arrayLiteral elements: LogValue...) { self = .list(elements) }
}

extension LogValue {
  /// Longer text is cut, so that a line stays one small write.
  private static let textBytesMax = 2048

  var json: JSONValue {
    switch self {
    case .string(let text): .string(Self.shortened(text))
    case .integer(let value): .integer(value)
    case .double(let value): value.isFinite ? JSONValue(value) : .string("\(value)")
    case .bool(let value): .bool(value)
    case .list(let values): .array(values.prefix(100).map(\.json))
    case .sensitive(let text): .string("[\(text.utf8.count) bytes redacted]")
    }
  }

  private static func shortened(_ text: String) -> String {
    guard text.utf8.count > textBytesMax else { return text }
    return String(decoding: text.utf8.prefix(textBytesMax), as: UTF8.self) + "…"
  }
}
