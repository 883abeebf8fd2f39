/// BCP 47 tags of a language with an optional script and region.
enum LanguageTag {
  static func canonical(_ text: String) -> String? {
    let parts = text.split(whereSeparator: { $0 == "-" || $0 == "_" }).map { $0.lowercased() }
    guard let language = parts.first, (2...3).contains(language.utf8.count), parts.count <= 3,
      parts.allSatisfy({ $0.utf8.allSatisfy { isLetter($0) || NumberText.isDigit($0) } }),
      language.utf8.allSatisfy(isLetter)
    else { return nil }
    var result = language
    for part in parts.dropFirst() {
      switch part.utf8.count {
      case 4: result += "-" + part.prefix(1).uppercased() + part.dropFirst()
      case 2: result += "-" + part.uppercased()
      case 3 where part.utf8.allSatisfy(NumberText.isDigit): result += "-" + part
      default: return nil
      }
    }
    return result
  }

  /// The languages of the markets and of their trade, as they stand in the name of a column.
  static func known(_ suffix: String) -> String? {
    let languages: Set<String> = ["en", "id", "ms", "th", "vi", "zh", "tl", "fil", "km", "lo", "my", "ja", "ko", "ta"]
    switch suffix {
    case _ where languages.contains(suffix): return suffix
    case "zhhans", "zhcn": return "zh-Hans"
    case "zhhant", "zhtw": return "zh-Hant"
    default: return nil
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
}
