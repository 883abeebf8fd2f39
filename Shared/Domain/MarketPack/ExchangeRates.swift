import JSON

/// Units of the market's currency for one unit of another. Customs publishes its own; a pack says whether these are
/// those or samples.
public struct ExchangeRates: Hashable, Sendable {
  public var isSample: Bool
  public var note: String
  /// For how many days a rate may be used; nil when nobody set a limit.
  public var validDays: Int64?
  public var rates: [Rate]
  /// Of rates that were loaded beside the pack; nil for the pack's own.
  public var version: String?

  public struct Rate: Hashable, Sendable {
    public var currency: CurrencyCode
    public var perUnit: Decimal
    public var from: CalendarDate

    public init(_ currency: CurrencyCode, perUnit: Decimal, from: CalendarDate) {
      self.currency = currency
      self.perUnit = perUnit
      self.from = from
    }
  }

  public init(isSample: Bool, note: String, validDays: Int64? = nil, rates: [Rate], version: String? = nil) {
    self.version = version
    self.isSample = isSample
    self.note = note
    self.validDays = validDays
    self.rates = rates
  }

  /// The newest on that day.
  public func rate(_ currency: CurrencyCode, on date: CalendarDate) -> Rate? {
    rates.filter { $0.currency == currency && $0.from <= date }.max { $0.from < $1.from }
  }

  public func isOutOfDate(_ rate: Rate, on date: CalendarDate) -> Bool {
    validDays.map { date.daysSinceEpoch - rate.from.daysSinceEpoch > $0 } ?? false
  }
}

extension ExchangeRates: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseOthers(than: ["isSample", "note", "validDays", "rates"])
    self.init(
      isSample: try json.bool("isSample"), note: try json.filledString("note"),
      validDays: try ExchangeRates.validDays(json),
      rates: try json.list(Rate.self, "rates"))
  }

  private static func validDays(_ json: JSONCursor) throws(JSONError) -> Int64? {
    guard let member = json.optional("validDays") else { return nil }
    let days: Int64 = try member.decode("a whole number of days from 1 to 3650") { value in
      value.integerValue.flatMap { (1...3650).contains($0) ? $0 : nil }
    }
    return days
  }

  public var json: JSONValue {
    var object = JSONObject([("isSample", .bool(isSample)), ("note", .string(note))])
    object.set("validDays", validDays.map { .integer($0) })
    object["rates"] = .list(rates)
    return .object(object)
  }
}

extension ExchangeRates.Rate: JSONCodable {
  /// Leaves room in 128 bits for any amount times a rate times percentages.
  private static var ratePrecisionMax: Int128 { 1_000_000_000_000 }

  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseOthers(than: ["currency", "perUnit", "from"])
    let perUnit = try json.required("perUnit").decode("a rate above zero with at most twelve digits") { value in
      value.numeral.flatMap { Decimal($0) }.flatMap { $0 > 0 && $0.coefficient < Self.ratePrecisionMax ? $0 : nil }
    }
    self.init(
      try json.decode(CurrencyCode.self, "currency"), perUnit: perUnit,
      from: try json.decode(CalendarDate.self, "from"))
  }

  public var json: JSONValue { ["currency": currency.json, "perUnit": perUnit.json, "from": from.json] }
}
