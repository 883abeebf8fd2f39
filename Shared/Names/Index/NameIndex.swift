import Glibc

/// Listed names, searched by their words first and then compared one by one.
public struct NameIndex: Sendable {
  public struct Hit: Hashable, Sendable {
    /// The place of the name in the list.
    public var name: Int
    public var score: Double
  }

  public let names: [Name]
  private let index: WordIndex
  private let weights: [Float]
  /// Names without spaces by how they begin and how they end.
  private let edges: HashTable

  /// - Parameter owners: whose each name is; the names of one party stand together.
  public init(_ names: [Name], owners: [Int32]? = nil) {
    self.names = names
    index = WordIndex(names, owners: owners ?? names.indices.map(Int32.init))
    weights = names.map(\.weight)
    var entries: [(UInt64, Int32)] = []
    for (number, name) in names.enumerated() {
      for key in NameIndex.edgeKeys(name) { entries.append((key, Int32(number))) }
    }
    edges = HashTable(entries)
  }

  /// Best first. A score is that of the names alone.
  public func search(_ query: Name, threshold: Double = NameMatch.threshold) -> [Hit] {
    guard !query.isEmpty else { return [] }
    return candidates(query, threshold: Float(threshold))
      .compactMap { number -> Hit? in
        let score = score(query, names[number])
        return score >= threshold ? Hit(name: number, score: min(1, score)) : nil
      }
      .sorted { ($1.score, $0.name) < ($0.score, $1.name) }
  }

  public func explain(_ query: Name, _ number: Int) -> NameMatch {
    var match = NameComparison.compare(query, names[number])
    let (_, shared, isComplete) = NameComparison.scoreAndShared(query, names[number])
    let rarity = isComplete ? 1 : rarity(shared, names[number])
    if rarity < 1 {
      match.pieces.append(.init(.commonWords, query.original, names[number].original, value: rarity))
      match.score *= rarity
    }
    return match
  }

  // MARK: Candidates

  private func candidates(_ query: Name, threshold: Float) -> [Int] {
    var found = [Float](repeating: 0, count: names.count)
    var touched: [Int32] = []
    for word in words(query) {
      for number in index.near(word) {
        let likeness =
          word.text == index.words[number].text ? 1 : WordLikeness.of(word, index.words[number], as: .person).value
        let value = word.weight * max(likeness, 0.5)
        for name in index.names(of: number) {
          if found[Int(name)] == 0 { touched.append(name) }
          found[Int(name)] += value
        }
      }
    }
    let weight = query.weight
    // An initial may stand for any word.
    let initials = query.words.reduce(Float(0)) { $0 + ($1.role == .initial ? $1.weight : 0) }
    var candidates = touched.filter { promising(found[Int($0)] + initials, weight, weights[Int($0)], threshold) }.map(
      Int.init)
    for key in NameIndex.edgeKeys(query) {
      let alike = edges.values(of: key)
      if alike.count <= NameIndex.edgeMax { candidates += alike.map(Int.init) }
    }
    return Array(Set(candidates))
  }

  private static let edgeMax = 400

  /// The words, and what they become when a space is missing or one too many.
  private func words(_ query: Name) -> [NameWord] {
    let words = query.words.filter { $0.role != .form }
    var more: [NameWord] = []
    for (position, word) in words.enumerated() {
      if position > 0 {
        let joined = words[position - 1].text + word.text
        if index.number(of: joined) != nil { more.append(copy(word, joined)) }
      }
      if word.text.count >= 6, index.number(of: word.text) == nil { more += parts(word) }
    }
    return words + more
  }

  private func parts(_ word: NameWord) -> [NameWord] {
    for split in 2...(word.text.count - 2) {
      let (first, second) = (Array(word.text[..<split]), Array(word.text[split...]))
      if index.number(of: first) != nil, index.number(of: second) != nil {
        return [copy(word, first), copy(word, second)]
      }
    }
    return []
  }

  private func copy(_ word: NameWord, _ text: [UInt8]) -> NameWord {
    var copy = NameWord(text: text, role: word.role, weight: word.weight, script: word.script)
    copy.skeleton = Skeleton.of(text)
    return copy
  }

  /// Could the names reach the threshold with so much in common? Generous, because it has only seen the words' keys.
  private func promising(_ shared: Float, _ query: Float, _ listed: Float, _ threshold: Float) -> Bool {
    let matched = min(shared, min(query, listed) + 0.3)
    let conflict = max(0, min(query, listed) - matched)
    let extra = abs(query - listed)
    return matched / (matched + conflict + 0.25 * extra) >= threshold * 0.8
  }

  private static func edgeKeys(_ name: Name) -> [UInt64] {
    var keys = edgeKeys(name.joined)
    if name.joinedAll != name.joined { keys += edgeKeys(name.joinedAll) }
    if name.joinedSkeleton.count >= 5 { keys.append(HashTable.key(Skeleton.withoutL(name.joinedSkeleton), salt: 6)) }
    return keys
  }

  private static func edgeKeys(_ joined: [UInt8]) -> [UInt64] {
    guard joined.count >= 5 else { return joined.isEmpty ? [] : [HashTable.key(joined, salt: 9)] }
    let length = min(8, joined.count - 2)
    return [HashTable.key(joined.prefix(length), salt: 7), HashTable.key(joined.suffix(length), salt: 8)]
  }

  // MARK: Frequency

  private func score(_ query: Name, _ listed: Name) -> Double {
    let (score, shared, isComplete) = NameComparison.scoreAndShared(query, listed)
    return isComplete || score == 0 ? score : score * rarity(shared, listed)
  }

  /// Less than 1 where names that are not the whole of each other share only what many names have.
  private func rarity(_ shared: [Int], _ listed: Name) -> Double {
    guard !shared.isEmpty else { return 1 }
    let size = Double(max(names.count, NameIndex.sizeMin))
    let bits = shared.reduce(0.0) { sum, position in
      let word = listed.words[position]
      guard !word.isIncidental, let number = index.number(of: word.text) else { return sum }
      let bits = log2(size / Double(index.frequency(of: number)))
      return sum + (word.families.isEmpty ? bits : min(bits, NameIndex.bitsOfGivenName))
    }
    let apart = listed.words.indices.filter { !shared.contains($0) && !listed.words[$0].isIncidental }.count
    return min(1, max(0.7, bits / (NameIndex.bitsMin + NameIndex.bitsPerWord * Double(apart))))
  }

  /// In a short list every word is rare; what is common in the world is seen in a long one.
  private static let sizeMin = 20_000
  /// Given names are common in the world however rare they are on a list.
  private static let bitsOfGivenName = 8.0
  private static let bitsMin = 11.0
  private static let bitsPerWord = 2.5
}
