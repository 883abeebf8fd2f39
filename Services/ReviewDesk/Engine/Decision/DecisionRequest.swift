import Domain
import JSON

/// What a person wants done with a case, as they sent it.
public struct DecisionRequest: Hashable, Sendable {
  public enum Action: String, Sendable, CaseIterable { case approve, override, reject, ask }

  public var action: Action
  public var code: HSCode?
  public var reason: String?
  /// Where the documents are that the findings ask for.
  public var evidence: String?
  public var question: String?
  /// The version of the case that the person was looking at.
  public var expectedVersion: Int64

  public init(
    _ action: Action, code: HSCode? = nil, reason: String? = nil, evidence: String? = nil, question: String? = nil,
    expectedVersion: Int64
  ) {
    self.action = action
    self.code = code
    self.reason = reason
    self.evidence = evidence
    self.question = question
    self.expectedVersion = expectedVersion
  }
}

extension DecisionRequest {
  /// What stands on the record: the reason, and where the documents are.
  var grounds: String? {
    let documents = evidence.map { evidence in ("Documents: \(evidence)" as Phrase).english }
    let lines = [reason, documents].compactMap { $0 }
    return lines.isEmpty ? nil : lines.joined(separator: "\n")
  }

  private static let members: Set<String> = ["action", "code", "reason", "evidence", "question", "expectedVersion"]

  public var json: JSONValue {
    var object = JSONObject([("action", .string(action.rawValue))])
    object.set("code", code.map { .string($0.digits) })
    object.set("reason", reason.map { .string($0) })
    object.set("evidence", evidence.map { .string($0) })
    object.set("question", question.map { .string($0) })
    object["expectedVersion"] = .integer(expectedVersion)
    return .object(object)
  }

  /// - Throws: every fault at once, each with its field and what to do.
  public init(_ json: JSONValue) throws(Refusal) {
    var reader = try MemberReader(json, known: DecisionRequest.members)
    let names = Action.allCases.map(\.rawValue).joined(separator: ", ")
    let action = reader.required("action", remedy: "Use one of \(names).") { Action(rawValue: $0) }
    let code = reader.optional("code", remedy: "Give 6 to 12 digits, such as 6109.10.") { text in
      HSCode(text).flatMap { $0.digits.utf8.count >= 6 ? $0 : nil }
    }
    let reason = reader.text("reason")
    let evidence = reader.text("evidence")
    let question = reader.text("question")
    let version = reader.positiveInteger("expectedVersion", remedy: "Give the version of the case that you looked at.")
    if action == .override, code == nil { reader.missing("code", "Give the code that the product should have.") }
    if action == .override, (reason?.count ?? 0) < DecisionRules.overrideReasonMin {
      reader.missing("reason", "Say in at least \(DecisionRules.overrideReasonMin) characters why this code is right.")
    }
    if action == .reject, reason == nil { reader.missing("reason", "Say why the product cannot be cleared.") }
    if action == .ask, question == nil { reader.missing("question", "Write what the supplier should answer.") }
    guard let action, let version, reader.issues.isEmpty else {
      throw Refusal(.malformed, "The decision is not complete.", reader.issues)
    }
    self.init(
      action, code: code, reason: reason, evidence: evidence, question: question, expectedVersion: version)
  }
}
