import Domain

/// What follows from a request that the rules allow.
public enum Ruling: Hashable, Sendable {
  case decide(Decision.Kind, code: HSCode?, reason: String?)
  /// The first of two people has decided; the second is still to.
  case opine(Decision.Kind, code: HSCode?, reason: String?)
  /// The second of two people decided otherwise than the first.
  case differ(Decision.Kind, code: HSCode?, reason: String?)
  case ask(question: String)

  /// A question to the supplier is out at once.
  public var canBeUndone: Bool { if case .ask = self { false } else { true } }

  public var event: CaseEvent {
    switch self {
    case .decide, .opine, .differ: .decidedByPerson
    case .ask: .informationRequested
    }
  }
}
