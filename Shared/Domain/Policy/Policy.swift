import JSON

/// How much a tenant lets happen without a person, as versioned data. What a market does not say, the defaults say.
public struct Policy: Hashable, Sendable {
  public var name: String
  public var defaults: Settings
  public var markets: [Market: Overrides]
  public var triggers: [Trigger]
  public var duty: DutyLimits
  public var review: ReviewTimes
  public var requiredLists: RequiredLists
  /// nil where nobody reckons.
  public var costs: WorkCosts?

  public struct Settings: Hashable, Sendable {
    /// At or above this a case without findings clears by itself.
    public var autoClearAt: Confidence
    /// Below this no candidate is suggested and the case is classified by a person from scratch.
    public var suggestAt: Confidence
    public var requiredFields: [String]
    /// Of what clears by itself, at most this share may have a wrong code: where it is named, the engine finds the
    /// confidence that holds it, beside `autoClearAt`.
    public var errorBudget: Confidence?

    public init(
      autoClearAt: Confidence, suggestAt: Confidence, requiredFields: [String] = [], errorBudget: Confidence? = nil
    ) {
      self.autoClearAt = autoClearAt
      self.suggestAt = suggestAt
      self.requiredFields = requiredFields
      self.errorBudget = errorBudget
    }
  }

  public struct Overrides: Hashable, Sendable {
    public var autoClearAt: Confidence?
    public var suggestAt: Confidence?
    public var requiredFields: [String]?
    public var errorBudget: Confidence?
  }

  public init(
    name: String, defaults: Settings, markets: [Market: Overrides] = [:], triggers: [Trigger] = [],
    duty: DutyLimits = .standard, requiredLists: RequiredLists = .anyPublished, review: ReviewTimes = .standard,
    costs: WorkCosts? = nil
  ) {
    self.costs = costs
    self.requiredLists = requiredLists
    self.name = name
    self.defaults = defaults
    self.markets = markets
    self.triggers = triggers
    self.duty = duty
    self.review = review
  }

  public func settings(for market: Market) -> Settings {
    guard let overrides = markets[market] else { return defaults }
    return Settings(
      autoClearAt: overrides.autoClearAt ?? defaults.autoClearAt, suggestAt: overrides.suggestAt ?? defaults.suggestAt,
      requiredFields: overrides.requiredFields ?? defaults.requiredFields,
      errorBudget: overrides.errorBudget ?? defaults.errorBudget)
  }
}

extension Policy {
  /// What a person must fix before the policy can be activated; empty when it can.
  public func validate() -> [ValidationIssue] {
    var issues = thresholdIssues(defaults, at: "/defaults") + fieldIssues(defaults.requiredFields, at: "/defaults")
    for market in markets.keys.sorted() {
      issues += thresholdIssues(settings(for: market), at: "/markets/\(market)")
      issues += fieldIssues(markets[market]?.requiredFields ?? [], at: "/markets/\(market)")
    }
    var seen: Set<String> = []
    for (index, trigger) in triggers.enumerated() {
      if !seen.insert(trigger.id).inserted {
        issues.append(
          ValidationIssue(
            field: "/triggers/\(index)/id", kind: .conflicting, problem: "the id '\(trigger.id)' stands twice",
            remedy: "give each trigger its own id"))
      }
      if trigger.requiresTwoPeople, trigger.roles.isEmpty {
        issues.append(
          ValidationIssue(
            field: "/triggers/\(index)/roles", kind: .missing, problem: "two people must agree, and no role is named",
            remedy: "name the roles that decide"))
      }
      if trigger.matchesNothing {
        issues.append(
          ValidationIssue(
            field: "/triggers/\(index)", kind: .missing, problem: "the trigger names nothing to look for",
            remedy: "add what it looks for, such as hsPrefixes, words, valueAbove or newSupplier"))
      }
    }
    return issues + review.issues() + (costs?.issues() ?? [])
  }

