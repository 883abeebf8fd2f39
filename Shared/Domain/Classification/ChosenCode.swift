/// The code that one product has in one market: decided, or the classifier's best while nobody has decided.
public struct ChosenCode: Hashable, Sendable {
  public var market: Market
  public var code: HSCode
  public var isDecided: Bool

  public init(market: Market, code: HSCode, isDecided: Bool) {
    self.market = market
    self.code = code
    self.isDecided = isDecided
  }
}

extension HSCode {
  /// The same as far as both go within the six digits that all countries share.
  public func agrees(with other: HSCode) -> Bool {
    let shared = min(digits.utf8.count, other.digits.utf8.count, 6)
    return digits.prefix(shared) == other.digits.prefix(shared)
  }
}
