/// Compares two names word by word and as a whole.
///
/// Words are paired in any order. A word that one name has and the other lacks weighs little for people, who leave names
/// out, and more for companies; a word on each side that has no counterpart tells two names apart.
public struct NameComparison {
  private let left: Name
  private let right: Name
  private let kind: NameKind
  private var pairs: [Pair] = []
  private var leftRest: [Int] = []
  private var rightRest: [Int] = []
  /// The letters as a whole agree better than the words do.
  private var isWhole = false

  private struct Pair {
    var left: Range<Int>
    var right: Range<Int>
    var weight: Float
    var likeness: WordLikeness
  }

  private init(_ left: Name, _ right: Name) {
    self.left = left
    self.right = right
    kind = NameKind.common(left.kind, right.kind)
  }

  public static func compare(_ left: Name, _ right: Name) -> NameMatch {
    var comparison = NameComparison(left, right)
    return comparison.match(explaining: true)
  }

  /// The score alone, without the reasons: much faster.
  public static func score(_ left: Name, _ right: Name) -> Double {
    var comparison = NameComparison(left, right)
    return comparison.match(explaining: false).score
  }

  /// The listed words that have a counterpart, and whether all have.
  static func scoreAndShared(_ left: Name, _ right: Name) -> (score: Double, shared: [Int], isComplete: Bool) {
    var comparison = NameComparison(left, right)
    let score = comparison.match(explaining: false).score
    return (score, comparison.pairs.flatMap(\.right), comparison.rest == (0, 0) || comparison.isWhole)
  }

  private mutating func match(explaining: Bool) -> NameMatch {
    guard !left.isEmpty, !right.isEmpty else { return NameMatch(score: 0, pieces: []) }
    if !left.characters.isEmpty, !right.characters.isEmpty, left.words[0].script == right.words[0].script {
      return byCharacters()
    }
    pairWords()
    let words = wordScore()
    let whole = wholeScore() ?? 0
    isWhole = whole > words
    let factors = factors(explaining: explaining)
    let product = factors.reduce(Float(1)) { $0 * $1.0 }
    let score = Double(min(1, max(words, whole) * product))
    guard explaining else { return NameMatch(score: score, pieces: []) }
    var pieces = wordPieces()
    if whole > words { pieces.append(.init(.wholeName, left.original, right.original, value: Double(whole))) }
    pieces += factors.compactMap(\.1)
    return NameMatch(score: score, pieces: pieces)
  }

  // MARK: Characters

  /// Chinese characters that sound alike are different names, so they are compared themselves.
  private func byCharacters() -> NameMatch {
    let (first, second) = (left.characters, right.characters)
    let longer = max(first.count, second.count)
    let numbers = { (scalars: [Unicode.Scalar]) in scalars.map { UInt32($0) } }
    let same = Set(first) == Set(second) && first.count == second.count
    let edits = NameComparison.edits(numbers(first), numbers(second))
    let likeness = same ? (first == second ? 1 : 0.95) : 1 - Double(edits) / Double(longer)
    let value = !same && longer <= 4 ? min(likeness, 0.6) : likeness
    return NameMatch(
      score: max(0, value), pieces: [.init(.sameCharacters, left.original, right.original, value: max(0, value))])
  }

