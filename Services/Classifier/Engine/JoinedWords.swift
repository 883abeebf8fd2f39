/// Finds known words in one that nobody knows: `birdseed`, `ladieswovenshirt`, `hairspray200ml`.
struct JoinedWords: Sendable {
  let vocabulary: Vocabulary
  let words: WordLists

  /// Shorter words are as likely to contain others by chance.
  private static let lengths = 7...40
  private static let partMin = 3
  /// The parts must explain so many eighths of its letters.
  private static let explainedMin = 7

  /// A way to read the first letters of the word.
  private struct Reading {
    /// Long parts count more than their length: two halves are better than four quarters.
    var score = 0
    var explained = 0
    /// Where the last part begins, if one ends here, and its hash; nil where it says nothing.
    var part: (start: Int, hash: UInt32?)?
  }

  /// The hashes of the words that explain it best, in their order, or none where too much is left over.
  func words(in bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> [UInt32] {
    guard JoinedWords.lengths.contains(range.count) else { return [] }
    var best = [Reading()]
    for end in 1...range.count {
      var reading = best[end - 1]
      reading.part = nil
      for start in stride(from: 0, through: end - JoinedWords.partMin, by: 1) where end - start < range.count {
        let length = end - start
        guard best[start].score + length * length > reading.score else { continue }
        guard let hash = word(bytes, range.lowerBound + start..<range.lowerBound + end) else { continue }
        reading = Reading(
          score: best[start].score + length * length, explained: best[start].explained + length, part: (start, hash))
      }
      best.append(reading)
    }
    let letters = range.count { bytes[$0] > UInt8(ascii: "9") }
    guard best[range.count].explained * 8 >= letters * JoinedWords.explainedMin else { return [] }
    return parts(best)
  }

  private func parts(_ best: [Reading]) -> [UInt32] {
    var words: [UInt32] = []
    var end = best.count - 1
    while end > 0 {
      if let hash = best[end].part?.hash { words.append(hash) }
      end = best[end].part?.start ?? end - 1
    }
    return words.reversed()
  }

  /// - Returns: nil for no word; a word that says nothing has no hash.
  private func word(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> UInt32?? {
    if words.roles(of: FeatureHash.of(bytes, range, seed: .word)).contains(.noise) { return .some(nil) }
    let hash = FeatureHash.stem(bytes, Stem.range(of: bytes, range))
    return vocabulary.index(of: hash) == nil ? nil : .some(hash)
  }
}
