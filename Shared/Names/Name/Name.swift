/// A name taken apart for comparison: its words with what each weighs, and the whole of it without spaces.
public struct Name: Sendable {
  public let original: String
  public let kind: NameKind
  let words: [NameWord]
  /// All words but company forms and titles, without spaces.
  let joined: [UInt8]
  /// The same with forms and titles, for a space in the wrong place: `FinrostL imited`.
  let joinedAll: [UInt8]
  let joinedSkeleton: [UInt8]
  /// The characters of a name written in Chinese characters or Hangul alone, in simplified form.
  let characters: [Unicode.Scalar]
  let isCut: Bool

  public init(_ text: String, kind: NameKind = .unknown) {
    let bounded = String(text.prefix(Name.lengthMax))
    self = NameParser(bounded, kind: kind).name()
  }

  init(
    original: String, kind: NameKind, words: [NameWord], joined: [UInt8], joinedAll: [UInt8],
    joinedSkeleton: [UInt8], characters: [Unicode.Scalar]
  ) {
    self.original = original
    self.kind = kind
    self.words = words
    self.joined = joined
    self.joinedAll = joinedAll
    self.joinedSkeleton = joinedSkeleton
    self.characters = characters
    isCut = Name.fieldWidths.contains(original.count)
  }

  /// Nothing in it can be compared.
  public var isEmpty: Bool { words.isEmpty }

  /// What the words weigh that tell who it is.
  var weight: Float { words.reduce(0) { $0 + ($1.isIncidental ? 0 : $1.weight) } }

  private static let lengthMax = 300
  /// Declarations and telegraphic transfers cut names at these widths.
  private static let fieldWidths: Set<Int> = [30, 35, 40, 50, 70]
}

extension Name {
  /// Loads what the first name of a foreign script would wait for.
  public static func prepare() {
    for text in ["名", "名 ナ か 가 ก अ আ ત த ਸ ა ա አ", "Orvanta 1st Trading LLC"] { _ = Name(text) }
  }

  /// The same for names that differ in case, accents, signs and company form alone.
  public var key: String { String(decoding: joined, as: UTF8.self) }
}
