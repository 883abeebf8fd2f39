import JSON

/// Something a control noticed: which rule, what it does, what was observed, and where the rule comes from.
public struct Finding: Hashable, Sendable {
  /// From the mildest to the gravest; a case clears by itself only with `inform`.
  public enum Effect: String, Sendable, CaseIterable, Comparable {
    case inform, review, requireDocument, prohibit

    private var rank: Int { Effect.allCases.firstIndex(of: self) ?? Effect.allCases.count }
    public static func < (left: Effect, right: Effect) -> Bool { left.rank < right.rank }
  }

  public var ruleID: String
  public var ruleVersion: String
  public var effect: Effect
  /// One plain sentence for the person who decides.
  public var summary: String
  public var observed: [Observation]
  public var source: RuleSource?
  /// The licence, permit or label asked for, when the effect is `requireDocument`.
  public var requiredDocument: String?
  public var roles: [ReviewerRole]
  /// Another way that the rule leaves open.
  public var reroute: Reroute?

  public init(
    ruleID: String, ruleVersion: String, effect: Effect, summary: String, observed: [Observation] = [],
    source: RuleSource? = nil, requiredDocument: String? = nil, roles: [ReviewerRole] = [.broker],
    reroute: Reroute? = nil
  ) {
    self.ruleID = ruleID
    self.ruleVersion = ruleVersion
    self.effect = effect
    self.summary = summary
    self.observed = observed
    self.source = source
    self.requiredDocument = requiredDocument
    self.roles = roles
    self.reroute = reroute
  }

  public var blocksClearance: Bool { effect > .inform }

  /// The rule that speaks where duty and taxes cannot be known.
  public static let dutyNotKnown = "engine/duty-not-known"
}

/// The field and the words in it that made a rule speak.
public struct Observation: Hashable, Sendable {
  public var field: String
  public var text: String

  public init(field: String, text: String) {
    self.field = field
    self.text = text
  }
}

/// Where a rule comes from, so that a broker can check it.
public struct RuleSource: Hashable, Sendable {
  public var authority: String
  public var instrument: String
  public var excerpt: String?
  public var asOf: CalendarDate?
  public var address: String?

  public init(
    authority: String, instrument: String, excerpt: String? = nil, asOf: CalendarDate? = nil, address: String? = nil
  ) {
    self.authority = authority
    self.instrument = instrument
    self.excerpt = excerpt
    self.asOf = asOf
    self.address = address
  }
}

/// Who is asked. A finding names the roles that must see it.
public enum ReviewerRole: String, Sendable, CaseIterable, Comparable {
  case broker, compliance, complianceLead = "compliance-lead", finance, logistics, legal

  public static func < (left: ReviewerRole, right: ReviewerRole) -> Bool { left.rawValue < right.rawValue }
}

extension Finding: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self.init(
      ruleID: try json.string("ruleID"), ruleVersion: try json.string("ruleVersion"),
      effect: try json.required("effect").decode("an effect") { $0.stringValue.flatMap { Effect(rawValue: $0) } },
      summary: try json.string("summary"), observed: try json.list(Observation.self, "observed"),
      source: try json.optional(RuleSource.self, "source"),
      requiredDocument: try json.optionalString("requiredDocument"),
      roles: try json.list(ReviewerRole.self, "roles"), reroute: try json.optional(Reroute.self, "reroute"))
  }

  public var json: JSONValue {
    var object = JSONObject([
      ("ruleID", .string(ruleID)), ("ruleVersion", .string(ruleVersion)), ("effect", .string(effect.rawValue)),
      ("summary", .string(summary)), ("observed", .list(observed)),
    ])
    object.set("source", source?.json)
    object.set("requiredDocument", requiredDocument.map { .string($0) })
    object["roles"] = .list(roles)
    object.set("reroute", reroute?.json)
    return .object(object)
  }
}

extension Observation: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self.init(field: try json.string("field"), text: try json.string("text"))
  }

  public var json: JSONValue { ["field": .string(field), "text": .string(text)] }
}

extension RuleSource: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self.init(
      authority: try json.string("authority"), instrument: try json.string("instrument"),
      excerpt: try json.optionalString("excerpt"), asOf: try json.optional(CalendarDate.self, "asOf"),
      address: try json.optionalString("address"))
  }

  public var json: JSONValue {
    var object = JSONObject([("authority", .string(authority)), ("instrument", .string(instrument))])
    object.set("excerpt", excerpt.map { .string($0) })
    object.set("asOf", asOf?.json)
    object.set("address", address.map { .string($0) })
    return .object(object)
  }
}

extension ReviewerRole: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self = try json.decode("a reviewer role") { $0.stringValue.flatMap { ReviewerRole(rawValue: $0) } }
  }

  public var json: JSONValue { .string(rawValue) }
}
