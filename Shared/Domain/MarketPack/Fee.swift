import JSON

/// A fixed charge beside duty and tax, by bands of the customs value in the market's currency.
public struct Fee: Hashable, Sendable {
  public var name: String
  public var validity: ValidityPeriod
  /// In rising order; the last may have no upper end. Where no band fits, the fee is due and its amount unknown.
  public var bands: [Band]
  public var isInTaxBase: Bool
  /// False for what a carrier charges: it stands in the tax base, but the authority does not collect it.
  public var isDue: Bool
  public var source: RuleSource

  public struct Band: Hashable, Sendable {
    public var upTo: Decimal?
    public var amount: Decimal

    public init(upTo: Decimal?, amount: Decimal) {
      self.upTo = upTo
      self.amount = amount
    }
  }

  public init(
    name: String, validity: ValidityPeriod = ValidityPeriod(), bands: [Band], isInTaxBase: Bool, isDue: Bool = true,
    source: RuleSource
  ) {
    self.name = name
    self.validity = validity
    self.bands = bands
    self.isInTaxBase = isInTaxBase
    self.isDue = isDue
    self.source = source
  }

  public func amount(for customsValue: Decimal) -> Decimal? {
    bands.first { band in band.upTo.map { customsValue <= $0 } ?? true }?.amount
  }
}

extension Fee: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseOthers(than: [
      "name", "from", "until", "bands", "isInTaxBase", "isDue", "source",
    ])
    self.init(
      name: try json.filledString("name"),
      validity: try ValidityPeriod(members: json), bands: try json.list(Band.self, "bands"),
      isInTaxBase: try json.bool("isInTaxBase"), isDue: try json.optional("isDue")?.bool() ?? true,
      source: try json.strictSource("source"))
  }

  public var json: JSONValue {
    var object = JSONObject([("name", .string(name))])
    validity.write(to: &object)
    object["bands"] = .list(bands)
    object["isInTaxBase"] = .bool(isInTaxBase)
    if !isDue { object["isDue"] = false }
    object["source"] = source.json
    return .object(object)
  }
}

extension Fee.Band: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseOthers(than: ["upTo", "amount"])
    guard let amount = try json.optionalQuantity("amount") else {
      throw JSONError(at: .pointer(json.pointer + "/amount"), "is missing")
    }
    self.init(upTo: try json.optionalQuantity("upTo"), amount: amount)
  }

  public var json: JSONValue {
    var object = JSONObject()
    object.set("upTo", upTo?.json)
    object["amount"] = amount.json
    return .object(object)
  }
}
