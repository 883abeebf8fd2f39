import Domain

/// What follows from a request that the rules allow.
public enum Ruling: Hashable, Sendable {
  case decide(Decision.Kind, code: HSCode?, reason: String?)
  case ask(question: String)

  public var event: CaseEvent {
    switch self {
    case .decide: .decidedByPerson
    case .ask: .informationRequested
    }
  }
}
