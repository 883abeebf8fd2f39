/// A JSON document as bytes, for `jsonb` (and read from `json` too). It is not parsed here; the server does that.
public struct JSONText: Sendable, Hashable {
  public var bytes: [UInt8]

  public init(bytes: [UInt8]) { self.bytes = bytes }
  public init(text: String) { bytes = Array(text.utf8) }

  public var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension JSONText: PostgresEncodable, PostgresDecodable {
  private static let formatVersion: UInt8 = 1

  public static var postgresType: PostgresType { .jsonb }

  public func encode(into bytes: inout PostgresBytes) {
    if self.bytes.contains(0) { bytes.refuse("JSON contains a NUL byte") }
    bytes.append(byte: Self.formatVersion)
    bytes.append(bytes: self.bytes)
  }

  public static func decode(_ cell: borrowing PostgresCell) throws(PostgresError) -> JSONText {
    let bytes = try cell.bytes(of: .jsonb, .json, as: JSONText.self)
    if cell.oid == PostgresType.json.oid { return JSONText(bytes: Array(bytes)) }
    guard bytes.first == formatVersion else { throw cell.mismatch(JSONText.self, found: "an unknown jsonb version") }
    return JSONText(bytes: Array(bytes.dropFirst()))
  }
}
