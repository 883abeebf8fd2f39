import Domain

/// An example as the world would write it. Sellers write less well than the knowledge does, and say more or less than
/// needed.
struct Distortion {
  var stream: TokenStream
  var weight: Double

  /// - Parameter neighbour: another code's example, of the same chapter where there is one.
  /// - Parameter other: an example of any code.
  static func versions(of example: String, neighbour: String, other: String, chance: inout Shuffle) -> [Distortion] {
    let plain = TokenStream(ExampleLine(example))
    let words = plain.words
    func part(_ words: [String], _ tenths: Int) -> String {
      words.filter { _ in chance.next(below: 10) < tenths }.joined(separator: " ")
    }
    /// Some of its words replaced by words that nobody knows.
    func strange(_ words: [String]) -> String {
      words.map { chance.next(below: 10) < 4 ? "zqx\(chance.next(below: 1 << 30))" : $0 }
        .joined(separator: " ")
    }
    var versions = [
      Distortion(stream: plain, weight: 0.5), Distortion(stream: TokenStream(strange(words)), weight: 0.5),
      Distortion(stream: TokenStream(clipped(example)), weight: 1),
    ]
    if words.count > 2 {
      versions.append(Distortion(stream: TokenStream(part(words, 5)), weight: 0.7))
      versions.append(Distortion(stream: TokenStream(words[chance.next(below: words.count)]), weight: 0.15))
    }
    // A marketplace title names neighbours as well, and its attributes say little of what the article is.
    let stuffed = TokenStream("\(part(words, 7)) \(part(TokenStream(neighbour).words, 4))")
    versions.append(Distortion(stream: stuffed, weight: 0.7))
    var crowded = TokenStream("\(part(words, 6)) \(part(TokenStream(neighbour).words, 4))")
    crowded.append("\(neighbour) \(other)", field: .attribute)
    versions.append(Distortion(stream: crowded, weight: 0.8))
    return versions
  }

  /// As a parcel's declaration is cut off.
  private static func clipped(_ text: String) -> String {
    let title = text.prefix { $0 != "[" }
    return String(title.prefix(30))
  }
}
