@_spi(_Unicode) import Swift

/// Text as it is stored and hashed: composed (NFC), without characters nobody can see, with single spaces.
enum CleanText {
  static func clean(_ raw: String) -> String {
    if isCleanASCII(raw) { return raw }
    return collapsed(visible(raw))
  }

  /// Most text is clean already, and a table has a million cells.
  private static func isCleanASCII(_ raw: String) -> Bool {
    var previous: UInt8 = 0x20
    for byte in raw.utf8 {
      guard byte >= 0x20, byte < 0x7F, byte != 0x20 || previous != 0x20 else { return false }
      previous = byte
    }
    return previous != 0x20 || raw.isEmpty
  }

  /// Controls that end a line or a cell become spaces, so that the words beside them stay apart. The invisible ones
  /// are dropped before composing, because they would keep a letter and its accent apart.
  private static func visible(_ raw: String) -> String {
    var kept = String.UnicodeScalarView()
    for scalar in raw.unicodeScalars {
      if scalar.value > 0x20 && scalar.value < 0x7F {
        kept.append(scalar)
      } else if scalar.properties.isWhitespace {
        kept.append(" ")
      } else if !isInvisible(scalar) {
        kept.append(scalar)
      }
    }
    var composed = String.UnicodeScalarView()
    composed.append(contentsOf: String(kept)._nfc)
    return String(composed)
  }

  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x00...0x1F, 0x7F...0x9F: true  // controls
    case 0xAD, 0x061C, 0x180E: true  // soft hyphen, letter marks
    case 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F: true  // zero width, direction
    case 0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE007F: true  // byte order mark, annotations, tags
    default: scalar.properties.isNoncharacterCodePoint
    }
  }

  private static func collapsed(_ text: String) -> String {
    var result = ""
    var pendingSpace = false
    for scalar in text.unicodeScalars {
      if scalar == " " {
        pendingSpace = !result.isEmpty
        continue
      }
      if pendingSpace {
        result += " "
        pendingSpace = false
      }
      result.unicodeScalars.append(scalar)
    }
    return result
  }
}
