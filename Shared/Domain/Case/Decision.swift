import JSON

/// What was decided about a case. Never edited: a later decision names the one it supersedes.
public struct Decision: Hashable, Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    case autoCleared = "auto-cleared"
    case approved, overridden, rejected
  }

  public var id: DecisionID
  public var caseID: CaseID
  /// 1 for the first decision of the case, then upward.
  public var sequence: Int64
  public var kind: Kind
  /// Absent only when rejected.
  public var code: HSCode?
  public var reason: String?
  public var decidedBy: Actor
  public var decidedAt: Instant
  public var supersedes: DecisionID?

  public init(
    id: DecisionID, caseID: CaseID, sequence: Int64, kind: Kind, code: HSCode?, reason: String?, decidedBy: Actor,
    decidedAt: Instant, supersedes: DecisionID? = nil
  ) {
    self.id = id
    self.caseID = caseID
    self.sequence = sequence
    self.kind = kind
    self.code = code
    self.reason = reason
    self.decidedBy = decidedBy
    self.decidedAt = decidedAt
    self.supersedes = supersedes
  }

  public var clears: Bool { kind != .rejected }
}

extension Decision: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self.init(
      id: try json.decode(DecisionID.self, "id"), caseID: try json.decode(CaseID.self, "caseID"),
      sequence: try json.integer("sequence"),
      kind: try json.required("kind").decode("a kind of decision") { $0.stringValue.flatMap { Kind(rawValue: $0) } },
      code: try json.optional(HSCode.self, "code"), reason: try json.optionalString("reason"),
      decidedBy: try json.decode(Actor.self, "decidedBy"), decidedAt: try json.decode(Instant.self, "decidedAt"),
      supersedes: try json.optional(DecisionID.self, "supersedes"))
  }

  public var json: JSONValue {
    var object = JSONObject([
      ("id", id.json), ("caseID", caseID.json), ("sequence", .integer(sequence)), ("kind", .string(kind.rawValue)),
    ])
    object.set("code", code?.json)
    object.set("reason", reason.map { .string($0) })
    object["decidedBy"] = decidedBy.json
    object["decidedAt"] = decidedAt.json
    object.set("supersedes", supersedes?.json)
    return .object(object)
  }
}
