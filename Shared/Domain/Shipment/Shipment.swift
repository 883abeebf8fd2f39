import JSON

/// An order of lines to one market. It waits for the cases of its lines and for nothing else.
public struct Shipment: Hashable, Sendable {
  public var reference: String
  public var market: Market
  public var seller: Party
  public var consignee: Party
  public var notifyParty: Party?
  /// By name.
  public var vessel: String?
  public var orderDate: CalendarDate?
  public var incoterm: String?
  public var incotermPlace: String?
  public var exportCountry: CountryCode?
  public var transportMode: String?
  public var currency: CurrencyCode
  public var freight: Money?
  public var insurance: Money?
  public var packages: [Package] = []
  public var lines: [ShipmentLine]

  public init(
    reference: String, market: Market, seller: Party, consignee: Party, currency: CurrencyCode, lines: [ShipmentLine]
  ) {
    self.reference = reference
    self.market = market
    self.seller = seller
    self.consignee = consignee
    self.currency = currency
    self.lines = lines
  }
}

/// A quantity of one SKU at one price.
public struct ShipmentLine: Hashable, Sendable {
  public var number: Int
  public var sku: String
  public var description: String?
  public var quantity: Decimal
  /// UN/ECE Recommendation 20, `C62` for pieces.
  public var unit: String
  public var unitPrice: Money
  public var netWeightGrams: Decimal?
  public var origin: CountryCode?

  public init(number: Int, sku: String, quantity: Decimal, unit: String = "C62", unitPrice: Money) {
    self.number = number
    self.sku = sku
    self.quantity = quantity
    self.unit = unit
    self.unitPrice = unitPrice
  }

  public var amount: Money { Money(rounding: unitPrice.amount * quantity, unitPrice.currency) }
}

/// A carton or parcel, for the packing list.
public struct Package: Hashable, Sendable {
  public var mark: String
  public var lineNumbers: [Int]
  public var grossWeightGrams: Decimal?
  /// Length × width × height, as text the carrier prints: `40x30x20 cm`.
  public var dimensions: String?

  public init(mark: String, lineNumbers: [Int], grossWeightGrams: Decimal? = nil, dimensions: String? = nil) {
    self.mark = mark
    self.lineNumbers = lineNumbers
    self.grossWeightGrams = grossWeightGrams
    self.dimensions = dimensions
  }
}

extension Shipment: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self.init(
      reference: try json.string("reference"), market: try json.decode(Market.self, "market"),
      seller: try json.decode(Party.self, "seller"), consignee: try json.decode(Party.self, "consignee"),
      currency: try json.decode(CurrencyCode.self, "currency"), lines: try json.list(ShipmentLine.self, "lines"))
    notifyParty = try json.optional(Party.self, "notifyParty")
    vessel = try json.optionalString("vessel")
    orderDate = try json.optional(CalendarDate.self, "orderDate")
    incoterm = try json.optionalString("incoterm")
    incotermPlace = try json.optionalString("incotermPlace")
    exportCountry = try json.optional(CountryCode.self, "exportCountry")
    transportMode = try json.optionalString("transportMode")
    freight = try json.optional(Money.self, "freight")
    insurance = try json.optional(Money.self, "insurance")
    packages = try json.list(Package.self, "packages")
  }

  public var json: JSONValue {
    var object = JSONObject([
      ("reference", .string(reference)), ("market", market.json), ("seller", seller.json),
      ("consignee", consignee.json),
      ("currency", currency.json),
    ])
    object.set("notifyParty", notifyParty?.json)
    object.set("vessel", vessel.map { .string($0) })
    object.set("orderDate", orderDate?.json)
    object.set("incoterm", incoterm.map { .string($0) })
    object.set("incotermPlace", incotermPlace.map { .string($0) })
    object.set("exportCountry", exportCountry?.json)
    object.set("transportMode", transportMode.map { .string($0) })
    object.set("freight", freight?.json)
    object.set("insurance", insurance?.json)
    if !packages.isEmpty { object["packages"] = .list(packages) }
    object["lines"] = .list(lines)
    return .object(object)
  }
}

extension ShipmentLine: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self.init(
      number: Int(try json.integer("number")), sku: try json.string("sku"),
      quantity: try json.decode(Decimal.self, "quantity"), unit: try json.optionalString("unit") ?? "C62",
      unitPrice: try json.decode(Money.self, "unitPrice"))
    description = try json.optionalString("description")
    netWeightGrams = try json.optional(Decimal.self, "netWeightGrams")
    origin = try json.optional(CountryCode.self, "origin")
  }

  public var json: JSONValue {
    var object = JSONObject([
      ("number", .integer(Int64(number))), ("sku", .string(sku)), ("quantity", quantity.json), ("unit", .string(unit)),
      ("unitPrice", unitPrice.json),
    ])
    object.set("description", description.map { .string($0) })
    object.set("netWeightGrams", netWeightGrams?.json)
    object.set("origin", origin?.json)
    return .object(object)
  }
}

extension Package: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self.init(
      mark: try json.string("mark"),
      lineNumbers: try json.elements("lineNumbers").map { element throws(JSONError) in Int(try element.integer()) },
      grossWeightGrams: try json.optional(Decimal.self, "grossWeightGrams"),
      dimensions: try json.optionalString("dimensions"))
  }

  public var json: JSONValue {
    var object = JSONObject([
      ("mark", .string(mark)), ("lineNumbers", .array(lineNumbers.map { .integer(Int64($0)) })),
    ])
    object.set("grossWeightGrams", grossWeightGrams?.json)
    object.set("dimensions", dimensions.map { .string($0) })
    return .object(object)
  }
}
