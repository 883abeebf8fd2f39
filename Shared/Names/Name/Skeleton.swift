/// The consonants of a word, alike where scripts exchange them: `Fernando Pérez` and `فرناندو بيريز` agree.
enum Skeleton {
  static func of(_ word: [UInt8]) -> [UInt8] {
    var skeleton: [UInt8] = []
    for (index, byte) in word.enumerated() {
      let (last, next) = (index > 0 ? word[index - 1] : 0, index + 1 < word.count ? word[index + 1] : 0)
      guard let sound = sound(byte, after: last, before: next) else { continue }
      if skeleton.last != sound { skeleton.append(sound) }
    }
    return skeleton
  }

  private static func sound(_ byte: UInt8, after last: UInt8, before next: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "b"): UInt8(ascii: "b")
    case UInt8(ascii: "p"): next == UInt8(ascii: "h") ? UInt8(ascii: "f") : UInt8(ascii: "b")
    case UInt8(ascii: "f"), UInt8(ascii: "v"): UInt8(ascii: "f")
    case UInt8(ascii: "d"), UInt8(ascii: "t"): UInt8(ascii: "t")
    case UInt8(ascii: "c"): next == UInt8(ascii: "h") ? UInt8(ascii: "s") : UInt8(ascii: "k")
    case UInt8(ascii: "g"), UInt8(ascii: "k"), UInt8(ascii: "q"), UInt8(ascii: "x"): UInt8(ascii: "k")
    case UInt8(ascii: "j"), UInt8(ascii: "s"), UInt8(ascii: "z"): UInt8(ascii: "s")
    case UInt8(ascii: "l"), UInt8(ascii: "r"): byte
    case UInt8(ascii: "m"), UInt8(ascii: "n"): byte
    // Part of `sh`, `kh`, `ph`, or silent at the end.
    case UInt8(ascii: "h"): next == 0 || "bcdgkpqstz".utf8.contains(last) ? nil : byte
    case UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...: byte
    default: nil
    }
  }

  /// Chinese and Japanese do not tell `l` from `r`.
  static func withoutL(_ skeleton: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    for byte in skeleton {
      let sound = byte == UInt8(ascii: "l") ? UInt8(ascii: "r") : byte
      if result.last != sound { result.append(sound) }
    }
    return result
  }
}
