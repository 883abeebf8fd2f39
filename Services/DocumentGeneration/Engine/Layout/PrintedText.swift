/// A piece of text on its way to paper: the field of the input it comes from, and how it looks.
struct PrintedText {
  var field: String
  var text: String
  var style: TextStyle

  init(_ text: String, _ style: TextStyle, field: String) {
    self.text = text
    self.style = style
    self.field = field
  }

  /// Words of our own, such as a column's head.
  init(label: String, _ style: TextStyle = .label) { self.init(label, style, field: "label") }

  /// One text for each line, as in an address.
  var lines: [PrintedText] {
    text.split(whereSeparator: \.isNewline).map { PrintedText(String($0), style, field: field) }
  }

  /// On one line, with line ends and tabs as spaces; throws for characters that a reader cannot see but that change what
  /// they read.
  func printable() throws(DocumentError) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\t", "\n", "\r", "\u{0B}", "\u{0C}", "\u{85}", "\u{2028}", "\u{2029}": result.append(" ")
      default:
        if PrintedText.isDeceptive(scalar) { throw deceptive(scalar) }
        result.append(scalar)
      }
    }
    return String(result)
  }

  /// Controls, overrides and isolates of direction, tags, and code points that are no characters. Direction marks and
  /// joiners stay: Arabic, Khmer and Burmese are written with them.
  private static func isDeceptive(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0...0x1F, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x206F, 0xFFF9...0xFFFB, 0xE0000...0xE007F: true
    case 0xFDD0...0xFDEF: true
    default: scalar.value & 0xFFFE == 0xFFFE
    }
  }

  private func deceptive(_ scalar: Unicode.Scalar) -> DocumentError {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    let padded = String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    return .invisibleCharacter(field: field, text: visible, codePoint: "U+\(padded)")
  }

  private var visible: String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { PrintedText.isDeceptive($0) ? "\u{FFFD}" : $0 }))
  }
}
