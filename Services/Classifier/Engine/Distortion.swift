import Domain

/// An example as the world would write it. Sellers write less well than the knowledge does, and say more or less than
/// needed; officials describe an article by all it is made of and used in; and many a text names several goods.
struct Distortion {
  var stream: TokenStream
  var weight: Double

  /// Examples of other codes that are put beside one: some of the same chapter, as a rule, and some of any.
  struct Company {
    var near: [String]
    var far: [String]
  }

  static func versions(of example: String, in company: Company, chance: inout Shuffle) -> [Distortion] {
    let plain = TokenStream(ExampleLine(example))
    let words = plain.words
    var versions = [
      Distortion(stream: plain, weight: 1),
      Distortion(stream: TokenStream(strange(words, &chance)), weight: 0.5),
      Distortion(stream: TokenStream(clipped(example)), weight: 1),
    ]
    if words.count > 2 {
      versions.append(Distortion(stream: TokenStream(part(of: words, 5, &chance)), weight: 0.7))
      versions.append(Distortion(stream: TokenStream(words[chance.next(below: words.count)]), weight: 0.15))
    }
    let stuffed = "\(part(of: words, 7, &chance)) \(part(of: company.near[0], 4, &chance))"
    versions.append(Distortion(stream: TokenStream(stuffed), weight: 0.7))
    let title = ExampleLine(example).title
    for other in [company.near[0], company.far[0]] {
      versions.append(Distortion(stream: TokenStream(both(title, other, &chance)), weight: 0.7))
    }
    versions.append(Distortion(stream: described(words, company, &chance), weight: 1))
    versions.append(Distortion(stream: listed(words, company, &chance), weight: 0.7))
    return versions
  }

  private static func part(of words: [String], _ tenths: Int, _ chance: inout Shuffle) -> String {
    words.filter { _ in chance.next(below: 10) < tenths }.joined(separator: " ")
  }

  private static func part(of text: String, _ tenths: Int, _ chance: inout Shuffle) -> String {
    part(of: TokenStream(text).words, tenths, &chance)
  }

  private static func unknownWord(_ chance: inout Shuffle) -> String { "zqx\(chance.next(below: 1 << 30))" }

  /// Some of its words among makers' and models' names that nobody knows: most of these do no harm.
  private static func strange(_ words: [String], _ chance: inout Shuffle) -> String {
    let names = (0..<1 + chance.next(below: 3)).map { _ in unknownWord(&chance) }
    return "\(names.joined(separator: " ")) \(part(of: words, 7, &chance))"
  }

  /// As a parcel's declaration is cut off.
  private static func clipped(_ text: String) -> String {
    let title = text.prefix { $0 != "[" }
    return String(title.prefix(30))
  }

  /// Two goods, of which the code of one is asked.
  private static func both(_ one: String, _ other: String, _ chance: inout Shuffle) -> String {
    chance.next(below: 2) == 0 ? "\(one) and \(other)" : "\(other) and \(one)"
  }

  /// As a ruling puts it: what the article is, with what, of what, and a detail.
  private static func described(_ words: [String], _ company: Company, _ chance: inout Shuffle) -> TokenStream {
    let article = "\(part(of: words, 6, &chance)) \(part(of: company.near[0], 4, &chance))"
    let make = "made of \(part(of: company.near[1], 3, &chance))"
    return TokenStream("\(article) \(make), \(part(of: company.far[0], 4, &chance))")
  }

  /// As a marketplace lists it: a title of neighbours' words and makers' names, under a category that is not quite its
  /// own, with attributes that say little of what the article is.
  private static func listed(_ words: [String], _ company: Company, _ chance: inout Shuffle) -> TokenStream {
    let unknown = (0..<3).map { _ in unknownWord(&chance) }.joined(separator: " ")
    let title = "\(part(of: words, 8, &chance)) \(part(of: company.near[0], 4, &chance)) \(unknown)"
    var stream = TokenStream(title)
    stream.append(company.near[2], field: .category)
    for attribute in [company.near[1], company.far[0], part(of: company.far[1], 5, &chance)] {
      stream.append(attribute, field: .attribute)
    }
    return stream
  }
}
