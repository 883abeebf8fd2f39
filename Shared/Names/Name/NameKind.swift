/// Whose name it is, as far as it is known: people leave names out, companies add forms, ships add numbers.
public enum NameKind: String, Hashable, Sendable {
  case person, organisation, vessel, unknown

  /// What two names are compared as.
  static func common(_ left: NameKind, _ right: NameKind) -> NameKind {
    if left == .unknown { return right }
    return left
  }
}
