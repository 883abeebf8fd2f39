import Crypto

/// Text of any script in a header (RFC 2047).
enum EncodedWord {
  /// An encoded word has at most 75 characters: 12 of frame, and 4 for every 3 bytes.
  private static let bytesMax = 45
  /// A header's line, without its name, that every program takes as it is.
  private static let plainMax = 60

  static func header(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { (0x20..<0x7F).contains($0) } && text.utf8.count <= plainMax
    return isPlain && !text.contains("=?") ? text : encoded(text)
  }

  /// A name before an address, where more characters have a meaning.
  static func phrase(_ text: String) -> String {
    let isPlain =
      text.utf8.count <= plainMax && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == " ") }
    return isPlain ? text : encoded(text)
  }

  /// No character is cut in two.
  private static func encoded(_ text: String) -> String {
    var words: [[UInt8]] = [[]]
    for scalar in text.unicodeScalars {
      let bytes = Array(String(scalar).utf8)
      if words[words.count - 1].count + bytes.count > bytesMax { words.append([]) }
      words[words.count - 1] += bytes
    }
    return words.map { "=?UTF-8?B?\(Base64.encode($0))?=" }.joined(separator: "\r\n ")
  }
}
