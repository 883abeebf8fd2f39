import JSON

/// A condition under which a person must look, whatever the confidence. Every part that is given must hold; within a
/// list, any one entry is enough.
public struct Trigger: Hashable, Sendable {
  public var id: String
  /// Empty means every market.
  public var markets: [Market]
  public var hsPrefixes: [String]
  public var materials: [String]
  public var categories: [String]
  /// Whole words or phrases of titles, descriptions, attributes and use.
  public var words: [String]
  public var brands: [String]
  public var origins: [CountryCode]
  public var valueAbove: Money?
  /// Duty and taxes together, in the market's currency.
  public var dutyAbove: Money?
  /// Duty in percent of the customs value.
  public var dutyPercentAbove: Decimal?
  /// Ids of rules that spoke; `*` stands for any characters.
  public var findings: [String]
  /// The tenant has cleared nothing of the supplier yet, or the product names none.
  public var isNewSupplier: Bool
  /// The tenant has cleared nothing for the market yet.
  public var isNewMarket: Bool
  /// Two people must agree on what it holds.
  public var requiresTwoPeople: Bool
  public var reason: String
  public var roles: [ReviewerRole]

  public init(
    id: String, markets: [Market] = [], hsPrefixes: [String] = [], materials: [String] = [], categories: [String] = [],
    words: [String] = [], brands: [String] = [], origins: [CountryCode] = [], valueAbove: Money? = nil,
    dutyAbove: Money? = nil, dutyPercentAbove: Decimal? = nil, findings: [String] = [], isNewSupplier: Bool = false,
    isNewMarket: Bool = false, requiresTwoPeople: Bool = false, reason: String, roles: [ReviewerRole] = [.broker]
  ) {
    self.id = id
    self.markets = markets
    self.hsPrefixes = hsPrefixes
    self.materials = materials
    self.categories = categories
    self.words = words
    self.brands = brands
    self.origins = origins
    self.valueAbove = valueAbove
    self.dutyAbove = dutyAbove
    self.dutyPercentAbove = dutyPercentAbove
    self.findings = findings
    self.isNewSupplier = isNewSupplier
    self.isNewMarket = isNewMarket
    self.requiresTwoPeople = requiresTwoPeople
    self.reason = reason
    self.roles = roles
  }

  var matchesNothing: Bool {
    let hasList = ![hsPrefixes, materials, categories, words, brands, findings].allSatisfy(\.isEmpty)
    let hasLimit = valueAbove != nil || dutyAbove != nil || dutyPercentAbove != nil
    return !hasList && !hasLimit && origins.isEmpty && !isNewSupplier && !isNewMarket
  }

  /// Doubt goes to a person: an amount that is unknown or in another currency counts as above, a supplier or market that was
  /// not looked up as new.
  public func fires(
    for product: Product, in market: Market, codes: [HSCode], screening: Screening? = nil,
    familiarity: Familiarity = .unknown
  ) -> Bool {
    if matchesNothing || (!markets.isEmpty && !markets.contains(market)) { return false }
    if isNewSupplier, familiarity.isSupplierKnown { return false }
    if isNewMarket, familiarity.isMarketKnown { return false }
    return speaksOf(product, codes) && speaksOf(screening)
  }

  private func speaksOf(_ product: Product, _ codes: [HSCode]) -> Bool {
    if !hsPrefixes.isEmpty, !codes.contains(where: { code in hsPrefixes.contains { code.hasPrefix($0) } }) {
      return false
    }
    if !materials.isEmpty, !names(product.materials + product.ingredients, mention: materials) { return false }
    if !categories.isEmpty, !product.categoryPath.contains(where: { mentions($0, anyOf: categories) }) { return false }
    if !words.isEmpty, !WholeWords(product.words).contain(anyOf: words) { return false }
    // A brand is often named in the title alone.
    if !brands.isEmpty, !WholeWords(product.words + [product.brand ?? ""]).contain(anyOf: brands) { return false }
    if !origins.isEmpty, let origin = product.origin, !origins.contains(origin) { return false }
    return isAbove(valueAbove, product.unitValue)
  }

