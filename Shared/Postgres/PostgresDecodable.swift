/// A value that can be read from a result column in binary format.
public protocol PostgresDecodable: PostgresArrayDecodable {
  static func decode(_ cell: borrowing PostgresCell) throws(PostgresError) -> Self
}

/// What a decoded array may consist of; see `PostgresArrayEncodable`.
public protocol PostgresArrayDecodable {
  static func decode(array cell: borrowing PostgresCell) throws(PostgresError) -> [Self]
}

extension PostgresDecodable {
  public static func decode(array cell: borrowing PostgresCell) throws(PostgresError) -> [Self] {
    guard let base = cell.base else { throw cell.mismatch([Self].self, found: "NULL") }
    var reader = ArrayReader(rest: UnsafeBufferPointer(start: base, count: cell.count))
    guard let header = reader.readHeader() else { throw cell.mismatch([Self].self, found: "type OID \(cell.oid)") }
    var elements: [Self] = []
    elements.reserveCapacity(header.count)
    for _ in 0..<header.count {
      guard let element = reader.readElement() else { throw cell.mismatch([Self].self, found: "a cut off array") }
      elements.append(
        try decode(
          PostgresCell(
            base: element.baseAddress, count: element.count, oid: header.elementOID, column: cell.column,
            result: cell.result)))
    }
    return elements
  }
}

extension PostgresDecodable where Self: RawRepresentable, RawValue: PostgresDecodable {
  public static func decode(_ cell: borrowing PostgresCell) throws(PostgresError) -> Self {
    guard let value = Self(rawValue: try RawValue.decode(cell)) else {
      throw cell.mismatch(Self.self, found: "a value outside it")
    }
    return value
  }
}

/// Walks the binary format of a one-dimensional array; nil means that the bytes are not one.
private struct ArrayReader {
  var rest: UnsafeBufferPointer<UInt8>

  mutating func readHeader() -> (count: Int, elementOID: UInt32)? {
    guard let dimensions = readInt32(), let flags = readInt32(), let oid = readInt32() else { return nil }
    let elementOID = UInt32(bitPattern: oid)
    guard flags == 0 || flags == 1 else { return nil }
    if dimensions == 0 { return (0, elementOID) }
    guard dimensions == 1, let count = readInt32(), readInt32() != nil else { return nil }
    guard count >= 0, Int(count) <= rest.count / 4 else { return nil }
    return (Int(count), elementOID)
  }

  /// A NULL element has no base address.
  mutating func readElement() -> UnsafeBufferPointer<UInt8>? {
    guard let length = readInt32() else { return nil }
    if length == -1 { return UnsafeBufferPointer(start: nil, count: 0) }
    guard length >= 0, Int(length) <= rest.count else { return nil }
    // The base address is kept for an empty element, which is not NULL.
    let element = UnsafeBufferPointer(start: rest.baseAddress, count: Int(length))
    advance(by: Int(length))
    return element
  }

  private mutating func readInt32() -> Int32? {
    guard rest.count >= 4, let base = rest.baseAddress else { return nil }
    defer { advance(by: 4) }
    return Int32(bigEndian: UnsafeRawPointer(base).loadUnaligned(as: Int32.self))
  }

  private mutating func advance(by count: Int) {
    rest = UnsafeBufferPointer(start: rest.baseAddress.map { $0 + count }, count: rest.count - count)
  }
}

extension UInt8: PostgresArrayDecodable {
  public static func decode(array cell: borrowing PostgresCell) throws(PostgresError) -> [UInt8] {
    Array(try cell.bytes(of: .bytea, as: [UInt8].self))
  }
}

extension Array: PostgresArrayDecodable where Element: PostgresArrayDecodable {}

extension Array: PostgresDecodable where Element: PostgresArrayDecodable {
  public static func decode(_ cell: borrowing PostgresCell) throws(PostgresError) -> [Element] {
    try Element.decode(array: cell)
  }
}

extension Optional: PostgresArrayDecodable where Wrapped: PostgresDecodable {}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
  public static func decode(_ cell: borrowing PostgresCell) throws(PostgresError) -> Wrapped? {
    cell.isNull ? nil : try Wrapped.decode(cell)
  }
}

extension Bool: PostgresDecodable {
  public static func decode(_ cell: borrowing PostgresCell) throws(PostgresError) -> Bool {
    _ = try cell.bytes(of: .bool, as: Bool.self)
    return try cell.integer(UInt8.self) != 0
  }
}

extension Int16: PostgresDecodable {
  public static func decode(_ cell: borrowing PostgresCell) throws(PostgresError) -> Int16 {
    _ = try cell.bytes(of: .int2, as: Int16.self)
    return try cell.integer()
  }
}

extension Int32: PostgresDecodable {
  public static func decode(_ cell: borrowing PostgresCell) throws(PostgresError) -> Int32 {
    _ = try cell.bytes(of: .int2, .int4, as: Int32.self)
    return cell.count == 2 ? Int32(try cell.integer(Int16.self)) : try cell.integer()
  }
}

/// Every integer of the server, and `oid` and `xid8`, fit.
extension Int64: PostgresDecodable {
  public static func decode(_ cell: borrowing PostgresCell) throws(PostgresError) -> Int64 {
    _ = try cell.bytes(of: .int8, .int4, .int2, .xid8, .oid, as: Int64.self)
    switch cell.oid {
    case PostgresType.oid.oid: return Int64(try cell.integer(UInt32.self))
    case PostgresType.int4.oid: return Int64(try cell.integer(Int32.self))
    case PostgresType.int2.oid: return Int64(try cell.integer(Int16.self))
    default: return try cell.integer()
    }
  }
}

extension Int: PostgresDecodable {
  public static func decode(_ cell: borrowing PostgresCell) throws(PostgresError) -> Int {
    Int(try Int64.decode(cell))
  }
}

extension Double: PostgresDecodable {
  public static func decode(_ cell: borrowing PostgresCell) throws(PostgresError) -> Double {
    _ = try cell.bytes(of: .float8, .float4, as: Double.self)
    if cell.count == 4 { return Double(Float(bitPattern: try cell.integer(UInt32.self))) }
    return Double(bitPattern: try cell.integer(UInt64.self))
  }
}

/// From the text types, and exactly from `numeric`. Cast other types, enums for one, in SQL with `::text`.
extension String: PostgresDecodable {
  public static func decode(_ cell: borrowing PostgresCell) throws(PostgresError) -> String {
    let bytes = try cell.bytes(of: .text, .varchar, .bpchar, .name, .char, .numeric, .json, .void, as: String.self)
    if cell.oid == PostgresType.numeric.oid {
      guard let text = NumericText.decode(bytes) else { throw cell.mismatch(String.self, found: "a malformed numeric") }
      return text
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw cell.mismatch(String.self, found: "bytes that are not UTF-8")
    }
    return text
  }
}
