/// Words to be found within a run of letters, in the scripts that put no spaces between them. Of several that begin at
/// one place the longest counts: 牛皮纸 is paper and no leather.
struct RunWords<Value: Sendable>: Sendable {
  struct Found {
    var text: String
    var value: Value
  }

  private struct Entry: Sendable {
    var letters: [UInt8]
    var text: String
    /// nil for a word that holds another, and means something else.
    var value: Value?
  }

  /// By the first letter's bytes, the longest first.
  private var entries: [UInt32: [Entry]] = [:]

  /// - Parameter words: separated by spaces.
  init(_ words: [(words: String, value: Value?)]) {
    for (list, value) in words {
      for word in list.split(separator: " ") {
        let stream = TokenStream(String(word))
        let letters = Array(stream.bytes)
        entries[RunWords.letter(letters[...], at: 0), default: []].append(
          Entry(letters: letters, text: String(word), value: value))
      }
    }
    for key in entries.keys { entries[key]?.sort { $0.letters.count > $1.letters.count } }
  }

  /// The first that a run of letters holds, or what another token means as a whole.
  func first(in stream: TokenStream, at index: Int, word: (String) -> Value?) -> Found? {
    switch stream.tokens[index].kind {
    case .thai, .ideograph: return first(in: stream.letters(at: index))
    case .word, .mixed, .number:
      let text = stream.text(at: index)
      return word(text).map { Found(text: text, value: $0) }
    }
  }

  private func first(in run: ArraySlice<UInt8>) -> Found? {
    var place = run.startIndex
    while place < run.endIndex {
      let entry = entries[RunWords.letter(run, at: place)]?.first { run[place...].starts(with: $0.letters) }
      if let entry, let value = entry.value { return Found(text: entry.text, value: value) }
      place += entry?.letters.count ?? 3
    }
    return nil
  }

  /// Letters of these scripts take three bytes each.
  private static func letter(_ bytes: ArraySlice<UInt8>, at place: Int) -> UInt32 {
    bytes[place...].prefix(3).reduce(0) { $0 << 8 | UInt32($1) }
  }
}