  private func speaksOf(_ screening: Screening?) -> Bool {
    if !findings.isEmpty {
      let spoken = screening?.findings.map(\.ruleID) ?? []
      guard spoken.contains(where: { id in findings.contains { Wildcard($0).matches(id) } }) else { return false }
    }
    let estimate = screening?.duties.first
    if let most = dutyPercentAbove, let share = estimate?.dutyPercent, share <= most { return false }
    return isAbove(dutyAbove, estimate?.total)
  }

  private func isAbove(_ limit: Money?, _ value: Money?) -> Bool {
    guard let limit else { return true }
    guard let value, value.currency == limit.currency else { return true }
    return value.minorUnits > limit.minorUnits
  }

  private func names(_ components: [Component], mention words: [String]) -> Bool {
    components.contains { mentions($0.name, anyOf: words) }
  }

  private func mentions(_ text: String, anyOf words: [String]) -> Bool {
    let lowered = text.lowercased()
    return words.contains { lowered.contains($0.lowercased()) }
  }
}

extension Product {
  fileprivate var words: [String] {
    titles.map(\.text) + descriptions.map(\.text) + attributes.map { "\($0.name) \($0.value)" } + [intendedUse ?? ""]
  }
}

extension DutyEstimate {
  /// Duty in percent of the customs value; nil when either is unknown.
  fileprivate var dutyPercent: Decimal? {
    guard let duty, let customsValue, customsValue.minorUnits > 0, duty.currency == customsValue.currency else {
      return nil
    }
    return (duty.amount * 100).divided(by: customsValue.amount, places: 4, .halfUp)
  }
}

extension Trigger: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseUnknownMembers([
      "id", "markets", "hsPrefixes", "materials", "categories", "words", "brands", "origins", "valueAbove",
      "dutyAbove", "dutyPercentAbove", "findings", "newSupplier", "newMarket", "requiresTwoPeople", "reason", "roles",
    ])
    self.init(
      id: try json.string("id"), markets: try json.list(Market.self, "markets"),
      hsPrefixes: try json.strings("hsPrefixes"), materials: try json.strings("materials"),
      categories: try json.strings("categories"), words: try json.strings("words"), brands: try json.strings("brands"),
      origins: try json.list(CountryCode.self, "origins"), valueAbove: try json.optional(Money.self, "valueAbove"),
      dutyAbove: try json.optional(Money.self, "dutyAbove"),
      dutyPercentAbove: try json.optionalPercent("dutyPercentAbove"), findings: try json.strings("findings"),
      isNewSupplier: try json.flag("newSupplier"),
      isNewMarket: try json.flag("newMarket"),
      requiresTwoPeople: try json.flag("requiresTwoPeople"),
      reason: try json.string("reason"), roles: try json.list(ReviewerRole.self, "roles"))
  }

  public var json: JSONValue {
    var object = JSONObject([("id", .string(id))])
    if !markets.isEmpty { object["markets"] = .list(markets) }
    let lists = [
      ("hsPrefixes", hsPrefixes), ("materials", materials), ("categories", categories), ("words", words),
      ("brands", brands),
    ]
    for (name, list) in lists where !list.isEmpty { object[name] = .strings(list) }
    if !origins.isEmpty { object["origins"] = .list(origins) }
    object.set("valueAbove", valueAbove?.json)
    object.set("dutyAbove", dutyAbove?.json)
    object.set("dutyPercentAbove", dutyPercentAbove?.json)
    if !findings.isEmpty { object["findings"] = .strings(findings) }
    let conditions = [
      ("newSupplier", isNewSupplier), ("newMarket", isNewMarket), ("requiresTwoPeople", requiresTwoPeople),
    ]
    for (name, holds) in conditions where holds { object[name] = .bool(true) }
    object["reason"] = .string(reason)
    object["roles"] = .list(roles)
    return .object(object)
  }
}
