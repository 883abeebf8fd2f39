/// The origin-form target of a request: an absolute path and a query, decoded and safe to compare.
struct RequestTarget: Sendable {
  let rawPath: String
  /// Decoded. A segment may contain any character but controls, so also `/`; it is never `.` or `..`.
  let segments: [String]
  let query: [(name: String, value: String)]

  /// Nil when it is not in origin form, or when decoding it would be ambiguous or unsafe.
  init?(_ raw: ArraySlice<UInt8>) {
    guard raw.first == UInt8(ascii: "/"), raw.allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "#") })
    else { return nil }
    let path = raw.prefix { $0 != UInt8(ascii: "?") }
    let queryBytes = raw[path.endIndex...].dropFirst()
    var segments: [String] = []
    for segment in path.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      guard let decoded = Self.decoded(segment, plusIsSpace: false), decoded != ".", decoded != ".." else { return nil }
      segments.append(decoded)
    }
    var query: [(name: String, value: String)] = []
    for pair in queryBytes.split(separator: UInt8(ascii: "&")) {
      let name = pair.prefix { $0 != UInt8(ascii: "=") }
      guard let decodedName = Self.decoded(name, plusIsSpace: true),
        let value = Self.decoded(pair[name.endIndex...].dropFirst(), plusIsSpace: true)
      else { return nil }
      query.append((decodedName, value))
    }
    rawPath = String(decoding: path, as: UTF8.self)
    self.segments = segments
    self.query = query
  }

  /// Nil for a broken escape, text that is not UTF-8, and control characters.
  private static func decoded(_ text: ArraySlice<UInt8>, plusIsSpace: Bool) -> String? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count)
    var index = text.startIndex
    while index < text.endIndex {
      var byte = text[index]
      if byte == UInt8(ascii: "%") {
        guard index + 2 < text.endIndex, let high = text[index + 1].hexDigitValue,
          let low = text[index + 2].hexDigitValue
        else { return nil }
        byte = high << 4 | low
        index += 2
        guard byte >= 0x20, byte != 0x7f else { return nil }
      } else if plusIsSpace && byte == UInt8(ascii: "+") {
        byte = UInt8(ascii: " ")
      }
      bytes.append(byte)
      index += 1
    }
    return String(validating: bytes, as: UTF8.self)
  }
}

extension UInt8 {
  var hexDigitValue: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