  private static func edits(_ left: [UInt32], _ right: [UInt32]) -> Int {
    var row = Array(0...right.count)
    for (index, scalar) in left.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for column in right.indices {
        let cost = min(diagonal + (scalar == right[column] ? 0 : 1), min(row[column], row[column + 1]) + 1)
        diagonal = row[column + 1]
        row[column + 1] = cost
      }
    }
    return row[right.count]
  }

  // MARK: Words

  private mutating func pairWords() {
    var (leftFree, rightFree) = (
      left.words.indices.filter { left.words[$0].role != .form },
      right.words.indices.filter { right.words[$0].role != .form }
    )
    var candidates: [(value: Float, left: Int, right: Int, likeness: WordLikeness)] = []
    for first in leftFree {
      for second in rightFree {
        let likeness = WordLikeness.of(left.words[first], right.words[second], as: kind)
        guard likeness.value > 0.5 else { continue }
        let weight = pairWeight(first..<(first + 1), second..<(second + 1))
        // Among equals the nearest place, so that repeated words pair in order.
        let distance = Float(abs(first - second)) * 0.001
        candidates.append((likeness.value * weight - distance, first, second, likeness))
      }
    }
    candidates.sort { $0.value > $1.value }
    for candidate in candidates where leftFree.contains(candidate.left) && rightFree.contains(candidate.right) {
      let (first, second) = (candidate.left..<(candidate.left + 1), candidate.right..<(candidate.right + 1))
      pairs.append(
        Pair(left: first, right: second, weight: pairWeight(first, second), likeness: candidate.likeness))
      leftFree.removeAll { $0 == candidate.left }
      rightFree.removeAll { $0 == candidate.right }
    }
    pairJoined(&leftFree, &rightFree)
    pairCutWord(&leftFree, &rightFree)
    (leftRest, rightRest) = (leftFree, rightFree)
  }

  private func pairWeight(_ first: Range<Int>, _ second: Range<Int>) -> Float {
    if first.count == 1, second.count == 1, left.words[first.lowerBound].role == .title,
      left.words[first.lowerBound].text == right.words[second.lowerBound].text
    {
      // What both have tells more than what one has and the other left out.
      return 0.4
    }
    let leftWeight = first.reduce(Float(0)) { $0 + left.words[$1].weight }
    let rightWeight = second.reduce(Float(0)) { $0 + right.words[$1].weight }
    return min(leftWeight, rightWeight) == 0.5 && (first.count, second.count) == (1, 1)
      ? 0.5 : (leftWeight + rightWeight) / 2
  }

  /// `Mohammad Hasni` and `Mohammadhasni`.
  private mutating func pairJoined(_ leftFree: inout [Int], _ rightFree: inout [Int]) {
    guard !leftFree.isEmpty, !rightFree.isEmpty, leftFree.count + rightFree.count > 2 else { return }
    for first in leftFree {
      if let range = NameComparison.run(in: right.words, among: rightFree, like: left.words[first].text, as: kind) {
        add(first..<(first + 1), range)
        leftFree.removeAll { $0 == first }
        rightFree.removeAll { range.contains($0) }
      }
    }
    for second in rightFree {
      if let range = NameComparison.run(in: left.words, among: leftFree, like: right.words[second].text, as: kind) {
        add(range, second..<(second + 1))
        rightFree.removeAll { $0 == second }
        leftFree.removeAll { range.contains($0) }
      }
    }
  }

  private mutating func add(_ first: Range<Int>, _ second: Range<Int>) {
    pairs.append(
      Pair(
        left: first, right: second, weight: pairWeight(first, second),
        likeness: WordLikeness(value: 0.96, reason: .joinedWords)))
  }

  private static func run(in words: [NameWord], among free: [Int], like text: [UInt8], as kind: NameKind) -> Range<Int>?
  {
    guard text.count >= 2 else { return nil }
    for start in free {
      var joined = words[start].text
      var end = start + 1
      while joined.count < text.count, end < words.count, free.contains(end), end - start < 4 {
        joined += words[end].text
        end += 1
        if joined == text || joined.count >= 7 && LetterDistance.isOneEditAway(joined, text) { return start..<end }
      }
    }
    return nil
  }

  /// A field of fixed width keeps the beginning of the last word.
  private mutating func pairCutWord(_ leftFree: inout [Int], _ rightFree: inout [Int]) {
    guard left.isCut || right.isCut, leftFree.count == 1, rightFree.count == 1 else { return }
    let (first, second) = (leftFree[0], rightFree[0])
    let (leftText, rightText) = (left.words[first].text, right.words[second].text)
    let isCut =
      left.isCut && first == left.words.count - 1 && rightText.starts(with: leftText)
      || right.isCut && second == right.words.count - 1 && leftText.starts(with: rightText)
    guard isCut else { return }
    pairs.append(
      Pair(
        left: first..<(first + 1), right: second..<(second + 1), weight: 1,
        likeness: WordLikeness(value: 0.9, reason: .cutWord)))
    (leftFree, rightFree) = ([], [])
  }

  private func wordScore() -> Float {
    guard hasTellingPair else { return 0 }
    let matched = pairs.reduce(Float(0)) { $0 + $1.weight * $1.likeness.value }
    let paired = pairs.reduce(Float(0)) { $0 + $1.weight }
    let (extra, conflict) = rest
    let extraShare: Float = kind == .organisation ? 0.7 : kind == .vessel ? 0.6 : 0.25
    let base = matched / (paired + 2 * conflict + extraShare * extra)
    return base * (1 - 0.4 * min(1, conflict))
  }

  /// A title, a particle or an initial is shared by too many.
  private var hasTellingPair: Bool {
    pairs.contains { pair in
      pair.left.contains { !left.words[$0].isIncidental && left.words[$0].role != .initial }
        && pair.likeness.reason != .initial
    } || pairs.count > 1 && pairs.allSatisfy { $0.likeness.value == 1 } && leftRest.isEmpty && rightRest.isEmpty
  }

  private var rest: (extra: Float, conflict: Float) {
    let (first, second) = (restWeight(left.words, leftRest), restWeight(right.words, rightRest))
    return (abs(first - second), min(first, second))
  }

  private func restWeight(_ words: [NameWord], _ rest: [Int]) -> Float {
    rest.reduce(0) { sum, index in
      let word = words[index]
      return sum + (word.isIncidental || word.role == .number ? 0 : word.weight)
    }
  }

  // MARK: The whole

  /// Words run together, torn apart or misspelt: the letters in their order are still nearly the same.
  private func wholeScore() -> Float? {
    if let consonants = wholeByConsonants() { return consonants }
    let telling = wholeScore(left.joined, right.joined)
    guard left.joinedAll.count > left.joined.count || right.joinedAll.count > right.joined.count else { return telling }
    // Forms that are not told from the name are part of it on both sides or on none.
    guard let all = wholeScore(left.joinedAll, right.joinedAll),
      left.joinedAll == right.joinedAll || min(left.joined.count, right.joined.count) >= 4
    else { return telling }
    return max(telling ?? 0, all)
  }

  private func wholeScore(_ first: [UInt8], _ second: [UInt8]) -> Float? {
    let (shorter, longer) = (min(first.count, second.count), max(first.count, second.count))
    guard shorter >= 4 else { return first == second && !first.isEmpty ? 1 : nil }
    guard let edits = LetterDistance.edits(first, second, limit: allowedEdits(shorter)) else { return nil }
    guard edits > 0 else { return 1 }
    guard kind != .organisation || keepsTellingWords else { return nil }
    return 1 - 1.1 * Float(edits) / Float(longer)
  }

  private func allowedEdits(_ length: Int) -> Int {
    if isVowelless { return 1 }
    if kind == .organisation || kind == .vessel { return length < 9 ? 1 : 2 }
    return length < 8 ? 1 : 2
  }

  private var isVowelless: Bool { left.words[0].script.hidesVowels && right.words[0].script.hidesVowels }

  /// In a long company name two letters may be all that tells: `LXC Aviation` is not `LAU Aviation`.
  private var keepsTellingWords: Bool {
    let (extra, conflict) = rest
    guard conflict > 0 else { return extra == 0 || true }
    for first in leftRest {
      let word = left.words[first]
      for second in rightRest {
        let other = right.words[second]
        guard word.role != .number, other.role != .number else { continue }
        let longer = max(word.text.count, other.text.count)
        let edits = LetterDistance.edits(word.text, other.text, limit: longer / 2)
        if edits == nil || longer <= 8 && (edits ?? 0) > 1 && longer - (edits ?? 0) < 6 && longer < 6 { return false }
      }
    }
    return true
  }

  private func wholeByConsonants() -> Float? {
    guard let first = left.words.first?.script, let second = right.words.first?.script, first != second,
      isTranscription(left, first) || isTranscription(right, second)
    else { return nil }
    let (leftSounds, rightSounds) = (Skeleton.withoutL(left.joinedSkeleton), Skeleton.withoutL(right.joinedSkeleton))
    let longer = max(leftSounds.count, rightSounds.count)
    guard longer >= 5 else { return nil }
    if leftSounds == rightSounds { return 0.88 }
    return longer >= 7 && LetterDistance.isOneEditAway(leftSounds, rightSounds) ? 0.75 : nil
  }

  /// Chinese and Korean names of their own have two or three syllables.
  private func isTranscription(_ name: Name, _ script: Script) -> Bool {
    script == .kana || script.isSyllabic && name.characters.count >= 4
  }

  // MARK: Factors

  private func factors(explaining: Bool) -> [(Float, NameMatch.Piece?)] {
    var factors: [(Float, NameMatch.Piece?)] = []
    func add(_ factor: Float, _ piece: @autoclosure () -> NameMatch.Piece) {
      if factor != 1 { factors.append((factor, explaining ? piece() : nil)) }
    }
    add(kindFactor, .init(.kind, left.kind.rawValue, right.kind.rawValue, value: Double(kindFactor)))
    let numbers = numberFactor
    add(numbers.0, .init(.number, numbers.1, numbers.2, value: Double(numbers.0)))
    let common = commonFactor
    add(common, .init(.commonWords, left.original, right.original, value: Double(common)))
    let roles = rolesFactor
    add(roles, .init(.roles, left.original, right.original, value: Double(roles)))
    return factors
  }

  /// A person is no company; a company is sometimes called as its ship.
  private var kindFactor: Float {
    guard left.kind != right.kind, left.kind != .unknown, right.kind != .unknown else { return 1 }
    return left.kind == .person || right.kind == .person ? 0.7 : 0.85
  }

  /// `Global Trading` stands in too many names to make one of them another.
  private var commonFactor: Float {
    guard rest != (0, 0), !isWhole else { return 1 }
    let isTelling = pairs.contains { pair in
      pair.left.contains { ![.common, .place, .title, .particle].contains(left.words[$0].role) }
    }
    return isTelling ? 1 : 0.85
  }

  /// Numbers tell one ship, fund or brigade from the next.
  private var numberFactor: (Float, String, String) {
    let numbers = { (words: [NameWord], rest: [Int]) in
      rest.filter { words[$0].role == .number }.map { String(decoding: words[$0].text, as: UTF8.self) }.joined(
        separator: " ")
    }
    let (first, second) = (numbers(left.words, leftRest), numbers(right.words, rightRest))
    if first.isEmpty && second.isEmpty || left.joinedAll == right.joinedAll { return (1, "", "") }
    let isSwap = !first.isEmpty && !second.isEmpty
    let factor: Float = kind == .vessel ? (isSwap ? 0.9 : 0.85) : (isSwap ? 0.8 : 0.68)
    return (factor, first, second)
  }

  /// `Ahmad bin Hasan` is the son, `Hasan bin Ahmad` the father.
  private var rolesFactor: Float {
    let crossed = pairs.filter { pair in
      pair.left.count == 1 && pair.right.count == 1
        && left.words[pair.left.lowerBound].isFathers != right.words[pair.right.lowerBound].isFathers
    }
    let hasBoth = left.words.contains(where: \.isFathers) && right.words.contains(where: \.isFathers)
    return hasBoth && crossed.count >= 2 ? 0.65 : 1
  }

  // MARK: Reasons

  private func wordPieces() -> [NameMatch.Piece] {
    let text = { (words: [NameWord], range: Range<Int>) in
      range.map { String(decoding: words[$0].text, as: UTF8.self) }.joined(separator: " ")
    }
    let all = pairs.reduce(Float(0)) { $0 + $1.weight }
    var pieces = pairs.map { pair in
      NameMatch.Piece(
        pair.likeness.reason, text(left.words, pair.left), text(right.words, pair.right),
        value: Double(pair.weight * pair.likeness.value / max(all, 0.01)))
    }
    for index in leftRest where !left.words[index].isIncidental {
      pieces.append(.init(.onlyLeft, text(left.words, index..<(index + 1)), value: Double(left.words[index].weight)))
    }
    for index in rightRest where !right.words[index].isIncidental {
      pieces.append(
        .init(.onlyRight, "", text(right.words, index..<(index + 1)), value: Double(right.words[index].weight)))
    }
    return pieces
  }
}
