/// Numbers as names write them.
enum NumberWords {
  /// `44`, `forty`, `first`, `1st`; nil for what is no number.
  static func value(_ word: [UInt8]) -> Int? {
    if let value = plain(word) { return value }
    return words[word] ?? ordinal(word)
  }

  static func plain(_ word: [UInt8]) -> Int? {
    guard !word.isEmpty, word.count <= 9, word.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return word.reduce(0) { $0 * 10 + Int($1 - 48) }
  }

  private static func ordinal(_ word: [UInt8]) -> Int? {
    guard word.count > 2, endings.contains(Array(word.suffix(2))) else { return nil }
    return plain(Array(word.dropLast(2)))
  }

  private static let endings: Set<[UInt8]> = Set(["st", "nd", "rd", "th"].map { Array($0.utf8) })

  private static let words: [[UInt8]: Int] = {
    var words: [[UInt8]: Int] = [:]
    let upToTwenty =
      "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
    for (index, word) in upToTwenty.split(separator: " ").enumerated() { words[Array(word.utf8)] = index + 1 }
    for (index, word) in "twenty thirty forty fifty sixty seventy eighty ninety".split(separator: " ").enumerated() {
      words[Array(word.utf8)] = (index + 2) * 10
    }
    let ordinals = "first second third fourth fifth sixth seventh eighth ninth tenth"
    for (index, word) in ordinals.split(separator: " ").enumerated() { words[Array(word.utf8)] = index + 1 }
    return words
  }()

  /// Up to 39; larger ones are words.
  static func roman(_ word: [UInt8]) -> Int? { romans[word] }

  private static let romans: [[UInt8]: Int] = {
    let units = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"]
    var romans: [[UInt8]: Int] = [:]
    for tens in 0..<4 {
      for unit in 0..<10 where tens + unit > 0 {
        romans[Array((String(repeating: "x", count: tens) + units[unit]).utf8)] = tens * 10 + unit
      }
    }
    // Also a word or a name: vi, xi.
    return romans
  }()
}
