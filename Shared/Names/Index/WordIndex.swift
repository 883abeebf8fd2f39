/// The words of all listed names: which names have them, and which of them resemble a word.
struct WordIndex: Sendable {
  private(set) var words: [NameWord] = []
  /// Names by word, one after the other; `starts` says where each word's begin.
  private var names: [Int32] = []
  private var starts: [Int] = [0]
  private var frequencies: [Int32] = []
  private let table: HashTable

  private static let exact: UInt8 = 1
  private static let deletion: UInt8 = 2
  private static let consonants: UInt8 = 3
  private static let family: UInt8 = 4
  /// Of longer words only the beginning is varied.
  private static let variedLengthMax = 14

  init(_ listed: [Name], owners: [Int32]) {
    var numbers: [[UInt8]: Int] = [:]
    var words: [NameWord] = []
    var namesOfWord: [[Int32]] = []
    var lastOwners: [Int32] = []
    for (index, name) in listed.enumerated() {
      for word in name.words where word.role != .form {
        let number = numbers[word.text] ?? words.count
        if number == words.count {
          numbers[word.text] = number
          words.append(word)
          namesOfWord.append([])
          frequencies.append(0)
          lastOwners.append(-1)
        }
        if lastOwners[number] != owners[index] {
          frequencies[number] += 1
          lastOwners[number] = owners[index]
        }
        if namesOfWord[number].last != Int32(index) { namesOfWord[number].append(Int32(index)) }
      }
    }
    for list in namesOfWord {
      names += list
      starts.append(names.count)
    }
    var entries: [(UInt64, Int32)] = []
    for (number, word) in words.enumerated() {
      for key in WordIndex.keys(word) { entries.append((key, Int32(number))) }
    }
    self.words = words
    table = HashTable(entries)
  }

  func names(of word: Int) -> ArraySlice<Int32> { names[starts[word]..<starts[word + 1]] }

  /// How many parties have it, however many names each has.
  func frequency(of word: Int) -> Int { Int(frequencies[word]) }

  func number(of text: [UInt8]) -> Int? {
    table.values(of: HashTable.key(text, salt: WordIndex.exact)).first { words[Int($0)].text == text }.map(Int.init)
  }

  /// Words that share a key: the same, one or two letters away, the same consonants or the same name.
  func near(_ word: NameWord) -> [Int] {
    var found: [Int32] = []
    for key in WordIndex.keys(word) { found += table.values(of: key) }
    found.sort()
    var unique: [Int] = []
    for number in found where unique.last != Int(number) { unique.append(Int(number)) }
    return unique
  }

  private static func keys(_ word: NameWord) -> [UInt64] {
    var keys = [HashTable.key(word.text, salt: exact)]
    for family in word.families {
      keys.append(HashTable.key([UInt8(family & 255), UInt8(family >> 8)], salt: self.family))
    }
    guard word.role != .number, word.text.count >= 3 else { return keys }
    if word.skeleton.count >= 2 { keys.append(HashTable.key(Skeleton.withoutL(word.skeleton), salt: consonants)) }
    let varied = word.text.prefix(variedLengthMax)
    keys.append(HashTable.key(varied, salt: deletion))
    for left in varied.indices {
      keys.append(HashTable.key(varied[..<left] + varied[(left + 1)...], salt: deletion))
    }
    return keys
  }
}
