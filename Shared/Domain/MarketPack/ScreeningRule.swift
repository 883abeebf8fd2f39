import JSON

/// One control of one market, as data: when it speaks, what it does, and where it comes from.
public struct ScreeningRule: Hashable, Sendable {
  public var id: String
  public var version: String
  public var effect: Finding.Effect
  public var validity: ValidityPeriod
  /// The rule speaks when any of these holds.
  public var match: [RuleTest]
  /// Longer phrases in which a word means something else: `knife` does not speak inside `butter knife`.
  public var except: [String]
  /// One plain sentence for the person who decides.
  public var summary: String
  /// Its excerpt is in our own words.
  public var source: RuleSource
  public var requiredDocument: String?
  public var roles: [ReviewerRole]
  /// Another way that the rule leaves open.
  public var reroute: Reroute?

  public init(
    id: String, version: String, effect: Finding.Effect, validity: ValidityPeriod = ValidityPeriod(),
    match: [RuleTest], except: [String] = [], summary: String, source: RuleSource, requiredDocument: String? = nil,
    roles: [ReviewerRole] = [.compliance], reroute: Reroute? = nil
  ) {
    self.id = id
    self.version = version
    self.effect = effect
    self.validity = validity
    self.match = match
    self.except = except
    self.summary = summary
    self.source = source
    self.requiredDocument = requiredDocument
    self.roles = roles
    self.reroute = reroute
  }
}

extension ScreeningRule: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseOthers(than: [
      "id", "version", "effect", "from", "until", "match", "except", "summary", "source", "requiredDocument", "roles",
      "reroute",
    ])
    self.init(
      id: try json.filledString("id"), version: try json.filledString("version"),
      effect: try json.required("effect").named(Finding.Effect.self), validity: try ValidityPeriod(members: json),
      match: try json.list(RuleTest.self, "match"), except: try json.filledStrings("except"),
      summary: try json.filledString("summary"), source: try json.strictSource("source"),
      requiredDocument: try json.optionalString("requiredDocument"),
      roles: try json.list(ReviewerRole.self, "roles"), reroute: try json.optional(Reroute.self, "reroute"))
    try validate(json)
  }

  private func validate(_ json: JSONCursor) throws(JSONError) {
    if match.isEmpty { throw JSONError(at: .pointer(json.pointer + "/match"), "must hold at least one test") }
    if roles.isEmpty { throw JSONError(at: .pointer(json.pointer + "/roles"), "must name at least one role") }
    if source.excerpt?.isEmpty ?? true {
      throw JSONError(at: .pointer(json.pointer + "/source/excerpt"), "must say what the instrument asks")
    }
    if (effect == .requireDocument) != (requiredDocument != nil) {
      throw JSONError(
        at: .pointer(json.pointer + "/requiredDocument"), "belongs to the effect requireDocument, and to it alone")
    }
  }

  public var json: JSONValue {
    var object = JSONObject([
      ("id", .string(id)), ("version", .string(version)), ("effect", .string(effect.rawValue)),
    ])
    validity.write(to: &object)
    object["match"] = .list(match)
    if !except.isEmpty { object["except"] = .strings(except) }
    object["summary"] = .string(summary)
    object["source"] = source.json
    object.set("requiredDocument", requiredDocument.map { .string($0) })
    object["roles"] = .list(roles)
    object.set("reroute", reroute?.json)
    return .object(object)
  }
}
