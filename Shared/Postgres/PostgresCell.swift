import CPostgreSQL

/// One value of a result, borrowed from it: in binary format, with its type.
public struct PostgresCell: ~Copyable {
  let base: UnsafePointer<UInt8>?
  let count: Int
  /// Of the value, which for an array element is the element type.
  public let oid: UInt32
  let column: Int32
  let result: OpaquePointer

  public var isNull: Bool { base == nil }

  /// The bytes of the value if it is one of `types`.
  func bytes<Value>(
    of types: PostgresType..., as expected: Value.Type = Value.self
  ) throws(PostgresError) -> UnsafeBufferPointer<UInt8> {
    guard let base else { throw mismatch(expected, found: "NULL") }
    guard types.contains(where: { $0.oid == oid }) else { throw mismatch(expected, found: "type OID \(oid)") }
    return UnsafeBufferPointer(start: base, count: count)
  }

  func integer<T: FixedWidthInteger>(_ width: T.Type = T.self) throws(PostgresError) -> T {
    guard let base, count == MemoryLayout<T>.size else { throw mismatch(T.self, found: "\(count) bytes") }
    return T(bigEndian: UnsafeRawPointer(base).loadUnaligned(as: T.self))
  }

  public func mismatch<Value>(_ expected: Value.Type, found: String) -> PostgresError {
    var error = PostgresError(kind: .decode, explanation: "expected \(Value.self), found \(found)")
    error.column = PQfname(result, column).map { String(cString: $0) }
    return error
  }
}
