import JSON

/// What the supplier answered to the open questions of a case.
public struct AnswerRequest: Hashable, Sendable {
  public var answer: String

  public init(_ json: JSONValue) throws(Refusal) {
    var reader = try MemberReader(json, known: ["answer"])
    let answer = reader.text("answer")
    if answer == nil { reader.missing("answer", "Write what the supplier answered.") }
    guard let answer, reader.issues.isEmpty else {
      throw Refusal(.malformed, "The answer is not complete.", reader.issues)
    }
    self.answer = answer
  }
}
