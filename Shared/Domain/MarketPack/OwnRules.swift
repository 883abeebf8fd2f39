import JSON

/// A tenant's own rules, in the form of a market pack's: beside what the authorities say, what the house says. A rule that
/// names no destination holds in every market.
public struct OwnRules: Hashable, Sendable {
  public var name: String
  public var rules: [ScreeningRule]

  public init(name: String, rules: [ScreeningRule]) {
    self.name = name
    self.rules = rules
  }
}

extension OwnRules: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseOthers(than: ["name", "rules"])
    self.init(name: try json.filledString("name"), rules: try json.list(ScreeningRule.self, "rules"))
    var seen: Set<String> = []
    for (rule, cursor) in zip(rules, try json.elements("rules")) where !seen.insert(rule.id).inserted {
      throw try cursor.required("id").failure("stands twice")
    }
  }

  public var json: JSONValue { ["name": .string(name), "rules": .list(rules)] }
}
