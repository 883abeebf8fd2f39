/// Korean syllables, taken apart by their number and spelt as names usually are.
enum Hangul {
  static func latin(_ scalar: Unicode.Scalar) -> String? {
    guard (0xAC00..<0xD7A4).contains(scalar.value) else { return nil }
    let number = Int(scalar.value) - 0xAC00
    return initials[number / 588] + vowels[number % 588 / 28] + finals[number % 28]
  }

  private static let initials = [
    "k", "kk", "n", "t", "tt", "r", "m", "p", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h",
  ]
  private static let vowels = [
    "a", "ae", "ya", "yae", "o", "e", "yo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "u", "ui",
    "i",
  ]
  private static let finals = [
    "", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "l", "l", "m", "p", "p", "t", "t", "ng", "t",
    "t", "k", "t", "p", "h",
  ]
}
