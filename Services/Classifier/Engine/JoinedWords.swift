/// Finds known words in one that nobody knows: `birdseed`, `ladieswovenshirt`, `hairspray200ml`.
struct JoinedWords: Sendable {
  let vocabulary: Vocabulary
  let noise: Set<UInt32>

  /// Shorter words are as likely to contain others by chance.
  private static let lengths = 7...40
  private static let partMin = 3
  /// The parts must explain so many eighths of the word.
  private static let explainedMin = 7

  /// A way to read the first letters of the word.
  private struct Reading {
    /// Long parts count more than their length: two halves are better than four quarters.
    var score = 0
    var explained = 0
    /// Where the last part begins, if one ends here, and what it means; nil where it says nothing.
    var part: (start: Int, word: Int32?)?
  }

  /// The places in the vocabulary of the words that explain it best, or none where too much is left over.
  func words(in bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> [Int32] {
    guard JoinedWords.lengths.contains(range.count) else { return [] }
    var best = [Reading()]
    for end in 1...range.count {
      var reading = best[end - 1]
      reading.part = nil
      for start in stride(from: 0, through: end - JoinedWords.partMin, by: 1) where end - start < range.count {
        let length = end - start
        guard best[start].score + length * length > reading.score else { continue }
        guard let word = word(bytes, range.lowerBound + start..<range.lowerBound + end) else { continue }
        reading = Reading(
          score: best[start].score + length * length, explained: best[start].explained + length, part: (start, word))
      }
      best.append(reading)
    }
    guard best[range.count].explained * 8 >= range.count * JoinedWords.explainedMin else { return [] }
    return parts(best)
  }

  private func parts(_ best: [Reading]) -> [Int32] {
    var words: [Int32] = []
    var end = best.count - 1
    while end > 0 {
      if let word = best[end].part?.word { words.append(word) }
      end = best[end].part?.start ?? end - 1
    }
    return words
  }

  /// - Returns: nil for no word; a word that says nothing has no place.
  private func word(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int32?? {
    if noise.contains(FeatureHash.of(bytes, range, seed: .word)) { return .some(nil) }
    return vocabulary.index(of: FeatureHash.stem(bytes, Stem.range(of: bytes, range))).map { $0 }
  }
}
