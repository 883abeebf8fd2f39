/// Company forms as runs of words.
struct FormPhrases: Sendable {
  private var phrases: [[UInt8]: [[[UInt8]]]] = [:]
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
    for key in phrases.keys { phrases[key]?.sort { $0.count > $1.count } }
  }

  /// How many words from here on are a company form; the longest counts.
  func length(in words: [[UInt8]], at start: Int) -> Int {
    let candidates = phrases[words[start]] ?? []
    for phrase in candidates where start + phrase.count <= words.count {
      let isForm = phrase.indices.allSatisfy { FormPhrases.agree(phrase[$0], words[start + $0]) }
      if isForm { return phrase.count }
    }
    return misspelt(words[start]) ? 1 : 0
  }

  private static func agree(_ form: [UInt8], _ word: [UInt8]) -> Bool {
    form == word || form.count >= forgivenLengthMin && LetterDistance.isOneEditAway(form, word)
  }

  private static let longForms: [[UInt8]] = [
    "aktiengesellschaft", "incorporated", "corporation", "limited", "gesellschaft", "berhad",
  ].map { Array($0.utf8) }

  private func misspelt(_ word: [UInt8]) -> Bool {
    word.count >= FormPhrases.forgivenLengthMin
      && FormPhrases.longForms.contains {
        abs($0.count - word.count) <= 1 && $0[0] == word[0] && LetterDistance.isOneEditAway($0, word)
      }
  }
}
