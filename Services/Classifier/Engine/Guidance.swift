import Domain

/// What decides in and around a code: notes to read, look-alikes that belong elsewhere, questions to ask.
public struct Guidance: Hashable, Sendable {
  /// Each names the rule it rests on.
  public var notes: [String] = []
  public var exclusions: [Exclusion] = []
  public var questions: [DecidingQuestion] = []

  public init() {}
}

/// Goods that look as if they belonged here, and where they go.
public struct Exclusion: Hashable, Sendable {
  public var phrases: [String]
  public var codes: [HSCode]
  public var rule: String
}

/// A plain question whose answers tell neighbouring codes apart.
public struct DecidingQuestion: Hashable, Sendable {
  public struct Answer: Hashable, Sendable {
    public var text: String
    public var codes: [HSCode]
  }

  public var text: String
  public var answers: [Answer]
}
