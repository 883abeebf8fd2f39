import JSON

/// All that the system knows about one market, as versioned data: adding a market needs no build.
public struct MarketPack: Hashable, Sendable {
  public var market: Market
  public var name: String
  public var version: String
  public var validFrom: CalendarDate
  /// The last day on which its facts may be relied on without being checked again.
  public var reviewBy: CalendarDate
  public var currency: CurrencyCode
  public var languages: [String]
  /// Digits of the national tariff code, 6 to 12.
  public var nationalDigits: Int
  public var requiredFields: [ProductField]
  public var taxation: Taxation
  public var rules: [ScreeningRule]

  public init(
    market: Market, name: String, version: String, validFrom: CalendarDate, reviewBy: CalendarDate,
    currency: CurrencyCode, languages: [String], nationalDigits: Int, requiredFields: [ProductField],
    taxation: Taxation, rules: [ScreeningRule]
  ) {
    self.market = market
    self.name = name
    self.version = version
    self.validFrom = validFrom
    self.reviewBy = reviewBy
    self.currency = currency
    self.languages = languages
    self.nationalDigits = nationalDigits
    self.requiredFields = requiredFields
    self.taxation = taxation
    self.rules = rules
  }

  public static func parse(_ bytes: [UInt8]) throws(JSONError) -> MarketPack {
    try MarketPack(json: JSONCursor(try JSONParser.parse(bytes)))
  }
}

extension MarketPack: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseOthers(than: [
      "market", "name", "version", "validFrom", "reviewBy", "currency", "languages", "nationalDigits",
      "requiredFields", "taxation", "rules",
    ])
    self.init(
      market: try json.decode(Market.self, "market"), name: try json.filledString("name"),
      version: try json.filledString("version"), validFrom: try json.decode(CalendarDate.self, "validFrom"),
      reviewBy: try json.decode(CalendarDate.self, "reviewBy"),
      currency: try json.decode(CurrencyCode.self, "currency"), languages: try json.filledStrings("languages"),
      nationalDigits: try MarketPack.nationalDigits(json),
      requiredFields: try json.list(ProductField.self, "requiredFields"),
      taxation: try json.decode(Taxation.self, "taxation"), rules: try json.list(ScreeningRule.self, "rules"))
    try refuseRepeatedRules(json)
    if reviewBy < validFrom { throw try json.required("reviewBy").failure("must not be before validFrom") }
  }

  private static func nationalDigits(_ json: JSONCursor) throws(JSONError) -> Int {
    try json.required("nationalDigits").decode("a whole number from 6 to 12") { value in
      value.integerValue.flatMap { (6...12).contains($0) ? Int($0) : nil }
    }
  }

  private func refuseRepeatedRules(_ json: JSONCursor) throws(JSONError) {
    var seen: Set<String> = []
    for (rule, cursor) in zip(rules, try json.elements("rules")) where !seen.insert(rule.id).inserted {
      throw try cursor.required("id").failure("stands twice")
    }
  }

  public var json: JSONValue {
    [
      "market": market.json, "name": .string(name), "version": .string(version), "validFrom": validFrom.json,
      "reviewBy": reviewBy.json, "currency": currency.json, "languages": .strings(languages),
      "nationalDigits": .integer(Int64(nationalDigits)), "requiredFields": .list(requiredFields),
      "taxation": taxation.json, "rules": .list(rules),
    ]
  }
}
