/// What a word may stand for that nobody wrote in full: `crm` for cream, `clnsn` for cleansing. Words are found by
/// their consonants, or by as many of those as are left.
struct Abbreviations: Sendable {
  private var hashes: [UInt32] = []
  private var starts: [Int32] = [0]
  private var words: [Int32] = []
  private var shares: [Float] = []

  private static let wordsPerKey = 3

  /// - Parameter entries: consonants and the word that has them, each once.
  /// - Parameter counts: how often each word stands in the texts.
  init(_ entries: [(consonants: UInt32, word: Int32)], counts: (Int32) -> Int32) {
    let keys = entries.map { UInt64($0.consonants) << 32 | UInt64($0.word) }.sorted()
    var place = 0
    while place < keys.count {
      let hash = UInt32(keys[place] >> 32)
      var found: [(count: Int32, word: Int32)] = []
      var total: Float = 0
      while place < keys.count, UInt32(keys[place] >> 32) == hash {
        let word = Int32(truncatingIfNeeded: keys[place] & 0xFFFF_FFFF)
        let count = counts(word)
        total += Float(count)
        found.append((count, word))
        place += 1
      }
      found.sort { ($0.count, $1.word) > ($1.count, $0.word) }
      hashes.append(hash)
      for item in found.prefix(Abbreviations.wordsPerKey) where Float(item.count) > total * 0.15 {
        words.append(item.word)
        shares.append(Float(item.count) / total)
      }
      starts.append(Int32(words.count))
    }
  }

  /// The words meant, with how much of what has these consonants each makes up.
  func meanings(_ consonants: UInt32) -> [(word: Int32, share: Float)] {
    var low = 0
    var high = hashes.count
    while low < high {
      let middle = (low + high) / 2
      if hashes[middle] < consonants { low = middle + 1 } else { high = middle }
    }
    guard low < hashes.count, hashes[low] == consonants else { return [] }
    return (Int(starts[low])..<Int(starts[low + 1])).map { (words[$0], shares[$0]) }
  }
}
