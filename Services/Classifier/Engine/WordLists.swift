/// Words the classifier treats apart, read from `words.txt` in the knowledge: a section per list.
public struct WordLists: Sendable {
  /// Praise, colours, sizes, shipping talk: dropped before anything is learnt or asked.
  let noise: Set<UInt32>
  /// Nouns that say too little alone: parts, goods, gift.
  let vague: Set<UInt32>
  /// "for" and its kin: what follows is what the article fits.
  let fitsMarkers: Set<UInt32>
  /// "with", "featuring", "used in": what follows is told of the article, and is not the article.
  let detailMarkers: Set<UInt32>
  /// Before "of", "made" and all markers stands the noun that names the article.
  let headEnds: Set<UInt32>
  /// "and" and its kin: what stands on either side may be an article each.
  let joins: Set<UInt32>

  init(text: String, file: String) throws {
    var lists: [String: Set<UInt32>] = [:]
    var section: String?
    for (number, line) in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
    {
      let line = Substring(line)
      if line.hasPrefix("#") || line.isEmpty { continue }
      if line.hasPrefix("[") {
        section = String(line.dropFirst().prefix { $0 != "]" })
        continue
      }
      guard let section else { throw KnowledgeError(file: file, line: number + 1, reason: "stands in no section") }
      for word in TokenStream(String(line)).words { lists[section, default: []].insert(FeatureHash.word(word)) }
    }
    for name in lists.keys.sorted() where !["noise", "vague", "fits", "details", "ends", "joins"].contains(name) {
      throw KnowledgeError(file: file, line: 0, reason: "has the unknown section '\(name)'")
    }
    noise = lists["noise"] ?? []
    vague = lists["vague"] ?? []
    let (fits, details) = (lists["fits"] ?? [], lists["details"] ?? [])
    (fitsMarkers, detailMarkers) = (fits, details)
    joins = lists["joins"] ?? []
    headEnds = (lists["ends"] ?? []).union(fits).union(details)
  }
}
