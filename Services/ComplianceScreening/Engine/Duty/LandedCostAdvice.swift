import Domain

/// A sale's cost as it stands, what preferences would save, and other ways of sending it.
public struct LandedCostAdvice: Sendable {
  public var ordinary: DutyEstimate
  /// The cheapest first, then those that save nothing, then those that are unknown.
  public var options: [PreferenceOption]
  public var alternatives: [LandedCostAlternative]

  public var best: PreferenceOption? { options.first { $0.saving != nil } }
}
