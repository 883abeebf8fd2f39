/// A `date`, as days since 1970-01-01.
public struct PostgresDate: Sendable, Hashable, Comparable {
  public var daysSinceUnixEpoch: Int32

  public init(daysSinceUnixEpoch: Int32) {
    self.daysSinceUnixEpoch = daysSinceUnixEpoch
  }

  public static func < (a: Self, b: Self) -> Bool { a.daysSinceUnixEpoch < b.daysSinceUnixEpoch }
}

extension PostgresDate: PostgresEncodable, PostgresDecodable {
  /// PostgreSQL counts from 2000-01-01.
  private static let epochOffsetDays: Int32 = 10957

  public static var postgresType: PostgresType { .date }

  public func encode(into bytes: inout PostgresBytes) {
    let (value, overflow) = daysSinceUnixEpoch.subtractingReportingOverflow(Self.epochOffsetDays)
    if overflow { bytes.refuse("date is out of range") }
    bytes.append(integer: value)
  }

  public static func decode(_ cell: borrowing PostgresCell) throws(PostgresError) -> PostgresDate {
    _ = try cell.bytes(of: .date, as: PostgresDate.self)
    let value = try cell.integer(Int32.self)
    let (days, overflow) = value.addingReportingOverflow(epochOffsetDays)
    guard !overflow, value != .min else { throw cell.mismatch(PostgresDate.self, found: "an infinite date") }
    return PostgresDate(daysSinceUnixEpoch: days)
  }
}
