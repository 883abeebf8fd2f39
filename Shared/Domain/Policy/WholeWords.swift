/// Text in which a word is found only as a whole: `gun` is not in `burgundy`. Scripts that do not separate words are
/// searched anywhere.
struct WholeWords {
  private let texts: [String]

  init(_ texts: [String]) { self.texts = texts.map(WholeWords.spaced) }

  func contain(anyOf words: [String]) -> Bool {
    words.contains { word in
      let spaced = WholeWords.spaced(word)
      guard spaced != "  " else { return false }
      let wanted = word.utf8.allSatisfy { $0 < 0x80 } ? spaced : String(spaced.dropFirst().dropLast())
      return texts.contains { $0.contains(wanted) }
    }
  }

  private static func spaced(_ text: String) -> String {
    " \(text.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: " ")) "
  }
}

/// A pattern in which `*` stands for any characters.
struct Wildcard {
  private let parts: [String]

  init(_ pattern: String) {
    parts = pattern.split(separator: "*", omittingEmptySubsequences: false).map(String.init)
  }

  /// Each part is looked for after the one before it; the first and the last are bound to the ends.
  func matches(_ text: String) -> Bool {
    guard let first = parts.first, let last = parts.last, parts.count > 1 else { return parts == [text] }
    guard text.hasPrefix(first), text.hasSuffix(last), text.utf8.count >= first.utf8.count + last.utf8.count else {
      return false
    }
    var rest = Substring(text).dropFirst(first.count).dropLast(last.count)
    for part in parts.dropFirst().dropLast() where !part.isEmpty {
      guard let end = Wildcard.end(of: part, in: rest) else { return false }
      rest = rest[end...]
    }
    return true
  }

  private static func end(of part: String, in text: Substring) -> Substring.Index? {
    var start = text.startIndex
    while start < text.endIndex {
      if text[start...].hasPrefix(part) { return text.index(start, offsetBy: part.count) }
      start = text.index(after: start)
    }
    return nil
  }
}
