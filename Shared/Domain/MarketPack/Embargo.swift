import JSON

/// Origins that must not pass, or not without a person, whatever the product.
public struct Embargo: Hashable, Sendable {
  public var version: String
  public var entries: [Entry]

  public struct Entry: Hashable, Sendable {
    public var country: CountryCode
    public var effect: Finding.Effect
    public var summary: String
    public var source: RuleSource

    public init(country: CountryCode, effect: Finding.Effect, summary: String, source: RuleSource) {
      self.country = country
      self.effect = effect
      self.summary = summary
      self.source = source
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
    try json.refuseOthers(than: ["country", "effect", "summary", "source"])
    self.init(
      country: try json.decode(CountryCode.self, "country"),
      effect: try json.required("effect").named(Finding.Effect.self), summary: try json.filledString("summary"),
      source: try json.strictSource("source"))
  }

  public var json: JSONValue {
    [
      "country": country.json, "effect": .string(effect.rawValue), "summary": .string(summary), "source": source.json,
    ]
  }
}
