/// Writes JSON as bytes. The canonical form has sorted keys and no spaces (RFC 8785 for the values we write: integers,
/// literals kept as given, text), so that equal values have equal bytes and one hash.
public struct JSONWriter {
  public private(set) var bytes: [UInt8] = []
  private let sortsKeys: Bool

  private init(sortsKeys: Bool) { self.sortsKeys = sortsKeys }

  public static func bytes(_ value: JSONValue) -> [UInt8] {
    var writer = JSONWriter(sortsKeys: false)
    writer.write(value)
    return writer.bytes
  }

  public static func canonicalBytes(_ value: JSONValue) -> [UInt8] {
    var writer = JSONWriter(sortsKeys: true)
    writer.write(value)
    return writer.bytes
  }

  private mutating func write(_ value: JSONValue) {
    switch value {
    case .null: append("null")
    case .bool(let flag): append(flag ? "true" : "false")
    case .integer(let number): append(number)
    case .number(let literal): bytes.append(contentsOf: literal.utf8)
    case .string(let text): append(quoted: text)
    case .array(let values): write(array: values)
    case .object(let object): write(object: object)
    }
  }

  private mutating func write(array values: [JSONValue]) {
    bytes.append(UInt8(ascii: "["))
    for (index, value) in values.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      write(value)
    }
    bytes.append(UInt8(ascii: "]"))
  }

  private mutating func write(object: JSONObject) {
    let members = sortsKeys ? object.members.sorted { precedes($0.key, $1.key) } : object.members
    bytes.append(UInt8(ascii: "{"))
    for (index, member) in members.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      append(quoted: member.key)
      bytes.append(UInt8(ascii: ":"))
      write(member.value)
    }
    bytes.append(UInt8(ascii: "}"))
  }

  /// RFC 8785 orders keys by UTF-16 code units, which differs from UTF-8 order only above the basic plane.
  private func precedes(_ left: String, _ right: String) -> Bool { left.utf16.lexicographicallyPrecedes(right.utf16) }

  private mutating func append(_ text: StaticString) {
    bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  private mutating func append(_ number: Int64) { bytes.append(contentsOf: String(number).utf8) }

  private mutating func append(quoted text: String) {
    bytes.append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { utf8 in
      var start = 0
      for index in 0..<utf8.count {
        let byte = utf8[index]
        if byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") { continue }
        bytes.append(contentsOf: utf8[start..<index])
        append(escaped: byte)
        start = index + 1
      }
      bytes.append(contentsOf: utf8[start...])
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func append(escaped byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): append("\\\"")
    case UInt8(ascii: "\\"): append("\\\\")
    case 0x08: append("\\b")
    case 0x09: append("\\t")
    case 0x0A: append("\\n")
    case 0x0C: append("\\f")
    case 0x0D: append("\\r")
    default:
      let digits: StaticString = "0123456789abcdef"
      append("\\u00")
      bytes.append(digits.utf8Start[Int(byte >> 4)])
      bytes.append(digits.utf8Start[Int(byte & 15)])
    }
  }
}

extension JSONValue {
  public var bytes: [UInt8] { JSONWriter.bytes(self) }
  public var canonicalBytes: [UInt8] { JSONWriter.canonicalBytes(self) }
  public var text: String { String(decoding: bytes, as: UTF8.self) }
}
