/// FNV-1a over the bytes, apart by kind of feature.
enum FeatureHash {
  enum Seed: UInt32 {
    case word = 0x811C_9DC5
    case piece = 0x1234_5671
    case start = 0x2345_6783
    case unit = 0x3456_7895
    case gram = 0x4567_89A7
    case consonants = 0x5678_9AB9
  }

  static func of(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, seed: Seed) -> UInt32 {
    var hash = seed.rawValue
    for index in range { hash = (hash ^ UInt32(bytes[index])) &* 0x0100_0193 }
    return hash
  }

  /// A stem ends in `i` where the word ends in `y`, so that `battery` meets `batteries`.
  static func stem(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> UInt32 {
    guard range.count > 3, bytes[range.upperBound - 1] == UInt8(ascii: "y") else {
      return of(bytes, range, seed: .word)
    }
    let hash = of(bytes, range.lowerBound..<range.upperBound - 1, seed: .word)
    return (hash ^ UInt32(UInt8(ascii: "i"))) &* 0x0100_0193
  }

  static func pair(_ left: UInt32, _ right: UInt32) -> UInt32 {
    var hash = (left &* 0x9E37_79B1) ^ (right &+ 0x7F4A_7C15 &+ (left << 6) &+ (left >> 2))
    hash = (hash ^ (hash >> 15)) &* 0x85EB_CA6B
    return hash ^ (hash >> 13)
  }

  static func isVowel(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "i"), UInt8(ascii: "o"), UInt8(ascii: "u"): true
    default: false
    }
  }

  static func word(_ text: String) -> UInt32 {
    Array(text.utf8).withUnsafeBufferPointer { of($0, $0.indices, seed: .word) }
  }
}

/// English plurals, cut by rule. Wrong on some words, but wrong alike in what is learnt and what is asked.
enum Stem {
  static func range(of bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Range<Int> {
    let end = range.upperBound
    guard range.count > 3, bytes[end - 1] == UInt8(ascii: "s") else { return range }
    let before = bytes[end - 2]
    if before == UInt8(ascii: "s") || before == UInt8(ascii: "u") || before == UInt8(ascii: "i") { return range }
    guard before == UInt8(ascii: "e"), range.count > 4 else { return range.lowerBound..<end - 1 }
    let third = bytes[end - 3]
    let isSibilant =
      third == UInt8(ascii: "x") || third == UInt8(ascii: "s") && bytes[end - 4] == UInt8(ascii: "s")
      || third == UInt8(ascii: "h")
    return range.lowerBound..<end - (isSibilant || third == UInt8(ascii: "i") ? 2 : 1)
  }
}
