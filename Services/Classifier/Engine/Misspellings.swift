/// What a word means that nobody knows but for one letter: `stikcer` for sticker, `computuer` for computer.
struct Misspellings: Sendable {
  private var words = Vocabulary(expecting: 1 << 16)
  private var features: [Int32] = []
  private var counts: [Int32] = []

  /// Shorter words are too near to each other.
  private static let lengths = 6...20

  /// - Parameter entries: the hash of each word, its feature, and in how many texts it stands.
  init(_ entries: some Sequence<(hash: UInt32, feature: Int32, texts: Int32)>) {
    for entry in entries {
      guard Int(words.insert(entry.hash)) == features.count else { continue }
      features.append(entry.feature)
      counts.append(entry.texts)
    }
  }

  /// The feature of the known word that stands in most texts, among those one letter away: left out, put in, changed, or
  /// exchanged with the next. The first letter is seldom mistaken.
  func meant(by bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int32? {
    guard Misspellings.lengths.contains(range.count) else { return nil }
    var best: Int?
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: range.count + 1) { letters in
      let edit = Edit(word: UnsafeBufferPointer(rebasing: bytes[range]), letters: letters)
      edit.forEach { edited in
        let hash = FeatureHash.stem(edited, Stem.range(of: edited, edited.indices))
        guard let word = words.index(of: hash).map({ Int($0) }) else { return }
        if best.map({ counts[$0] < counts[word] }) ?? true { best = word }
      }
    }
    return best.map { features[$0] }
  }

  /// Walks the words that are one letter away.
  private struct Edit {
    let word: UnsafeBufferPointer<UInt8>
    let letters: UnsafeMutableBufferPointer<UInt8>

    private static let alphabet = UInt8(ascii: "a")...UInt8(ascii: "z")

    func forEach(_ visit: (UnsafeBufferPointer<UInt8>) -> Void) {
      let shorter = UnsafeBufferPointer(rebasing: letters[..<(word.count - 1)])
      let same = UnsafeBufferPointer(rebasing: letters[..<word.count])
      let longer = UnsafeBufferPointer(letters)
      for place in 1..<word.count {
        write(from: 0, to: 0, count: place)
        write(from: place + 1, to: place, count: word.count - place - 1)
        visit(shorter)
        write(from: place, to: place, count: word.count - place)
        for letter in Edit.alphabet {
          letters[place] = letter
          visit(same)
        }
        if place + 1 < word.count {
          (letters[place], letters[place + 1]) = (word[place + 1], word[place])
          visit(same)
        }
      }
      for place in 1...word.count {
        write(from: 0, to: 0, count: place)
        write(from: place, to: place + 1, count: word.count - place)
        for letter in Edit.alphabet {
          letters[place] = letter
          visit(longer)
        }
      }
    }

    private func write(from: Int, to: Int, count: Int) {
      for offset in 0..<count { letters[to + offset] = word[from + offset] }
    }
  }
}
