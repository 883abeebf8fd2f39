import Names

/// Text as rules compare it: lower case, without accents, every run of other signs one space, in UTF-8. Each byte knows
/// where it came from, so that a match can be shown in the seller's own words.
struct NormalisedText {
  private(set) var bytes: [UInt8] = []
  /// For each byte, the offset in the original's UTF-8.
  private(set) var origins: [Int32] = []
  private var pendingSpace = false

  init(_ text: String) {
    var text = text
    text.withUTF8 { append($0) }
  }

  private mutating func append(_ utf8: UnsafeBufferPointer<UInt8>) {
    bytes.reserveCapacity(utf8.count)
    origins.reserveCapacity(utf8.count)
    var position = 0
    while position < utf8.count {
      let byte = utf8[position]
      if byte < 0x80 {
        append(ascii: byte, from: position)
        position += 1
      } else {
        let (scalar, length) = NormalisedText.scalar(utf8, at: position)
        append(scalar, from: position)
        position += length
      }
    }
  }

  private mutating func append(ascii byte: UInt8, from origin: Int) {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): append(byte, from: origin)
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): append(byte | 0x20, from: origin)
    default: pendingSpace = !bytes.isEmpty
    }
  }

  private mutating func append(_ scalar: Unicode.Scalar, from origin: Int) {
    if let plain = LatinFold.plain(scalar) {
      for index in 0..<plain.utf8CodeUnitCount { append(plain.utf8Start[index], from: origin) }
      return
    }
    switch scalar.value {
    case 0x00AD, 0x0300...0x036F, 0x200B...0x200F, 0x2060, 0xFE00...0xFE0F, 0xFEFF: return
    case 0xFF01...0xFF5E: append(ascii: UInt8(scalar.value - 0xFEE0), from: origin)
    default: append(other: scalar, from: origin)
    }
  }

  private mutating func append(other scalar: Unicode.Scalar, from origin: Int) {
    guard NormalisedText.isWordPart(scalar) else {
      pendingSpace = !bytes.isEmpty
      return
    }
    for byte in scalar.properties.lowercaseMapping.utf8 { append(byte, from: origin) }
  }

  private mutating func append(_ byte: UInt8, from origin: Int) {
    if pendingSpace {
      bytes.append(UInt8(ascii: " "))
      origins.append(Int32(truncatingIfNeeded: origin))
      pendingSpace = false
    }
    bytes.append(byte)
    origins.append(Int32(truncatingIfNeeded: origin))
  }

  private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
      .letterNumber, .otherNumber, .nonspacingMark, .spacingMark, .enclosingMark:
      true
    default: false
    }
  }

  private static func scalar(_ utf8: UnsafeBufferPointer<UInt8>, at position: Int) -> (Unicode.Scalar, Int) {
    let lead = utf8[position]
    let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
    var value = UInt32(lead) & (length == 4 ? 0x07 : length == 3 ? 0x0F : 0x1F)
    for offset in 1..<length { value = value << 6 | UInt32(utf8[position + offset] & 0x3F) }
    // A Swift string is valid UTF-8, so the value is a scalar.
    return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
  }
}

extension NormalisedText {
  /// The original words around a range of bytes, at most 80 characters.
  func excerpt(of original: String, _ range: Range<Int>) -> String {
    guard !range.isEmpty else { return String(original.prefix(80)) }
    let utf8 = original.utf8
    let first = utf8.index(utf8.startIndex, offsetBy: Int(origins[range.lowerBound]))
    let last = utf8.index(utf8.startIndex, offsetBy: Int(origins[range.upperBound - 1]))
    var start = original.index(first, offsetBy: -20, limitedBy: original.startIndex) ?? original.startIndex
    // Whole words, where there are any.
    if start != original.startIndex, let gap = original[start..<first].firstIndex(of: " ") {
      start = original.index(after: gap)
    }
    let shown = original[start...].prefix(80)
    return shown.endIndex > last ? String(shown) : String(original[first...].prefix(80))
  }
}
