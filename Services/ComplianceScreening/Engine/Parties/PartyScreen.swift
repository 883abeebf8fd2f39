import Domain

/// Denied-party lists, indexed by the words of their names.
public struct PartyScreen: Sendable {
  public struct Hit: Sendable {
    public var list: PartyList.Reference
    public var entry: PartyList.Entry
    /// How much of both names is the same, by weight; 1000 for equal names.
    public var permille: Int
  }

  public let listVersions: [String]
  private let lists: [PartyList.Reference]
  private var entries: [(list: Int, entry: PartyList.Entry, words: [Int])] = []
  private var words: [String] = []
  private var wordNumbers: [String: Int] = [:]
  private var entriesOfWord: [[Int]] = []
  /// Words by their first and by their last two bytes: one wrong letter leaves at least one of the two intact.
  private var wordsByEdge: [String: [Int]] = [:]

  public init(lists: [PartyList]) {
    self.lists = lists.map { PartyList.Reference(id: $0.id, version: $0.version, source: $0.source) }
    listVersions = lists.map { "\($0.id)@\($0.version)" }
    for (index, list) in lists.enumerated() {
      for entry in list.entries { add(entry, list: index) }
    }
  }

  private mutating func add(_ entry: PartyList.Entry, list: Int) {
    let numbers = PartyName(entry.name).words.map { number(of: $0) }
    guard !numbers.isEmpty else { return }
    for number in numbers { entriesOfWord[number].append(entries.count) }
    entries.append((list, entry, numbers))
  }

  private mutating func number(of word: String) -> Int {
    if let known = wordNumbers[word] { return known }
    let number = words.count
    wordNumbers[word] = number
    words.append(word)
    entriesOfWord.append([])
    for edge in PartyScreen.edges(word) { wordsByEdge[edge, default: []].append(number) }
    return number
  }

  private static func edges(_ word: String) -> [String] {
    let bytes = Array(word.utf8)
    guard bytes.count >= fuzzyLengthMin else { return [] }
    return [
      "^" + String(decoding: bytes.prefix(2), as: UTF8.self), "$" + String(decoding: bytes.suffix(2), as: UTF8.self),
    ]
  }

  /// Shorter words have too many neighbours that are other names.
  private static let fuzzyLengthMin = 5

  /// Best first, then as listed; at most five.
  public func hits(_ name: String) -> [Hit] {
    let query = PartyName(name).words
    let pairings = query.flatMap { word in
      alike(word).map { Pairing(query: word, listed: $0, isExact: $1) }
    }
    return entries(sharing: pairings)
      .compactMap { entry in
        hit(entry, pairings.filter { entries[entry].words.contains($0.listed) }, query).map { (entry, $0) }
      }
      .sorted { (-$0.1.permille, $0.0) < (-$1.1.permille, $1.0) }
      .prefix(5).map(\.1)
  }

  /// Only a telling word leads to an entry: common ones would lead to most of the list and cannot make a hit alone.
  private func entries(sharing pairings: [Pairing]) -> Set<Int> {
    Set(pairings.filter { PartyScreen.weight(words[$0.listed]) > 1 }.flatMap { entriesOfWord[$0.listed] })
  }

  private struct Pairing {
    var query: String
    var listed: Int
    var isExact: Bool
  }

  private func alike(_ word: String) -> [(Int, Bool)] {
    if let exact = wordNumbers[word] { return [(exact, true)] }
    var near: Set<Int> = []
    for edge in PartyScreen.edges(word) {
      for number in wordsByEdge[edge] ?? [] where isOneEditAway(word, words[number]) { near.insert(number) }
    }
    return near.sorted().map { ($0, false) }
  }

  private func hit(_ index: Int, _ pairings: [Pairing], _ query: [String]) -> Hit? {
    let (list, entry, listedWords) = entries[index]
    let listed = listedWords.map { words[$0] }
    let shared = weight(pairings)
    let (queryWeight, listedWeight) = (weight(query), weight(listed))
    let distinct = min(Set(pairings.map(\.listed)).count, Set(pairings.map(\.query)).count)
    guard distinct >= 2 || query.count == 1 && listed.count == 1 else { return nil }
    let likeness = 2 * shared * 1000 / ((queryWeight + listedWeight) * 10)
    let contains = shared >= listedWeight * 10 && listedWeight * 2 >= queryWeight && listedWeight >= 4
    guard likeness >= PartyScreen.likenessMin || contains else { return nil }
    return Hit(list: lists[list], entry: entry, permille: min(1000, likeness))
  }

  private static let likenessMin = 800

  /// In tenths, because a word that is only nearly the same counts nine tenths.
  private func weight(_ pairings: [Pairing]) -> Int {
    var counted: Set<Int> = []
    return pairings.reduce(0) { sum, pairing in
      guard counted.insert(pairing.listed).inserted else { return sum }
      return sum + PartyScreen.weight(words[pairing.listed]) * (pairing.isExact ? 10 : 9)
    }
  }

  private func weight(_ words: [String]) -> Int { words.reduce(0) { $0 + PartyScreen.weight($1) } }

  private static func weight(_ word: String) -> Int { PartyName.common.contains(word) || word.utf8.count <= 2 ? 1 : 3 }

  /// One letter inserted, left out, replaced, or two neighbours swapped.
  private func isOneEditAway(_ left: String, _ right: String) -> Bool {
    var (left, right) = (Array(left.utf8)[...], Array(right.utf8)[...])
    while let first = left.first, first == right.first { (left, right) = (left.dropFirst(), right.dropFirst()) }
    while let last = left.last, last == right.last { (left, right) = (left.dropLast(), right.dropLast()) }
    if left.count <= 1, right.count <= 1 { return true }
    return left.count == 2 && right.count == 2 && left.elementsEqual(right.reversed())
  }
}

extension PartyList {
  /// A list without its entries, as a hit names it.
  public struct Reference: Hashable, Sendable {
    public var id: String
    public var version: String
    public var source: RuleSource
  }
}
