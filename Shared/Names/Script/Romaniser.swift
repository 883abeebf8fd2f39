/// Spells words of any script in plain Latin letters.
enum Romaniser {
  static func latin(_ word: RawWord) -> [UInt8] {
    switch word.script {
    case .latin: return folded(word.scalars)
    case .cyrillic, .greek, .hebrew, .arabic: return letterByLetter(word.scalars)
    case .hangul: return Array(word.scalars.compactMap(Hangul.latin).joined().utf8)
    case .han, .kana, .other: return transliterated(word.scalars)
    }
  }

  static func folded(_ scalars: [Unicode.Scalar]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(scalars.count)
    for scalar in scalars {
      switch scalar {
      case "a"..."z", "0"..."9": bytes.append(UInt8(scalar.value))
      case "A"..."Z": bytes.append(UInt8(scalar.value) | 0x20)
      default: append(scalar, &bytes)
      }
    }
    return bytes
  }

  private static func append(_ scalar: Unicode.Scalar, _ bytes: inout [UInt8]) {
    if let plain = LatinFold.plain(scalar) {
      plain.withUTF8Buffer { bytes.append(contentsOf: $0) }
    } else if scalar == "ə" || scalar == "Ə" {
      bytes.append(UInt8(ascii: "a"))
    } else if (0xFF01...0xFF5E).contains(scalar.value) {
      bytes += folded([Unicode.Scalar(UInt8(scalar.value - 0xFEE0))])
    } else if !isMark(scalar) {
      bytes += Array(scalar.properties.lowercaseMapping.utf8)
    }
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .modifierLetter: true
    default: false
    }
  }

  private static func letterByLetter(_ scalars: [Unicode.Scalar]) -> [UInt8] {
    var bytes: [UInt8] = []
    for scalar in scalars where !isMark(scalar) {
      for lower in scalar.properties.lowercaseMapping.unicodeScalars where !isMark(lower) {
        if let digit = lower.properties.numericType == nil ? nil : lower.properties.numericValue {
          bytes += Array("\(Int(digit))".utf8)
        } else {
          bytes += LetterTables.latin(lower).map { Array($0.utf8) } ?? Array(String(lower).utf8)
        }
      }
    }
    return bytes
  }

  private static func transliterated(_ scalars: [Unicode.Scalar]) -> [UInt8] {
    let text = Transliterator.latin.apply(String(String.UnicodeScalarView(scalars)))
    return text.utf8.filter { (97...122).contains($0) || (48...57).contains($0) || $0 >= 0x80 }
  }

  /// Each Chinese character by itself.
  static func syllables(_ scalars: [Unicode.Scalar]) -> [[UInt8]] {
    scalars.map { transliterated([$0]) }.filter { !$0.isEmpty }
  }
}
