import Domain
import JSON
import Postgres

extension UniqueID: PostgresEncodable, PostgresDecodable {
  public static var postgresType: PostgresType { .uuid }

  public func encode(into bytes: inout PostgresBytes) {
    bytes.append(integer: high)
    bytes.append(integer: low)
  }

  public static func decode(_ cell: borrowing PostgresCell) throws(PostgresError) -> UniqueID {
    let uuid = try PostgresUUID.decode(cell)
    return UniqueID(high: uuid.hi, low: uuid.lo)
  }
}

extension Identifier: PostgresEncodable, PostgresDecodable {
  public static var postgresType: PostgresType { .uuid }
  public func encode(into bytes: inout PostgresBytes) { value.encode(into: &bytes) }

  public static func decode(_ cell: borrowing PostgresCell) throws(PostgresError) -> Self {
    Self(try UniqueID.decode(cell))
  }
}

extension Instant: PostgresEncodable, PostgresDecodable {
  public static var postgresType: PostgresType { .timestamptz }

  public func encode(into bytes: inout PostgresBytes) {
    PostgresTimestamp(microsecondsSinceUnixEpoch: microseconds).encode(into: &bytes)
  }

  public static func decode(_ cell: borrowing PostgresCell) throws(PostgresError) -> Instant {
    Instant(microseconds: try PostgresTimestamp.decode(cell).microsecondsSinceUnixEpoch)
  }
}

/// Values kept as text whose form was checked before they were written.
public protocol TextColumn: PostgresEncodable, PostgresDecodable {
  var columnText: String { get }
  init?(columnText: String)
}

extension TextColumn {
  public static var postgresType: PostgresType { .text }
  public func encode(into bytes: inout PostgresBytes) { bytes.append(text: columnText) }

  public static func decode(_ cell: borrowing PostgresCell) throws(PostgresError) -> Self {
    guard let value = Self(columnText: try String.decode(cell)) else {
      throw cell.mismatch(Self.self, found: "text of another form")
    }
    return value
  }
}

extension TextColumn where Self: RawRepresentable, RawValue == String {
  public var columnText: String { rawValue }
  public init?(columnText: String) { self.init(rawValue: columnText) }
}

extension TenantID: TextColumn {
  public var columnText: String { slug }
  public init?(columnText: String) { self.init(columnText) }
}

extension Market: TextColumn {
  public var columnText: String { code }
  public init?(columnText: String) { self.init(columnText) }
}

extension HSCode: TextColumn {
  public var columnText: String { digits }
  public init?(columnText: String) { self.init(columnText) }
}

extension Actor: TextColumn {
  public var columnText: String { name }
  public init?(columnText: String) { self.init(name: columnText) }
}

extension CaseState: TextColumn {}
extension ShipmentState: TextColumn {}
extension Lane: TextColumn {}
extension Decision.Kind: TextColumn {}
extension ReviewerRole: TextColumn {}
extension ReviewHappening: TextColumn {}
extension NoticeWish: TextColumn {}
extension Domain.Environment: TextColumn {}
