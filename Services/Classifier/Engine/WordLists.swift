/// Words the classifier treats apart, read from `words.txt` in the knowledge: a section per list.
public struct WordLists: Sendable {
  struct Roles: OptionSet, Sendable {
    let rawValue: UInt16
    /// Praise, colours, sizes, shipping talk: dropped before anything is learnt or asked.
    static let noise = Roles(rawValue: 1)
    /// Nouns that say too little alone: parts, goods, gift.
    static let vague = Roles(rawValue: 1 << 1)
    /// "for" and its kin: what follows is what the article fits.
    static let fits = Roles(rawValue: 1 << 2)
    /// "with", "featuring", "used in": what follows is told of the article, and is not the article.
    static let details = Roles(rawValue: 1 << 3)
    /// Before "of", "made" and all markers stands the noun that names the article.
    static let ends = Roles(rawValue: 1 << 4)
    /// "and" and its kin: what stands on either side may be an article each.
    static let joins = Roles(rawValue: 1 << 5)
    /// "HS", "tariff", "which": a code is being asked for.
    static let asks = Roles(rawValue: 1 << 6)
    /// "what is the … for", "we import …": no words of the article where a code is asked for.
    static let asking = Roles(rawValue: 1 << 7)
    /// "set", "kit", "hamper": several goods may be sold as one.
    static let sets = Roles(rawValue: 1 << 8)

    fileprivate init?(section: String) {
      switch section {
      case "noise": self = .noise
      case "vague": self = .vague
      case "fits": self = [.fits, .ends]
      case "details": self = [.details, .ends]
      case "ends": self = .ends
      case "joins": self = .joins
      case "asks": self = [.asks, .asking]
      case "asking": self = .asking
      case "sets": self = .sets
      default: return nil
      }
    }

    init(rawValue: UInt16) { self.rawValue = rawValue }
  }

  private var words = Vocabulary()
  private var roles: [Roles] = []
  private var setWords: [[UInt8]] = []

  init(text: String, file: String) throws {
    var section: Roles?
    for (number, line) in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
    {
      let line = Substring(line)
      if line.hasPrefix("#") || line.isEmpty { continue }
      if line.hasPrefix("[") {
        let name = String(line.dropFirst().prefix { $0 != "]" })
        section = Roles(section: name)
        if section == nil {
          throw KnowledgeError(file: file, line: number + 1, reason: "has the unknown section '\(name)'")
        }
        continue
      }
      guard let section else { throw KnowledgeError(file: file, line: number + 1, reason: "stands in no section") }
      let stream = TokenStream(String(line))
      for index in stream.tokens.indices {
        add(stream.hash(at: index), section)
        if section == .sets { setWords.append(Array(stream.letters(at: index))) }
      }
    }
  }

  private mutating func add(_ word: UInt32, _ section: Roles) {
    let place = Int(words.insert(word))
    if place == roles.count { roles.append([]) }
    roles[place].formUnion(section)
  }

  /// - Parameter word: the hash of the whole word.
  func roles(of word: UInt32) -> Roles { words.index(of: word).map { roles[Int($0)] } ?? [] }

  /// Whether a word tells that goods are put up in a set. In scripts without spaces it stands within a run of letters.
  func namesSet(_ stream: TokenStream, at index: Int) -> Bool {
    switch stream.tokens[index].kind {
    case .thai, .ideograph: setWords.contains { stream.letters(at: index).contains($0) }
    case .word, .mixed, .number: roles(of: stream.hash(at: index)).contains(.sets)
    }
  }
}
