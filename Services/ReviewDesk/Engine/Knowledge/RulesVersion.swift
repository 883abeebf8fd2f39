import Domain
import JSON

/// What a tenant writes for itself and puts into force by versions.
public enum RulesKind: String, Sendable, CaseIterable {
  case policy
  case ownRules = "rules"

  var title: Phrase {
    switch self {
    case .policy: "Policy"
    case .ownRules: "Own rules"
    }
  }

  var draftTitle: Phrase {
    switch self {
    case .policy: "Draft of the policy"
    case .ownRules: "Draft of the own rules"
    }
  }

  var path: String { "/knowledge/\(rawValue)" }
}

/// A version never changes. One that was never in force is a draft.
public struct RulesVersion: Hashable, Sendable {
  public var number: Int64
  public var createdBy: Actor
  public var createdAt: Instant
  public var wasInForce: Bool

  public init(number: Int64, createdBy: Actor, createdAt: Instant, wasInForce: Bool) {
    self.number = number
    self.createdBy = createdBy
    self.createdAt = createdAt
    self.wasInForce = wasInForce
  }
}

public struct RulesActivation: Hashable, Sendable {
  /// nil where they were taken out of use.
  public var number: Int64?
  public var reason: String
  public var by: Actor
  public var at: Instant

  public init(number: Int64?, reason: String, by: Actor, at: Instant) {
    self.number = number
    self.reason = reason
    self.by = by
    self.at = at
  }
}

/// A tenant's policy or own rules over time.
public struct RulesShelf: Sendable {
  public var kind: RulesKind
  /// nil while none is.
  public var inForce: Int64?
  /// The newest first.
  public var versions: [RulesVersion]
  /// The newest first.
  public var history: [RulesActivation]

  public init(kind: RulesKind, inForce: Int64?, versions: [RulesVersion], history: [RulesActivation]) {
    self.kind = kind
    self.inForce = inForce
    self.versions = versions
    self.history = history
  }
}
