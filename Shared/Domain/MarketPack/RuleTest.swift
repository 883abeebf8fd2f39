import JSON

/// Everything given here must hold together; within a list, any one entry is enough.
public struct RuleTest: Hashable, Sendable {
  public var hsPrefixes: [String]
  /// Words or phrases, in any language, in any field.
  public var words: [String]
  /// A second group that must speak as well: `massage oil` with `camphor`.
  public var withWords: [String]
  public var components: [ComponentTest]
  public var numbers: [NumberTest]
  public var origins: [CountryCode]
  public var destinations: [Market]
  /// Of one piece.
  public var valueAbove: Money?
  public var valueAtMost: Money?
  /// What only a shipment tells: it is asked when one with the product is about to go.
  public var consignment: ConsignmentTest?
  /// Fields that are absent: how a market asks for materials of textiles only.
  public var missing: [ProductField]

  public init(
    hsPrefixes: [String] = [], words: [String] = [], withWords: [String] = [], components: [ComponentTest] = [],
    numbers: [NumberTest] = [], origins: [CountryCode] = [], destinations: [Market] = [], valueAbove: Money? = nil,
    valueAtMost: Money? = nil, consignment: ConsignmentTest? = nil, missing: [ProductField] = []
  ) {
    self.hsPrefixes = hsPrefixes
    self.words = words
    self.withWords = withWords
    self.components = components
    self.numbers = numbers
    self.origins = origins
    self.destinations = destinations
    self.valueAbove = valueAbove
    self.valueAtMost = valueAtMost
    self.consignment = consignment
    self.missing = missing
  }

  public var isEmpty: Bool { self == RuleTest() }
}

/// What a shipment must be for a rule to speak; all that is given must hold.
public struct ConsignmentTest: Hashable, Sendable {
  public var kind: ConsignmentKind?
  /// Pieces of the product in one shipment.
  public var quantityAbove: Decimal?
  /// Of the whole shipment.
  public var valueAbove: Money?

  public init(kind: ConsignmentKind? = nil, quantityAbove: Decimal? = nil, valueAbove: Money? = nil) {
    self.kind = kind
    self.quantityAbove = quantityAbove
    self.valueAbove = valueAbove
  }
}

/// A material or ingredient by any of its names, from a share of the whole on where one is set.
public struct ComponentTest: Hashable, Sendable {
  public var names: [String]
  public var atLeastPercent: Decimal?

  public init(names: [String], atLeastPercent: Decimal? = nil) {
    self.names = names
    self.atLeastPercent = atLeastPercent
  }
}

/// A quantity read from the product's text and attributes, compared with limits.
public struct NumberTest: Hashable, Sendable {
  public enum Quantity: String, Sendable, CaseIterable {
    case wattHours, alcoholPercent, laserMilliwatts, nicotineMilligramsPerMillilitre
    case watts, lumens, volts, milliampereHours, millilitres, netWeightGrams
  }

  public var quantity: Quantity
  public var above: Decimal?
  public var atMost: Decimal?

  public init(_ quantity: Quantity, above: Decimal? = nil, atMost: Decimal? = nil) {
    self.quantity = quantity
    self.above = above
    self.atMost = atMost
  }

  public func holds(_ value: Decimal) -> Bool {
    (above.map { value > $0 } ?? true) && (atMost.map { value <= $0 } ?? true)
  }
}

extension RuleTest: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseOthers(than: [
      "hsPrefixes", "words", "withWords", "components", "numbers", "origins", "destinations", "valueAbove",
      "valueAtMost", "consignment", "missing",
    ])
    self.init(
      hsPrefixes: try json.prefixes("hsPrefixes"), words: try json.filledStrings("words"),
      withWords: try json.filledStrings("withWords"), components: try json.list(ComponentTest.self, "components"),
      numbers: try json.list(NumberTest.self, "numbers"), origins: try json.list(CountryCode.self, "origins"),
      destinations: try json.list(Market.self, "destinations"),
      valueAbove: try json.optional(Money.self, "valueAbove"),
      valueAtMost: try json.optional(Money.self, "valueAtMost"),
      consignment: try json.optional(ConsignmentTest.self, "consignment"),
      missing: try json.list(ProductField.self, "missing"))
    if isEmpty { throw json.failure("must ask for something; an empty test would speak for every product") }
    if let valueAbove, let valueAtMost, valueAbove.currency == valueAtMost.currency,
      valueAtMost.minorUnits <= valueAbove.minorUnits
    {
      throw try json.required("valueAtMost").failure("must be more than valueAbove, or no value would pass")
    }
  }

  public var json: JSONValue {
    var object = JSONObject()
    if !hsPrefixes.isEmpty { object["hsPrefixes"] = .strings(hsPrefixes) }
    if !words.isEmpty { object["words"] = .strings(words) }
    if !withWords.isEmpty { object["withWords"] = .strings(withWords) }
    if !components.isEmpty { object["components"] = .list(components) }
    if !numbers.isEmpty { object["numbers"] = .list(numbers) }
    if !origins.isEmpty { object["origins"] = .list(origins) }
    if !destinations.isEmpty { object["destinations"] = .list(destinations) }
    object.set("valueAbove", valueAbove?.json)
    object.set("valueAtMost", valueAtMost?.json)
    object.set("consignment", consignment?.json)
    if !missing.isEmpty { object["missing"] = .list(missing) }
    return .object(object)
  }
}

extension ConsignmentTest: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseOthers(than: ["kind", "quantityAbove", "valueAbove"])
    self.init(
      kind: try json.optional("kind")?.named(ConsignmentKind.self),
      quantityAbove: try json.optionalQuantity("quantityAbove"),
      valueAbove: try json.optional(Money.self, "valueAbove"))
    if self == ConsignmentTest() { throw json.failure("must set kind, quantityAbove or valueAbove") }
  }

  public var json: JSONValue {
    var object = JSONObject()
    object.set("kind", kind.map { .string($0.rawValue) })
    object.set("quantityAbove", quantityAbove?.json)
    object.set("valueAbove", valueAbove?.json)
    return .object(object)
  }
}

extension ComponentTest: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseOthers(than: ["names", "atLeastPercent"])
    self.init(names: try json.filledStrings("names"), atLeastPercent: try json.optionalPercent("atLeastPercent"))
    if names.isEmpty { throw JSONError(at: .pointer(json.pointer + "/names"), "must hold at least one name") }
  }

  public var json: JSONValue {
    var object = JSONObject([("names", .strings(names))])
    object.set("atLeastPercent", atLeastPercent?.json)
    return .object(object)
  }
}

extension NumberTest: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseOthers(than: ["quantity", "above", "atMost"])
    self.init(
      try json.required("quantity").named(Quantity.self), above: try json.optionalQuantity("above"),
      atMost: try json.optionalQuantity("atMost"))
    if above == nil, atMost == nil { throw json.failure("must set above, atMost or both") }
    if let above, let atMost, atMost <= above {
      throw try json.required("atMost").failure("must be more than above, or no number would pass")
    }
  }

  public var json: JSONValue {
    var object = JSONObject([("quantity", .string(quantity.rawValue))])
    object.set("above", above?.json)
    object.set("atMost", atMost?.json)
    return .object(object)
  }
}
