import JSON

/// What a seller says about one SKU, in canonical form. A revision of it never changes; a new fact makes a new revision.
public struct Product: Hashable, Sendable {
  public var sku: String
  /// At least one; the first is the one shown.
  public var titles: [LocalizedText]
  public var descriptions: [LocalizedText] = []
  public var materials: [Component] = []
  public var ingredients: [Component] = []
  public var intendedUse: String?
  /// From the widest to the narrowest, as the shop files it.
  public var categoryPath: [String] = []
  public var attributes: [Attribute] = []
  public var imageAddresses: [String] = []
  public var origin: CountryCode?
  public var unitValue: Money?
  public var netWeightGrams: Decimal?
  public var gtin: GTIN?
  public var brand: String?
  public var supplier: Party?
  public var manufacturer: Party?
  public var variantOf: String?
  public var suppliedCode: HSCode?
  public var markets: [Market]

  public init(sku: String, titles: [LocalizedText], markets: [Market]) {
    self.sku = sku
    self.titles = titles
    self.markets = markets
  }

  public var title: String { titles.first?.text ?? "" }
}

extension Product: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    sku = try json.string("sku")
    titles = try json.list(LocalizedText.self, "titles")
    descriptions = try json.list(LocalizedText.self, "descriptions")
    materials = try json.list(Component.self, "materials")
    ingredients = try json.list(Component.self, "ingredients")
    intendedUse = try json.optionalString("intendedUse")
    categoryPath = try json.strings("categoryPath")
    attributes = try json.list(Attribute.self, "attributes")
    imageAddresses = try json.strings("imageAddresses")
    origin = try json.optional(CountryCode.self, "origin")
    unitValue = try json.optional(Money.self, "unitValue")
    netWeightGrams = try json.optional(Decimal.self, "netWeightGrams")
    gtin = try json.optional(GTIN.self, "gtin")
    brand = try json.optionalString("brand")
    supplier = try json.optional(Party.self, "supplier")
    manufacturer = try json.optional(Party.self, "manufacturer")
    variantOf = try json.optionalString("variantOf")
    suppliedCode = try json.optional(HSCode.self, "suppliedCode")
    markets = try json.list(Market.self, "markets")
  }

  public var json: JSONValue {
    var object = JSONObject([("sku", .string(sku)), ("titles", .list(titles))])
    if !descriptions.isEmpty { object["descriptions"] = .list(descriptions) }
    if !materials.isEmpty { object["materials"] = .list(materials) }
    if !ingredients.isEmpty { object["ingredients"] = .list(ingredients) }
    object.set("intendedUse", intendedUse.map { .string($0) })
    if !categoryPath.isEmpty { object["categoryPath"] = .strings(categoryPath) }
    if !attributes.isEmpty { object["attributes"] = .list(attributes) }
    if !imageAddresses.isEmpty { object["imageAddresses"] = .strings(imageAddresses) }
    object.set("origin", origin?.json)
    object.set("unitValue", unitValue?.json)
    object.set("netWeightGrams", netWeightGrams?.json)
    object.set("gtin", gtin?.json)
    object.set("brand", brand.map { .string($0) })
    object.set("supplier", supplier?.json)
    object.set("manufacturer", manufacturer?.json)
    object.set("variantOf", variantOf.map { .string($0) })
    object.set("suppliedCode", suppliedCode?.json)
    object["markets"] = .list(markets)
    return .object(object)
  }
}
