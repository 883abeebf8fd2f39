/// Why the desk does not do what it was asked, in words for the person who asked.
public struct Refusal: Error, Hashable, Sendable {
  public enum Kind: Sendable {
    /// The request itself cannot be read.
    case malformed
    /// This person may not.
    case forbidden
    /// Not as the case stands now.
    case conflict
    /// Understood, but a control forbids it or something is missing.
    case unprocessable
  }

  public var kind: Kind
  public var detail: Phrase
  public var issues: [FieldFault]

  public init(_ kind: Kind, _ detail: Phrase, _ issues: [FieldFault] = []) {
    self.kind = kind
    self.detail = detail
    self.issues = issues
  }
}
