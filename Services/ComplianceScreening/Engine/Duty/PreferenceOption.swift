import Domain

/// What one trade programme would make of a sale.
public struct PreferenceOption: Hashable, Sendable {
  public enum Outcome: Hashable, Sendable {
    case saves(Money)
    /// The programme's rate is known and no lower than the ordinary one.
    case savesNothing
    /// The regime's own rate stands in place of the tariff's.
    case doesNotApply(String)
    /// A rate that the comparison needs is not known; it may save or not.
    case unknown(String)
  }

  public var programme: TradeProgramme
  public var estimate: DutyEstimate
  public var outcome: Outcome
  /// The proofs of origin that are accepted on that day: one of them is needed.
  public var documents: [String]
  /// Whether the goods' value is within what needs no proof.
  public var needsNoProof: Bool

  public var saving: Money? {
    if case .saves(let amount) = outcome { return amount }
    return nil
  }
}
