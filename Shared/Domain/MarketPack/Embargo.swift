import JSON

/// Countries and regions that goods must not come from or go to, or not without a person, whatever the product.
public struct Embargo: Hashable, Sendable {
  public var version: String
  public var entries: [Entry]

  public struct Entry: Hashable, Sendable {
    public var country: CountryCode
    /// Places of the country that are meant, as addresses name them; empty for all of it.
    public var regions: [String]
    /// Another country that addresses in the regions name.
    public var alsoWritten: CountryCode?
    /// Of goods from there.
    public var effect: Finding.Effect
    public var summary: String
    /// Of goods that go there; nil where only origins are meant.
    public var toThere: Bound?
    public var source: RuleSource

    public init(
      country: CountryCode, regions: [String] = [], alsoWritten: CountryCode? = nil, effect: Finding.Effect,
      summary: String, toThere: Bound? = nil, source: RuleSource
    ) {
      self.country = country
      self.regions = regions
      self.alsoWritten = alsoWritten
      self.effect = effect
      self.summary = summary
      self.toThere = toThere
      self.source = source
    }

    /// A region is known by an address alone, if the country that stands there does not say otherwise.
    public func covers(_ stated: CountryCode?, address: String? = nil) -> Bool {
      guard !regions.isEmpty else { return stated == country }
      guard stated == nil || stated == country || stated == alsoWritten, let address else { return false }
      return WholeWords([address]).contain(anyOf: regions)
    }
  }

  public struct Bound: Hashable, Sendable {
    public var effect: Finding.Effect
    public var summary: String

    public init(effect: Finding.Effect, summary: String) {
      self.effect = effect
      self.summary = summary
    }
  }

  public init(version: String, entries: [Entry]) {
    self.version = version
    self.entries = entries
  }

  public static func parse(_ bytes: [UInt8]) throws(JSONError) -> Embargo {
    try Embargo(json: JSONCursor(try JSONParser.parse(bytes)))
  }
}

extension Embargo: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseOthers(than: ["version", "entries"])
    self.init(version: try json.filledString("version"), entries: try json.list(Entry.self, "entries"))
  }

  public var json: JSONValue { ["version": .string(version), "entries": .list(entries)] }
}

extension Embargo.Entry: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseOthers(than: ["country", "regions", "alsoWritten", "effect", "summary", "toThere", "source"])
    self.init(
      country: try json.decode(CountryCode.self, "country"), regions: try json.filledStrings("regions"),
      alsoWritten: try json.optional(CountryCode.self, "alsoWritten"),
      effect: try json.required("effect").named(Finding.Effect.self), summary: try json.filledString("summary"),
      toThere: try json.optional(Embargo.Bound.self, "toThere"), source: try json.strictSource("source"))
  }

  public var json: JSONValue {
    var object = JSONObject([("country", country.json)])
    if !regions.isEmpty { object["regions"] = .strings(regions) }
    object.set("alsoWritten", alsoWritten?.json)
    object["effect"] = .string(effect.rawValue)
    object["summary"] = .string(summary)
    object.set("toThere", toThere?.json)
    object["source"] = source.json
    return .object(object)
  }
}

extension Embargo.Bound: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseOthers(than: ["effect", "summary"])
    self.init(
      effect: try json.required("effect").named(Finding.Effect.self), summary: try json.filledString("summary"))
  }

  public var json: JSONValue { ["effect": .string(effect.rawValue), "summary": .string(summary)] }
}
