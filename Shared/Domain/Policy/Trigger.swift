import JSON

/// A condition under which a person must look, whatever the confidence. Every part that is given must hold.
public struct Trigger: Hashable, Sendable {
  public var id: String
  /// Empty means every market.
  public var markets: [Market]
  public var hsPrefixes: [String]
  public var materials: [String]
  public var categories: [String]
  public var valueAbove: Money?
  public var reason: String
  public var roles: [ReviewerRole]

  public init(
    id: String, markets: [Market] = [], hsPrefixes: [String] = [], materials: [String] = [], categories: [String] = [],
    valueAbove: Money? = nil, reason: String, roles: [ReviewerRole] = [.broker]
  ) {
    self.id = id
    self.markets = markets
    self.hsPrefixes = hsPrefixes
    self.materials = materials
    self.categories = categories
    self.valueAbove = valueAbove
    self.reason = reason
    self.roles = roles
  }

  var matchesNothing: Bool {
    hsPrefixes.isEmpty && materials.isEmpty && categories.isEmpty && valueAbove == nil
  }

  /// A value in another currency cannot be compared here, so it counts as above: doubt goes to a person.
  public func fires(for product: Product, in market: Market, codes: [HSCode]) -> Bool {
    if matchesNothing || (!markets.isEmpty && !markets.contains(market)) { return false }
    if !hsPrefixes.isEmpty, !codes.contains(where: { code in hsPrefixes.contains { code.hasPrefix($0) } }) {
      return false
    }
    if !materials.isEmpty, !names(product.materials + product.ingredients, mention: materials) { return false }
    if !categories.isEmpty, !product.categoryPath.contains(where: { mentions($0, anyOf: categories) }) { return false }
    return isAboveValue(product.unitValue)
  }

  private func isAboveValue(_ value: Money?) -> Bool {
    guard let valueAbove else { return true }
    guard let value, value.currency == valueAbove.currency else { return true }
    return value.minorUnits > valueAbove.minorUnits
  }

  private func names(_ components: [Component], mention words: [String]) -> Bool {
    components.contains { mentions($0.name, anyOf: words) }
  }

  private func mentions(_ text: String, anyOf words: [String]) -> Bool {
    let lowered = text.lowercased()
    return words.contains { lowered.contains($0.lowercased()) }
  }
}

extension Trigger: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseUnknownMembers([
      "id", "markets", "hsPrefixes", "materials", "categories", "valueAbove", "reason", "roles",
    ])
    self.init(
      id: try json.string("id"), markets: try json.list(Market.self, "markets"),
      hsPrefixes: try json.strings("hsPrefixes"), materials: try json.strings("materials"),
      categories: try json.strings("categories"), valueAbove: try json.optional(Money.self, "valueAbove"),
      reason: try json.string("reason"), roles: try json.list(ReviewerRole.self, "roles"))
  }

  public var json: JSONValue {
    var object = JSONObject([("id", .string(id))])
    if !markets.isEmpty { object["markets"] = .list(markets) }
    if !hsPrefixes.isEmpty { object["hsPrefixes"] = .strings(hsPrefixes) }
    if !materials.isEmpty { object["materials"] = .strings(materials) }
    if !categories.isEmpty { object["categories"] = .strings(categories) }
    object.set("valueAbove", valueAbove?.json)
    object["reason"] = .string(reason)
    object["roles"] = .list(roles)
    return .object(object)
  }
}
