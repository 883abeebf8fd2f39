import Domain

/// An earlier decision about a product of the same tenant, which the classifier follows or avoids.
public struct Precedent: Hashable, Sendable {
  public enum Outcome: String, Sendable, CaseIterable {
    /// A person agreed with the code.
    case approved
    /// A person put this code in the place of another.
    case corrected
    /// A person refused this code.
    case rejected
  }

  public var id: String
  public var fingerprint: ProductFingerprint
  public var title: String
  public var code: HSCode
  public var decidedAt: Instant
  public var outcome: Outcome
  public var market: Market?

  public init(
    id: String, fingerprint: ProductFingerprint, title: String, code: HSCode, decidedAt: Instant, outcome: Outcome,
    market: Market? = nil
  ) {
    self.id = id
    self.fingerprint = fingerprint
    self.title = title
    self.code = code
    self.decidedAt = decidedAt
    self.outcome = outcome
    self.market = market
  }
}
