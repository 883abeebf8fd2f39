extension Phrase {
  /// The same words with what stands in the text in their places; nil where the text says something else.
  func matching(_ text: String) -> Phrase? {
    var words = Substring(key)
    var rest = Substring(text)
    var found: [String] = []
    while let brace = words.firstIndex(of: "{"), let end = words.firstIndex(of: "}") {
      guard rest.hasPrefix(words[..<brace]) else { return nil }
      rest = rest.dropFirst(words[..<brace].count)
      words = words[words.index(after: end)...]
      let next = words.prefix { $0 != "{" }
      guard
        let place = next.endIndex == words.endIndex ? rest.place(ofSuffix: next) : rest.firstRange(of: next)?.lowerBound
      else { return nil }
      found.append(String(rest[..<place]))
      rest = rest[place...]
    }
    return rest == words ? filled(found) : nil
  }
}

extension Substring {
  fileprivate func place(ofSuffix suffix: Substring) -> Index? {
    hasSuffix(suffix) ? index(endIndex, offsetBy: -suffix.count) : nil
  }
}
