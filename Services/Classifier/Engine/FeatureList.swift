/// The hashed features of a text: words, pairs of neighbours, character n-grams; each with the token it came from, so
/// that a score can be explained word by word.
struct FeatureList {
  struct Feature {
    var hash: UInt32
    var weight: Float
    var token: Int32
    var kind: Kind
  }

  enum Kind: UInt8 {
    case word, pair
    /// A piece of a word: what is left of it where it is misspelt, cut off, or written together.
    case piece
    /// The consonants of a word, by which an abbreviation finds it; first as few as mean something, last all of them.
    case consonants

    /// - Parameter pair: how much a pair counts beside its words.
    func strength(pair: Float) -> Float {
      switch self {
      case .word: 1
      case .pair: pair
      case .piece: 0.6
      case .consonants: 0
      }
    }
  }

  private(set) var features: [Feature] = []
  /// One per token; zero for words that say nothing about what the product is.
  private(set) var tokenWeights: [Float]

  /// How closely a text is read. A history repeats its own wording, so that accents, numbers and longer runs of words
  /// find a line again which the knowledge could only be misled by.
  enum Reading: Sendable { case broad, close }

  init(_ stream: TokenStream, words: WordLists, reading: Reading = .broad) {
    tokenWeights = [Float](repeating: 0, count: stream.tokens.count)
    features.reserveCapacity(stream.tokens.count * 10)
    stream.bytes.withUnsafeBufferPointer { bytes in
      var builder = Builder(bytes: bytes, words: words, isClose: reading == .close)
      for index in stream.tokens.indices {
        tokenWeights[index] = builder.take(stream.tokens[index], index: index, into: &features)
      }
    }
  }

  private struct Builder {
    let bytes: UnsafeBufferPointer<UInt8>
    let words: WordLists
    let isClose: Bool
    var previous: UInt32?
    var previousPair: UInt32?
    var field = Field.title
    /// After "for", "untuk", "cho" a title names what the article fits, not what it is.
    var isAfterFor = false
    /// After "with" a text tells of details, to its end.
    var isAfterDetail = false
    var takenInPhrase = 0
    /// Where the features of the last word begin, until the article is named.
    var lastWord: Int?
    var isNamed = false
    /// Where a single letter stood just before: the `t` of t-shirt and t shirt belongs to the next word.
    var letterBefore: Int?

    mutating func take(_ token: TokenStream.Token, index: Int, into features: inout [Feature]) -> Float {
      if token.field != field {
        isAfterDetail = false
        isNamed = false
        lastWord = nil
      }
      if token.field != field || token.opensPhrase {
        field = token.field
        previous = nil
        previousPair = nil
        letterBefore = nil
        isAfterFor = false
        takenInPhrase = 0
      }
      let weight = token.field.weight * (isAfterFor ? 0.5 : 1) * (isAfterDetail ? 0.4 : 1)
      let range = Int(token.start)..<Int(token.end)
      if token.kind == .word && range.count == 1 {
        letterBefore = range.lowerBound
        return 0
      }
      defer { letterBefore = nil }
      switch token.kind {
      case .number:
        if isClose {
          let hash = FeatureHash.of(bytes, range, seed: .unit)
          features.append(Feature(hash: hash, weight: weight * 0.6, token: Int32(index), kind: .piece))
        }
        return 0
      case .thai:
        // Thai names the article first, and then what is said of it.
        let head = index == 0 ? 6 : 0
        _ = takeGrams(range, scalars: 3, weight: weight * 0.3, stressing: head, index: index, into: &features)
        return takeGrams(range, scalars: 4, weight: weight * 0.4, stressing: head, index: index, into: &features)
      case .ideograph:
        _ = takeGrams(range, scalars: 1, weight: weight * 0.6, index: index, into: &features)
        if isClose { _ = takeGrams(range, scalars: 3, weight: weight * 0.5, index: index, into: &features) }
        return takeGrams(range, scalars: 2, weight: weight * 0.8, index: index, into: &features)
      case .mixed: return takeMixed(range, weight: weight, index: index, into: &features)
      case .word:
        let start = features.count
        let weight = takeWord(range, weight: weight, index: index, into: &features)
        if weight > 0, token.accents != 0 { takeAccents(token.accents, from: start, weight, index, into: &features) }
        return weight
      }
    }

    /// An accent tells words apart, most of all in Vietnamese, whose words are of several syllables: pairs count more.
    private func takeAccents(
      _ accents: UInt32, from start: Int, _ weight: Float, _ index: Int, into features: inout [Feature]
    ) {
      for place in start..<features.count where features[place].kind == .pair { features[place].weight *= 1.5 }
      guard let previous else { return }
      let hash = FeatureHash.pair(accents, previous)
      features.append(Feature(hash: hash, weight: weight * 0.8, token: Int32(index), kind: .pair))
    }

