/// Whether a title names one article or several. "Tumbler, pitcher and bedpan" is clear about each word and says little
/// of which of the three is asked. A phrase that speaks loudest for another heading than the first code's names another
/// article, or what the article has or fits.
struct NamedGoods {
  /// Phrases of the title: what stands between commas, "and", "with", "for".
  private(set) var phrases = 1
  /// Headings beside that of the first code, each the favourite of some phrase.
  private(set) var others = 0

  /// How much a phrase must speak for a heading, in log-odds.
  private static let voice: Float = 1
  /// A phrase names one of the first few codes, or none.
  private static let depth = 5

  init(_ reading: CodeScorer.Reading, ranked: [Int], scorer: CodeScorer) {
    let phraseOfToken = NamedGoods.phrases(of: reading.stream, words: scorer.words)
    phrases = max(1, (phraseOfToken.last ?? 0) + 1)
    guard phrases > 1 else { return }
    let ranked = ranked.prefix(NamedGoods.depth)
    var voices = ranked.map { _ in [Float](repeating: 0, count: phrases) }
    for item in reading.known where Int(item.token) < phraseOfToken.count {
      for (rank, code) in ranked.enumerated() {
        voices[rank][phraseOfToken[Int(item.token)]] += scorer.linear.contribution(item, code: code)
      }
    }
    let headings = (0..<phrases).compactMap { phrase in
      voices.indices.max { voices[$0][phrase] < voices[$1][phrase] }
        .flatMap { voices[$0][phrase] > NamedGoods.voice ? scorer.nomenclature.headingOfCode[ranked[$0]] : nil }
    }
    others = Set(headings).subtracting([scorer.nomenclature.headingOfCode[ranked[0]]]).count
  }

  /// The phrase in which each word of the title stands; the title comes first in a stream.
  private static func phrases(of stream: TokenStream, words: WordLists) -> [Int] {
    var phrases: [Int] = []
    var isOpen = true
    for index in stream.tokens.indices where stream.tokens[index].field == .title {
      let word = FeatureHash.word(stream.text(at: index))
      let parts = words.joins.contains(word) || words.fitsMarkers.contains(word) || words.detailMarkers.contains(word)
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
