import Domain

/// Whether a title names one article or several. "Tumbler, pitcher and bedpan" is clear about each word and says little
/// of which of the three is asked. A phrase that speaks loudest for another heading than the first code's names another
/// article, or what the article has or fits.
struct NamedGoods {
  /// Phrases of the title: what stands between commas, "and", "with", "for".
  let phrases: Int
  /// Headings beside that of the first code, each the favourite of some phrase.
  let others: Int

  /// How much a phrase must speak for a heading, in log-odds.
  private static let voice: Float = 1

  /// - Parameters:
  ///   - explanation: of the first few codes. A phrase names one of them, or none.
  ///   - tokens: how many of the title to look at: its translations name the same goods again.
  init(_ explanation: Explanation, words: WordLists, tokens: Int = .max) {
    let phraseOfToken = NamedGoods.phrases(of: explanation.stream, words: words).prefix(tokens)
    phrases = max(1, (phraseOfToken.last ?? 0) + 1)
    var voices = [SIMD8<Float>](repeating: .zero, count: phrases)
    for (token, phrase) in phraseOfToken.enumerated() { voices[phrase] += explanation.shares[token] }
    let ranks = explanation.ranked.indices
    let favourites = voices.compactMap { voice in
      ranks.max { voice[$0] < voice[$1] }.flatMap {
        voice[$0] > NamedGoods.voice ? explanation.ranked[$0].heading : nil
      }
    }
    others = phrases == 1 ? 0 : Set(favourites).subtracting(explanation.ranked.prefix(1).map(\.heading)).count
  }

  /// The phrase in which each word of the title stands; the title comes first in a stream.
  private static func phrases(of stream: TokenStream, words: WordLists) -> [Int] {
    var phrases: [Int] = []
    var isOpen = true
    for index in stream.tokens.indices where stream.tokens[index].field == .title {
      let parts = !words.roles(of: stream.hash(at: index)).isDisjoint(with: [.joins, .fits, .details])
      let opens = !parts && (isOpen || stream.tokens[index].opensPhrase)
      phrases.append((phrases.last ?? -1) + (opens ? 1 : 0))
      isOpen = parts || (isOpen && !opens)
    }
    return phrases.map { max($0, 0) }
  }

  static let inputNames = ["phrases", "others", "othersBelief"]

  /// - Parameter belief: what the words give the first code. It counts for less where several articles are named.
  func inputs(belief: Double) -> [Double] {
    let others = Double(min(others, 3)) / 3
    return [Double(min(phrases, 6)) / 6, others, others * belief]
  }
}
