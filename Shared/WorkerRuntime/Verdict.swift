/// What a stage says about one message.
public enum Verdict<Effect: Sendable>: Sendable {
  /// Commit this.
  case done(Effect)
  /// Nothing to do: the case has moved on, or the message repeats an older one.
  case ignore(String)
  /// Something outside is not ready; try again on the next rung.
  case retry(String)
  /// It will never work.
  case park(Poison)

  public var effect: Effect? {
    guard case .done(let effect) = self else { return nil }
    return effect
  }
}
