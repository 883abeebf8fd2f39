/// The writing a word comes in, as far as it decides how the word is read and compared.
enum Script: UInt8, Sendable {
  case latin, cyrillic, greek, hebrew, arabic, hangul, han, kana, other

  init(_ scalar: Unicode.Scalar) {
    switch scalar.value {
    case 0..<0x370, 0x1E00..<0x1F00, 0x2C60..<0x2C80, 0xA720..<0xA800, 0xFB00..<0xFB07, 0xFF00..<0xFF60: self = .latin
    case 0x370..<0x400, 0x1F00..<0x2000: self = .greek
    case 0x400..<0x530, 0x1C80..<0x1C90, 0x2DE0..<0x2E00, 0xA640..<0xA6A0: self = .cyrillic
    case 0x590..<0x600, 0xFB1D..<0xFB50: self = .hebrew
    case 0x600..<0x700, 0x750..<0x780, 0x8A0..<0x900, 0xFB50..<0xFE00, 0xFE70..<0xFEFF: self = .arabic
    case 0x3040..<0x3100, 0x31F0..<0x3200, 0xFF66..<0xFFA0: self = .kana
    case 0x1100..<0x1200, 0x3130..<0x3190, 0xAC00..<0xD7B0: self = .hangul
    case 0x3005, 0x3400..<0x4DC0, 0x4E00..<0xA000, 0xF900..<0xFB00, 0x20000..<0x32000: self = .han
    default: self = .other
    }
  }

  /// Writes few or no vowels, or is read aloud in several ways: compared with Latin letters by consonants.
  var hidesVowels: Bool { self == .arabic || self == .hebrew || self == .other }

  /// A foreign name is written by syllables that only resemble it.
  var isSyllabic: Bool { self == .han || self == .kana || self == .hangul }
}
