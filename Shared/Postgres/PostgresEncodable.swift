/// A value that can be bound to a placeholder, sent in binary format.
public protocol PostgresEncodable: PostgresArrayEncodable {
  static var postgresType: PostgresType { get }
  /// True if the value is sent as NULL; `encode` is then not called.
  var isPostgresNull: Bool { get }
  func encode(into bytes: inout PostgresBytes)
}

/// What an array may consist of. Every encodable type can; `UInt8` can too, though it is not encodable by itself, which
/// makes `[UInt8]` a `bytea` and `[[UInt8]]` a `bytea[]`.
public protocol PostgresArrayEncodable: Sendable {
  static var postgresArrayType: PostgresType { get }
  static func encode(array: [Self], into bytes: inout PostgresBytes)
}

extension PostgresEncodable {
  public var isPostgresNull: Bool { false }

  public static var postgresArrayType: PostgresType {
    PostgresType(oid: postgresType.arrayOID, arrayOID: 0)
  }

  public static func encode(array: [Self], into bytes: inout PostgresBytes) {
    bytes.append(integer: Int32(array.isEmpty ? 0 : 1))  // dimensions
    bytes.append(integer: Int32(array.contains { $0.isPostgresNull } ? 1 : 0))
    bytes.append(integer: postgresType.oid)
    if array.isEmpty { return }
    bytes.append(integer: Int32(array.count))
    bytes.append(integer: Int32(1))  // lower bound
    for element in array {
      if element.isPostgresNull {
        bytes.append(integer: Int32(-1))
      } else {
        bytes.appendLengthPrefixed { element.encode(into: &$0) }
      }
    }
  }
}

/// An enum with raw values needs no more than the conformance.
extension PostgresEncodable where Self: RawRepresentable, RawValue: PostgresEncodable {
  public static var postgresType: PostgresType { RawValue.postgresType }
  public func encode(into bytes: inout PostgresBytes) { rawValue.encode(into: &bytes) }
}

extension UInt8: PostgresArrayEncodable {
  public static var postgresArrayType: PostgresType { .bytea }
  public static func encode(array: [UInt8], into bytes: inout PostgresBytes) { bytes.append(bytes: array) }
}

extension Array: PostgresArrayEncodable where Element: PostgresArrayEncodable {}

extension Array: PostgresEncodable where Element: PostgresArrayEncodable {
  public static var postgresType: PostgresType { Element.postgresArrayType }
  public func encode(into bytes: inout PostgresBytes) { Element.encode(array: self, into: &bytes) }
}

extension Optional: PostgresArrayEncodable where Wrapped: PostgresEncodable {}

extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
  public static var postgresType: PostgresType { Wrapped.postgresType }
  public var isPostgresNull: Bool { self?.isPostgresNull ?? true }
  public func encode(into bytes: inout PostgresBytes) { self?.encode(into: &bytes) }
}

extension Bool: PostgresEncodable {
  public static var postgresType: PostgresType { .bool }
  public func encode(into bytes: inout PostgresBytes) { bytes.append(byte: self ? 1 : 0) }
}

extension Int16: PostgresEncodable {
  public static var postgresType: PostgresType { .int2 }
  public func encode(into bytes: inout PostgresBytes) { bytes.append(integer: self) }
}

extension Int32: PostgresEncodable {
  public static var postgresType: PostgresType { .int4 }
  public func encode(into bytes: inout PostgresBytes) { bytes.append(integer: self) }
}

extension Int64: PostgresEncodable {
  public static var postgresType: PostgresType { .int8 }
  public func encode(into bytes: inout PostgresBytes) { bytes.append(integer: self) }
}

extension Int: PostgresEncodable {
  public static var postgresType: PostgresType { .int8 }
  public func encode(into bytes: inout PostgresBytes) { bytes.append(integer: Int64(self)) }
}

extension Double: PostgresEncodable {
  public static var postgresType: PostgresType { .float8 }
  public func encode(into bytes: inout PostgresBytes) { bytes.append(integer: bitPattern) }
}

/// Sent as `text`; cast it in SQL to reach other types: `$1::numeric`, `$1::case_state`.
extension String: PostgresEncodable {
  public static var postgresType: PostgresType { .text }
  public func encode(into bytes: inout PostgresBytes) { bytes.append(text: self) }
}
