/// Strict RFC 8259 over UTF-8: no trailing commas, no duplicate keys, no lone surrogates, bounded depth.
/// Duplicate keys are refused because two readers that pick different ones would disagree about what was signed.
public struct JSONParser {
  public struct Limits: Sendable {
    public var depth: Int
    public init(depth: Int = 64) { self.depth = depth }
  }

  public static func parse(_ bytes: [UInt8], limits: Limits = Limits()) throws(JSONError) -> JSONValue {
    let result: Result<JSONValue, JSONError> = bytes.withUnsafeBufferPointer { buffer in
      var parser = JSONParser(input: buffer, limits: limits)
      do throws(JSONError) { return .success(try parser.document()) } catch { return .failure(error) }
    }
    return try result.get()
  }

  public static func parse(_ text: String, limits: Limits = Limits()) throws(JSONError) -> JSONValue {
    try parse(Array(text.utf8), limits: limits)
  }

  private let input: UnsafeBufferPointer<UInt8>
  private let limits: Limits
  private var position = 0

  private init(input: UnsafeBufferPointer<UInt8>, limits: Limits) {
    self.input = input
    self.limits = limits
  }

  private mutating func document() throws(JSONError) -> JSONValue {
    let value = try value(depth: 0)
    skipWhitespace()
    guard position == input.count else { throw failure("nothing may follow the document") }
    return value
  }

  private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
    guard depth <= limits.depth else { throw failure("nested deeper than \(limits.depth)") }
    skipWhitespace()
    guard position < input.count else { throw failure("unexpected end") }
    switch input[position] {
    case UInt8(ascii: "{"): return .object(try object(depth: depth))
    case UInt8(ascii: "["): return .array(try array(depth: depth))
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    default: return try number()
    }
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSONObject {
    position += 1
    var members: [JSONObject.Member] = []
    skipWhitespace()
    if take(UInt8(ascii: "}")) { return JSONObject() }
    while true {
      skipWhitespace()
      guard position < input.count, input[position] == UInt8(ascii: "\"") else { throw failure("a key was expected") }
      let key = try string()
      // Long objects come from outside only; a scan per key would let one cost quadratic time.
      if members.count < 32, members.contains(where: { $0.key == key }) {
        throw failure("the key '\(key)' stands twice")
      }
      skipWhitespace()
      guard take(UInt8(ascii: ":")) else { throw failure("':' was expected") }
      members.append(.init(key: key, value: try value(depth: depth + 1)))
      skipWhitespace()
      if take(UInt8(ascii: "}")) { break }
      guard take(UInt8(ascii: ",")) else { throw failure("',' or '}' was expected") }
    }
    if members.count > 32, Set(members.map(\.key)).count != members.count { throw failure("a key stands twice") }
    return JSONObject(uniqueMembers: members)
  }

  private mutating func array(depth: Int) throws(JSONError) -> [JSONValue] {
    position += 1
    var values: [JSONValue] = []
    skipWhitespace()
    if take(UInt8(ascii: "]")) { return values }
    while true {
      values.append(try value(depth: depth + 1))
      skipWhitespace()
      if take(UInt8(ascii: "]")) { return values }
      guard take(UInt8(ascii: ",")) else { throw failure("',' or ']' was expected") }
    }
  }

  private mutating func string() throws(JSONError) -> String {
    position += 1
    let start = position
    while position < input.count {
      let byte = input[position]
      if byte == UInt8(ascii: "\"") {
        let text = try validated(start..<position)
        position += 1
        return text
      }
      if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
      guard byte >= 0x20 else { throw failure("a control character must be escaped") }
      position += 1
    }
    throw failure("the string does not end")
  }

  private mutating func escapedString(from start: Int) throws(JSONError) -> String {
    var text = try validated(start..<position)
    while position < input.count {
      let byte = input[position]
      if byte == UInt8(ascii: "\"") {
        position += 1
        return text
      }
      guard byte >= 0x20 else { throw failure("a control character must be escaped") }
      if byte == UInt8(ascii: "\\") {
        text.unicodeScalars.append(try escape())
        continue
      }
      let run = position
      while position < input.count, input[position] != UInt8(ascii: "\""), input[position] != UInt8(ascii: "\\"),
        input[position] >= 0x20
      {
        position += 1
      }
      text += try validated(run..<position)
    }
    throw failure("the string does not end")
  }

  private mutating func escape() throws(JSONError) -> Unicode.Scalar {
    position += 1
    guard position < input.count else { throw failure("the string does not end") }
    let byte = input[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{08}"
    case UInt8(ascii: "f"): return "\u{0C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape()
    default: throw failure("unknown escape")
    }
  }

  private mutating func unicodeEscape() throws(JSONError) -> Unicode.Scalar {
    let first = try hexadecimal4()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xDC00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw failure("lone surrogate") }
    let second = try hexadecimal4()
    guard (0xDC00...0xDFFF).contains(second),
      let scalar = Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
    else { throw failure("lone surrogate") }
    return scalar
  }

  private mutating func hexadecimal4() throws(JSONError) -> UInt32 {
    guard position + 4 <= input.count else { throw failure("four hexadecimal digits were expected") }
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = Character(Unicode.Scalar(input[position])).hexDigitValue, input[position] < 0x80 else {
        throw failure("four hexadecimal digits were expected")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  private mutating func number() throws(JSONError) -> JSONValue {
    let start = position
    var isInteger = true
    _ = take(UInt8(ascii: "-"))
    if take(UInt8(ascii: "0")) {
      // A leading zero stands alone.
    } else {
      try digits()
    }
    if take(UInt8(ascii: ".")) {
      isInteger = false
      try digits()
    }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      isInteger = false
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      try digits()
    }
    let literal = String(decoding: input[start..<position], as: UTF8.self)
    if isInteger, literal != "-0", let value = Int64(literal) { return .integer(value) }
    return .number(literal)
  }

  private mutating func digits() throws(JSONError) {
    let start = position
    while position < input.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(input[position]) { position += 1 }
    guard position > start else { throw failure("a value was expected") }
  }

  private mutating func literal(_ text: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
    for index in 0..<text.utf8CodeUnitCount {
      guard take(text.utf8Start[index]) else { throw failure("a value was expected") }
    }
    return value
  }

  private func validated(_ range: Range<Int>) throws(JSONError) -> String {
    guard let text = String(validating: input[range], as: UTF8.self) else { throw failure("not UTF-8") }
    return text
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard position < input.count, input[position] == byte else { return false }
    position += 1
    return true
  }

  private mutating func skipWhitespace() {
    while position < input.count {
      switch input[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return
      }
    }
  }

  private func failure(_ reason: String) -> JSONError { JSONError(at: .byte(position), reason) }
}
