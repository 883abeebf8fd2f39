import Domain

/// Another way of sending the same goods.
public struct LandedCostAlternative: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable { case formalEntry, parcelRegime, split, route }

  public var kind: Kind
  public var summary: String
  /// What must be weighed before it is used.
  public var caution: String
  public var total: Money?
  public var saving: Money?
}
