/// Text made harmless for a page.
enum HTMLText {
  static func escaped(_ text: String) -> String {
    var escaped = ""
    escaped.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      case "\n", "\t": escaped.unicodeScalars.append(scalar)
      default: append(scalar, to: &escaped)
      }
    }
    return escaped
  }

  /// Marks that turn the direction of text can make one code or name look like another: they are shown, not obeyed.
  private static func append(_ scalar: Unicode.Scalar, to escaped: inout String) {
    switch scalar.value {
    case 0x061C, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069:
      escaped += "⟨U+\(String(scalar.value, radix: 16, uppercase: true).leftPadded(4))⟩"
    case 0..<0x20, 0x7F..<0xA0: escaped += "\u{FFFD}"
    default: escaped.unicodeScalars.append(scalar)
    }
  }
}

extension String {
  fileprivate func leftPadded(_ width: Int) -> String {
    String(repeating: "0", count: max(0, width - utf8.count)) + self
  }
}
