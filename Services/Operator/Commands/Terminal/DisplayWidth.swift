/// How many columns of a terminal a text takes: Chinese takes two per character, Thai vowels above and below take none.
enum DisplayWidth {
  static func of(_ text: String) -> Int {
    var width = 0
    var isEscape = false
    for scalar in text.unicodeScalars {
      if scalar == "\u{1B}" { isEscape = true }
      if isEscape {
        if scalar == "m" { isEscape = false }
        continue
      }
      width += columns(scalar)
    }
    return width
  }

  /// At most so many columns; what is cut ends in `…`.
  static func cut(_ text: String, to limit: Int) -> String {
    guard of(text) > limit, limit > 0 else { return text }
    var kept = ""
    var width = 0
    for character in text {
      let columns = of(String(character))
      if width + columns > limit - 1 { break }
      kept.append(character)
      width += columns
    }
    return kept + "…"
  }

  private static func columns(_ scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0x300 { return scalar.value < 0x20 ? 0 : 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
