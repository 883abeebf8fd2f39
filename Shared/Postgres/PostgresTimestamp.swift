/// A `timestamptz`, to the microsecond, as PostgreSQL keeps it.
public struct PostgresTimestamp: Sendable, Hashable, Comparable {
  public var microsecondsSinceUnixEpoch: Int64

  public init(microsecondsSinceUnixEpoch: Int64) {
    self.microsecondsSinceUnixEpoch = microsecondsSinceUnixEpoch
  }

  public static func < (a: Self, b: Self) -> Bool { a.microsecondsSinceUnixEpoch < b.microsecondsSinceUnixEpoch }
}

extension PostgresTimestamp: PostgresEncodable, PostgresDecodable {
  /// PostgreSQL counts from 2000-01-01.
  private static let epochOffsetMicroseconds: Int64 = 946_684_800_000_000

  public static var postgresType: PostgresType { .timestamptz }

  public func encode(into bytes: inout PostgresBytes) {
    let (value, overflow) = microsecondsSinceUnixEpoch.subtractingReportingOverflow(Self.epochOffsetMicroseconds)
    if overflow { bytes.refuse("timestamp is out of range") }
    bytes.append(integer: value)
  }

  public static func decode(_ cell: borrowing PostgresCell) throws(PostgresError) -> PostgresTimestamp {
    _ = try cell.bytes(of: .timestamptz, as: PostgresTimestamp.self)
    let value = try cell.integer(Int64.self)
    // The two extremes of Int64 stand for infinity and -infinity.
    let (microseconds, overflow) = value.addingReportingOverflow(epochOffsetMicroseconds)
    guard !overflow, value != .min else { throw cell.mismatch(PostgresTimestamp.self, found: "an infinite timestamp") }
    return PostgresTimestamp(microsecondsSinceUnixEpoch: microseconds)
  }
}
