import JSON

/// What the supplier answered to the open questions of a case.
public struct AnswerRequest: Hashable, Sendable {
  public var answer: String
  /// The version of the case that the person was looking at; absent where it does not matter to them.
  public var expectedVersion: Int64?

  public init(_ json: JSONValue) throws(Refusal) {
    var reader = try MemberReader(json, known: ["answer", "expectedVersion"])
    let version = reader.optionalPositiveInteger(
      "expectedVersion", remedy: "Give the version of the case that you looked at.")
    let answer = reader.text("answer")
    if answer == nil { reader.missing("answer", "Write what the supplier answered.") }
    guard let answer, reader.issues.isEmpty else {
      throw Refusal(.malformed, "The answer is not complete.", reader.issues)
    }
    self.answer = answer
    expectedVersion = version
  }
}
