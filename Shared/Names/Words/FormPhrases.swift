/// Company forms as runs of words.
struct FormPhrases: Sendable {
  private var phrases: [[UInt8]: [[[UInt8]]]] = [:]
  /// First words that are forgiven an error, by their first letter.
  private var longFirstWords: [UInt8: [[UInt8]]] = [:]
  /// Words of three letters and less are misread too easily to be forgiven an error.
  private static let forgivenLengthMin = 5

  init(_ lines: [Substring]) {
    for line in lines {
      guard let colon = line.firstIndex(of: ":") else { continue }
      for spelling in line[line.index(after: colon)...].split(separator: ";") {
        let words = spelling.split(separator: " ").map { Array($0.utf8) }
        guard let first = words.first else { continue }
        phrases[first, default: []].append(words)
      }
    }
    for key in phrases.keys {
      phrases[key]?.sort { $0.count > $1.count }
      if key.count >= FormPhrases.forgivenLengthMin { longFirstWords[key[0], default: []].append(key) }
    }
  }

  /// How many words from here on are a company form; the longest counts.
  func length(in words: [[UInt8]], at start: Int) -> Int {
    if let exact = longest(phrases[words[start]] ?? [], in: words, at: start) { return exact }
    guard words[start].count >= FormPhrases.forgivenLengthMin else { return 0 }
    for first in longFirstWords[words[start][0]] ?? [] where LetterDistance.isOneEditAway(first, words[start]) {
      if let length = longest(phrases[first] ?? [], in: words, at: start) { return length }
    }
    return 0
  }

  private func longest(_ phrases: [[[UInt8]]], in words: [[UInt8]], at start: Int) -> Int? {
    for phrase in phrases where start + phrase.count <= words.count {
      if phrase.indices.allSatisfy({ FormPhrases.agree(phrase[$0], words[start + $0]) }) { return phrase.count }
    }
    return nil
  }

  private static func agree(_ form: [UInt8], _ word: [UInt8]) -> Bool {
    form == word || form.count >= forgivenLengthMin && LetterDistance.isOneEditAway(form, word)
  }
}