  private func thresholdIssues(_ settings: Settings, at pointer: String) -> [ValidationIssue] {
    guard settings.suggestAt > settings.autoClearAt else { return [] }
    return [
      ValidationIssue(
        field: "\(pointer)/suggestAt", kind: .conflicting,
        problem: "suggestAt \(settings.suggestAt) is above autoClearAt \(settings.autoClearAt)",
        remedy: "set suggestAt at or below autoClearAt")
    ]
  }

  private func fieldIssues(_ names: [String], at pointer: String) -> [ValidationIssue] {
    names.enumerated().filter { ProductField(rawValue: $1) == nil }.map { index, name in
      ValidationIssue(
        field: "\(pointer)/requiredFields/\(index)", kind: .unknown, problem: "there is no product field '\(name)'",
        remedy: "use one of \(ProductField.allCases.map(\.rawValue).joined(separator: ", "))")
    }
  }
}

extension Policy: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseUnknownMembers([
      "name", "defaults", "markets", "triggers", "duty", "requiredLists", "review", "costs",
    ])
    name = try json.string("name")
    let defaultsJSON = try json.required("defaults")
    try defaultsJSON.refuseUnknownMembers(["autoClearAt", "suggestAt", "requiredFields", "errorBudget"])
    defaults = Settings(
      autoClearAt: try defaultsJSON.decode(Confidence.self, "autoClearAt"),
      suggestAt: try defaultsJSON.decode(Confidence.self, "suggestAt"),
      requiredFields: try defaultsJSON.strings("requiredFields"),
      errorBudget: try defaultsJSON.optional(Confidence.self, "errorBudget"))
    markets = [:]
    for (key, value) in try json.optional("markets")?.members() ?? [] {
      guard let market = Market(key) else { throw value.failure("'\(key)' must be a market such as SG") }
      try value.refuseUnknownMembers(["autoClearAt", "suggestAt", "requiredFields", "errorBudget"])
      markets[market] = Overrides(
        autoClearAt: try value.optional(Confidence.self, "autoClearAt"),
        suggestAt: try value.optional(Confidence.self, "suggestAt"),
        requiredFields: value.has("requiredFields") ? try value.strings("requiredFields") : nil,
        errorBudget: try value.optional(Confidence.self, "errorBudget"))
    }
    triggers = try json.list(Trigger.self, "triggers")
    duty = try json.optional(DutyLimits.self, "duty") ?? .standard
    review = try json.optional(ReviewTimes.self, "review") ?? .standard
    requiredLists = try json.optional(RequiredLists.self, "requiredLists") ?? .anyPublished
    costs = try json.optional(WorkCosts.self, "costs")
  }

  public var json: JSONValue {
    var defaultsJSON = JSONObject([
      ("autoClearAt", defaults.autoClearAt.json), ("suggestAt", defaults.suggestAt.json),
      ("requiredFields", .strings(defaults.requiredFields)),
    ])
    defaultsJSON.set("errorBudget", defaults.errorBudget?.json)
    var object = JSONObject([
      ("name", .string(name)), ("defaults", .object(defaultsJSON)),
      ("markets", .object(JSONObject(markets.keys.sorted().map { ($0.code, overridesJSON($0)) }))),
      ("triggers", .list(triggers)), ("duty", duty.json),
    ])
    if requiredLists != .anyPublished { object["requiredLists"] = requiredLists.json }
    if review != .standard { object["review"] = review.json }
    object.set("costs", costs?.json)
    return .object(object)
  }

  private func overridesJSON(_ market: Market) -> JSONValue {
    var object = JSONObject()
    object.set("autoClearAt", markets[market]?.autoClearAt?.json)
    object.set("suggestAt", markets[market]?.suggestAt?.json)
    object.set("requiredFields", markets[market]?.requiredFields.map { .strings($0) })
    object.set("errorBudget", markets[market]?.errorBudget?.json)
    return .object(object)
  }
}
