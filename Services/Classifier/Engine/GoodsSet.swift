import Domain
import Glibc

/// Different goods put up together for sale, as in "gift set: ceramic mug, teaspoon and tea".
struct GoodsSet {
  struct Article: Hashable {
    var name: String
    var code: HSCode
  }

  /// As they are named, each of another heading.
  let articles: [Article]

  private static let mostPhrases = 6

  /// nil where the title names no set, or its articles are all of one heading.
  init?(_ product: Product, scorer: CodeScorer) {
    guard let title = product.titles.first else { return nil }
    let stream = TokenStream(title.text)
    guard stream.tokens.indices.contains(where: { scorer.words.namesSet(stream, at: $0) }) else { return nil }
    let phrases = stream.articlePhrases(scorer.words)
    guard (2...GoodsSet.mostPhrases).contains(phrases.count) else { return nil }
    var articles: [Article] = []
    for phrase in phrases {
      guard let code = scorer.clearCode(of: phrase) else { continue }
      if articles.contains(where: { $0.code.heading == code.heading }) { continue }
      articles.append(Article(name: phrase.words.joined(separator: " "), code: code))
    }
    guard articles.count > 1 else { return nil }
    self.articles = articles
  }

  /// The General Rules as they bear on this set.
  /// - Parameter title: of the first candidate. One that names sets is meant for them.
  func evidence(first: HSCode, title: String) -> [ClassificationEvidence] {
    if TokenStream(title).words.contains(where: { $0 == "set" || $0 == "sets" }) {
      return [rule("Several goods are put up together, and \(first.dotted) names such sets", "GRI 1")]
    }
    let named = articles.map { "\($0.name) (\($0.code.dotted))" }.joined(separator: ", ")
    let last = articles.map(\.code).max()!
    let answers = articles.map { "\($0.name) → \($0.code.dotted)" } + ["none of them → \(last.dotted)"]
    return [
      rule(
        "A set of goods of different headings: \(named). The one that gives it its essential character decides "
          + "(rule 3 b), else the last heading in numerical order (rule 3 c)", "GRI 3"),
      ClassificationEvidence(
        kind: .question,
        text: "Which of them gives the set its essential character? \(answers.joined(separator: "; "))",
        reference: "GRI 3"),
    ]
  }

  private func rule(_ text: String, _ reference: String) -> ClassificationEvidence {
    ClassificationEvidence(kind: .rule, text: text, reference: reference)
  }
}

extension CodeScorer {
  /// The share that a heading must have for a phrase to name an article of it.
  private static let clear: Float = 0.6

  fileprivate func clearCode(of phrase: TokenStream) -> HSCode? {
    let reading = read(phrase)
    guard !reading.known.isEmpty else { return nil }
    let first = reading.scores.places(ofLargest: 1)[0]
    let shares = reading.scores.map { expf(max($0 - reading.scores[first], -14)) }
    let heading = nomenclature.codesOfHeading[Int(nomenclature.headingOfCode[first])]
    return shares[heading].reduce(0, +) >= CodeScorer.clear * shares.reduce(0, +) ? nomenclature.codes[first] : nil
  }
}

extension TokenStream {
  /// The parts of a title that may name an article each. What something is of or for is none.
  fileprivate func articlePhrases(_ words: WordLists) -> [TokenStream] {
    var phrases: [[Int]] = []
    var isOpen = true
    var isAside = false
    for index in tokens.indices {
      let roles = words.roles(of: hash(at: index))
      let joins = tokens[index].opensPhrase || !roles.isDisjoint(with: [.joins, .details])
      let turnsAside = roles.contains(.ends) && !roles.contains(.details)
      if joins { isAside = false }
      if joins || turnsAside { isOpen = true }
      isAside = isAside || turnsAside
      let says =
        roles.isDisjoint(with: [.joins, .fits, .details, .ends, .noise, .sets]) && tokens[index].kind != .number
      if !says || isAside { continue }
      if isOpen { phrases.append([]) }
      isOpen = false
      phrases[phrases.count - 1].append(index)
    }
    return phrases.map { places in keeping { places.contains($0) } }
  }
}
