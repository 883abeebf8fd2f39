/// What a tenant has cleared before. What was not looked up, or is not stated, is not known.
public struct Familiarity: Hashable, Sendable {
  /// A product of the same supplier was cleared.
  public var isSupplierKnown: Bool
  /// Anything was cleared for the market.
  public var isMarketKnown: Bool

  public init(isSupplierKnown: Bool, isMarketKnown: Bool) {
    self.isSupplierKnown = isSupplierKnown
    self.isMarketKnown = isMarketKnown
  }

  public static let unknown = Familiarity(isSupplierKnown: false, isMarketKnown: false)
  public static let known = Familiarity(isSupplierKnown: true, isMarketKnown: true)
}

extension Party {
  /// The name and country as two spellings of one supplier share them: lower case, signs apart.
  public var familiarityKey: String {
    let words = name.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: " ")
    return String("\(words.isEmpty ? name : words)|\(country?.code ?? "")".prefix(200))
  }
}
