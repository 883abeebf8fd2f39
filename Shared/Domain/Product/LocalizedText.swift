import JSON

/// Text and its language as a BCP 47 tag, `und` when the seller did not say.
public struct LocalizedText: Hashable, Sendable {
  public var language: String
  public var text: String

  public init(_ text: String, language: String = "und") {
    self.text = text
    self.language = language
  }
}

extension LocalizedText: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self.init(try json.string("text"), language: try json.optionalString("language") ?? "und")
  }

  public var json: JSONValue { ["language": .string(language), "text": .string(text)] }
}
