import JSON

/// Who decides: nobody, a person who confirms or corrects, or a person from scratch.
public enum Lane: String, Sendable, CaseIterable {
  case auto, exception, manual
}

/// The router's answer: the lane, why, and which roles must see the case.
public struct Routing: Hashable, Sendable {
  public var lane: Lane
  public var reasons: [RoutingReason]
  public var roles: [ReviewerRole]
  public var policyVersion: Int64
  /// One person's word is not enough; a reason of the kind `fourEyes` says why.
  public var requiresTwoPeople: Bool

  public init(
    lane: Lane, reasons: [RoutingReason], roles: [ReviewerRole], policyVersion: Int64, requiresTwoPeople: Bool = false
  ) {
    self.lane = lane
    self.reasons = reasons
    self.roles = roles
    self.policyVersion = policyVersion
    self.requiresTwoPeople = requiresTwoPeople
  }
}

public struct RoutingReason: Hashable, Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    case tooVague, noCandidate, lowConfidence, belowAutoClear, finding, trigger, missingField, screeningIncomplete,
      dutyUnknown, fourEyes, clear
  }

  public var kind: Kind
  public var text: String

  public init(_ kind: Kind, _ text: String) {
    self.kind = kind
    self.text = text
  }
}

extension Routing: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self.init(
      lane: try json.required("lane").decode("a lane") { $0.stringValue.flatMap { Lane(rawValue: $0) } },
      reasons: try json.list(RoutingReason.self, "reasons"), roles: try json.list(ReviewerRole.self, "roles"),
      policyVersion: try json.integer("policyVersion"),
      requiresTwoPeople: try json.flag("requiresTwoPeople"))
  }

  public var json: JSONValue {
    var object = JSONObject([
      ("lane", .string(lane.rawValue)), ("reasons", .list(reasons)), ("roles", .list(roles)),
      ("policyVersion", .integer(policyVersion)),
    ])
    if requiresTwoPeople { object["requiresTwoPeople"] = .bool(true) }
    return .object(object)
  }
}

extension RoutingReason: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self.init(
      try json.required("kind").decode("a kind of reason") { $0.stringValue.flatMap { Kind(rawValue: $0) } },
      try json.string("text"))
  }

  public var json: JSONValue { ["kind": .string(kind.rawValue), "text": .string(text)] }
}
