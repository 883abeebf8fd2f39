import JSON

/// A company or person in a trade: seller, supplier, manufacturer, consignee.
public struct Party: Hashable, Sendable {
  public var name: String
  public var country: CountryCode?
  public var address: String?
  /// Registration, tax or licence numbers, as given.
  public var identifiers: [String] = []

  public init(name: String, country: CountryCode? = nil, address: String? = nil, identifiers: [String] = []) {
    self.name = name
    self.country = country
    self.address = address
    self.identifiers = identifiers
  }
}

extension Party: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self.init(
      name: try json.string("name"), country: try json.optional(CountryCode.self, "country"),
      address: try json.optionalString("address"), identifiers: try json.strings("identifiers"))
  }

  public var json: JSONValue {
    var object = JSONObject([("name", .string(name))])
    object.set("country", country?.json)
    object.set("address", address.map { .string($0) })
    if !identifiers.isEmpty { object["identifiers"] = .strings(identifiers) }
    return .object(object)
  }
}