    private mutating func takeWord(_ range: Range<Int>, weight: Float, index: Int, into features: inout [Feature])
      -> Float
    {
      let whole = FeatureHash.of(bytes, range, seed: .word)
      let roles = words.roles(of: whole)
      if roles.contains(.ends) { stressHead(&features) }
      if roles.contains(.fits) {
        isAfterFor = takenInPhrase > 0
        previous = nil
        return 0
      }
      if roles.contains(.details) {
        isAfterDetail = isNamed
        previous = nil
        return 0
      }
      if roles.contains(.noise) { return 0 }
      let stem = Stem.range(of: bytes, range)
      lastWord = features.count
      let hash = FeatureHash.stem(bytes, stem)
      features.append(Feature(hash: hash, weight: weight, token: Int32(index), kind: .word))
      if let previous {
        let pair = FeatureHash.pair(previous, hash)
        features.append(Feature(hash: pair, weight: weight, token: Int32(index), kind: .pair))
        if isClose, let previousPair {
          let triple = FeatureHash.pair(previousPair, hash &+ 1)
          features.append(Feature(hash: triple, weight: weight * 0.7, token: Int32(index), kind: .pair))
        }
        previousPair = pair
      }
      if let letterBefore {
        let joined = FeatureHash.stem(bytes, letterBefore..<stem.upperBound)
        features.append(Feature(hash: joined, weight: weight, token: Int32(index), kind: .pair))
      }
      previous = hash
      takenInPhrase += 1
      appendPieces(stem, weight: weight, index: index, into: &features)
      appendConsonants(stem, weight: weight, index: index, into: &features)
      return weight
    }

    /// The word before the first of those that end a name counts more: "brake pad press" is a press.
    private mutating func stressHead(_ features: inout [Feature]) {
      guard !isNamed, let lastWord else { return }
      isNamed = true
      for place in lastWord..<features.count { features[place].weight *= 1.3 }
    }

    private func appendConsonants(_ range: Range<Int>, weight: Float, index: Int, into features: inout [Feature]) {
      guard range.count <= 24 else { return }
      var hash = FeatureHash.Seed.consonants.rawValue
      var count = 0
      var last: UInt8 = 0
      // Who writes the vowels means the word as it stands; it may still be cut off.
      let vowels = range.count { FeatureHash.isVowel(bytes[$0]) }
      let weight = vowels * 3 <= range.count ? weight : weight * 0.35
      for place in range {
        let byte = bytes[place]
        let isDropped =
          FeatureHash.isVowel(byte) || byte == UInt8(ascii: "h") || byte == UInt8(ascii: "y") || byte == last
        if isDropped && place > range.lowerBound { continue }
        last = byte
        hash = (hash ^ UInt32(byte)) &* 0x0100_0193
        count += 1
        if count >= 3 || count == 2 && range.count == 3 {
          features.append(Feature(hash: hash, weight: weight, token: Int32(index), kind: .consonants))
        }
      }
      if count == 2, range.count == 2 {
        features.append(Feature(hash: hash, weight: weight, token: Int32(index), kind: .consonants))
      }
    }

    private func appendPieces(_ range: Range<Int>, weight: Float, index: Int, into features: inout [Feature]) {
      guard range.count >= 4, range.count <= 24 else { return }
      let share = weight / Float(range.count - 2)
      let start = FeatureHash.of(bytes, range.lowerBound..<range.lowerBound + 4, seed: .start)
      features.append(Feature(hash: start, weight: share * 2, token: Int32(index), kind: .piece))
      for offset in range.lowerBound...(range.upperBound - 4) {
        let hash = FeatureHash.of(bytes, offset..<offset + 4, seed: .piece)
        features.append(Feature(hash: hash, weight: share, token: Int32(index), kind: .piece))
      }
    }

    /// `500ml`, `10000mah`, `18w`: the unit tells, the number does not.
    private mutating func takeMixed(_ range: Range<Int>, weight: Float, index: Int, into features: inout [Feature])
      -> Float
    {
      var start = range.lowerBound
      while start < range.upperBound, bytes[start] <= UInt8(ascii: "9") { start += 1 }
      let isUnit = start > range.lowerBound && bytes[start..<range.upperBound].allSatisfy { $0 > UInt8(ascii: "9") }
      let hash =
        isUnit
        ? FeatureHash.of(bytes, start..<range.upperBound, seed: .unit) : FeatureHash.of(bytes, range, seed: .word)
      let strength = isUnit ? weight * 0.4 : weight * 0.7
      features.append(Feature(hash: hash, weight: strength, token: Int32(index), kind: .word))
      previous = nil
      return isUnit ? 0 : weight * 0.3
    }

    /// - Parameter head: how many of the first count more.
    private mutating func takeGrams(
      _ range: Range<Int>, scalars count: Int, weight: Float, stressing head: Int = 0, index: Int,
      into features: inout [Feature]
    ) -> Float {
      var starts = range.filter { bytes[$0] & 0xC0 != 0x80 }
      starts.append(range.upperBound)
      let length = starts.count - 1
      previous = nil
      takenInPhrase += 1
      for first in 0...max(0, length - count) {
        let hash = FeatureHash.of(bytes, starts[first]..<starts[min(first + count, length)], seed: .gram)
        let weight = first < head ? weight * 1.5 : weight
        features.append(Feature(hash: hash, weight: weight, token: Int32(index), kind: .word))
      }
      return weight * Float(max(1, length / count))
    }
  }
}
