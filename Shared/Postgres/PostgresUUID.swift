/// A `uuid` as its two halves.
public struct PostgresUUID: Sendable, Hashable {
  public var hi: UInt64
  public var lo: UInt64

  public init(hi: UInt64, lo: UInt64) {
    self.hi = hi
    self.lo = lo
  }
}

extension PostgresUUID: PostgresEncodable, PostgresDecodable {
  public static var postgresType: PostgresType { .uuid }

  public func encode(into bytes: inout PostgresBytes) {
    bytes.append(integer: hi)
    bytes.append(integer: lo)
  }

  public static func decode(_ cell: borrowing PostgresCell) throws(PostgresError) -> PostgresUUID {
    let bytes = try cell.bytes(of: .uuid, as: PostgresUUID.self)
    guard bytes.count == 16 else { throw cell.mismatch(PostgresUUID.self, found: "\(bytes.count) bytes") }
    let raw = UnsafeRawBufferPointer(bytes)
    return PostgresUUID(
      hi: UInt64(bigEndian: raw.loadUnaligned(as: UInt64.self)),
      lo: UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
  }
}
