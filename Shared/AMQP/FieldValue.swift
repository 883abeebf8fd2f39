/// A value in a header or argument table.
public enum FieldValue: Sendable, Hashable {
  case string(String)
  /// Every integer width of the wire; written as 64 bits.
  case int(Int64)
  case bool(Bool)
  /// Read from other publishers' floats, doubles and decimals; written as a double.
  case double(Double)
  case table(FieldTable)
  case array([FieldValue])
  case bytes([UInt8])
  /// Seconds since 1970.
  case timestamp(Int64)
  case void
}

public typealias FieldTable = [String: FieldValue]

extension FieldValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int64) { self = .int(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
}

/// Why the wire cannot carry a table. The C library would write a corrupt frame instead of refusing.
enum TableLimit {
  static let depthMax = 16
  static let nameBytesMax = 255
}

extension FieldValue {
  /// The bytes this takes on the wire, kind octet included; nil when it cannot be written.
  func encodedBytes(depth: Int) -> Int? {
    switch self {
    case .string(let text): 5 + text.utf8.count
    case .bytes(let bytes): 5 + bytes.count
    case .int, .double, .timestamp: 9
    case .bool: 2
    case .void: 1
    case .table(let table): table.encodedBytes(depth: depth + 1).map { $0 + 1 }
    case .array(let values): Self.encodedBytes(of: values, depth: depth + 1)
    }
  }

  private static func encodedBytes(of values: [FieldValue], depth: Int) -> Int? {
    guard depth <= TableLimit.depthMax else { return nil }
    var total = 5
    for value in values {
      guard let bytes = value.encodedBytes(depth: depth) else { return nil }
      total += bytes
    }
    return total
  }
}

extension FieldTable {
  /// The bytes this takes on the wire; nil when it nests too deep or has a name that is too long.
  func encodedBytes(depth: Int = 0) -> Int? {
    guard depth <= TableLimit.depthMax else { return nil }
    var total = 4
    for (name, value) in self {
      guard name.utf8.count <= TableLimit.nameBytesMax, let bytes = value.encodedBytes(depth: depth) else { return nil }
      total += 1 + name.utf8.count + bytes
    }
    return total
  }
}
