/// How alike two names are, and why.
public struct NameMatch: Hashable, Sendable {
  /// From 0 to 1.
  public var score: Double
  public var pieces: [Piece]

  /// One reason. The score is the product of a base, made of the words, and the factors that follow it.
  public struct Piece: Hashable, Sendable {
    public enum Kind: String, Sendable {
      case sameWord, similarWord, sameName, initial, joinedWords, cutWord, sameConsonants
      case onlyLeft, onlyRight, conflict, number, roles
      case wholeName, sameCharacters
      case kind, bornSame, bornOther, countrySame, countryOther, identifier, commonWords
    }

    public var kind: Kind
    public var left: String
    public var right: String
    /// What it adds for words, what it multiplies by for the rest; from 0 to 1.
    public var value: Double

    public init(_ kind: Kind, _ left: String = "", _ right: String = "", value: Double) {
      self.kind = kind
      self.left = left
      self.right = right
      self.value = value
    }
  }

  /// From this score on two names are held to be the same until a person says otherwise.
  public static let threshold = 0.7
}
