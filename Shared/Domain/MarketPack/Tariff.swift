import JSON

/// The ordinary (most-favoured-nation) duty rates that are known. What is not here is unknown, not free.
public struct Tariff: Hashable, Sendable {
  public var rates: [TariffRate]
  /// For markets that charge everything alike save for a few goods.
  public var otherwise: Otherwise?

  public struct Otherwise: Hashable, Sendable {
    public var percent: Decimal
    public var exceptPrefixes: [String]
    public var source: RuleSource

    public init(percent: Decimal, exceptPrefixes: [String], source: RuleSource) {
      self.percent = percent
      self.exceptPrefixes = exceptPrefixes
      self.source = source
    }
  }

  public init(rates: [TariffRate] = [], otherwise: Otherwise? = nil) {
    self.rates = rates
    self.otherwise = otherwise
  }

  public func rate(for code: HSCode, on date: CalendarDate) -> TariffRate? {
    if let rate = rates.longestMatch(for: code, on: date) { return rate }
    guard let otherwise, !otherwise.exceptPrefixes.contains(where: { code.hasPrefix($0) || $0.hasPrefix(code.digits) })
    else { return nil }
    return TariffRate(prefix: code.digits, rate: DutyRate(percent: otherwise.percent), source: otherwise.source)
  }
}

/// One rate for all codes that begin with a prefix.
public struct TariffRate: Hashable, Sendable {
  public var prefix: String
  public var rate: DutyRate
  public var validity: ValidityPeriod
  public var source: RuleSource?

  public init(
    prefix: String, rate: DutyRate, validity: ValidityPeriod = ValidityPeriod(), source: RuleSource? = nil
  ) {
    self.prefix = prefix
    self.rate = rate
    self.validity = validity
    self.source = source
  }
}

extension [TariffRate] {
  public func longestMatch(for code: HSCode, on date: CalendarDate) -> TariffRate? {
    filter { code.hasPrefix($0.prefix) && $0.validity.contains(date) }
      .max { $0.prefix.utf8.count < $1.prefix.utf8.count }
  }
}

extension Tariff: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseOthers(than: ["rates", "otherwise"])
    self.init(
      rates: try json.list(TariffRate.self, "rates"), otherwise: try json.optional(Otherwise.self, "otherwise"))
    for (rate, cursor) in zip(rates, try json.elements("rates")) where rate.source == nil {
      throw JSONError(at: .pointer(cursor.pointer + "/source"), "is missing")
    }
  }

  public var json: JSONValue {
    var object = JSONObject([("rates", .list(rates))])
    object.set("otherwise", otherwise?.json)
    return .object(object)
  }
}

extension Tariff.Otherwise: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseOthers(than: ["percent", "exceptPrefixes", "source"])
    self.init(
      percent: try json.percent("percent"), exceptPrefixes: try json.prefixes("exceptPrefixes"),
      source: try json.strictSource("source"))
  }

  public var json: JSONValue {
    ["percent": percent.json, "exceptPrefixes": .strings(exceptPrefixes), "source": source.json]
  }
}

extension TariffRate: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseOthers(than: ["prefix", "percent", "rate", "from", "until", "source"])
    if json.has("percent"), json.has("rate") { throw try json.required("rate").failure("stands beside percent") }
    self.init(
      prefix: try json.required("prefix").prefix(),
      rate: json.has("rate") ? try json.decode(DutyRate.self, "rate") : DutyRate(percent: try json.percent("percent")),
      validity: try ValidityPeriod(members: json), source: json.has("source") ? try json.strictSource("source") : nil)
  }

  public var json: JSONValue {
    var object = JSONObject([("prefix", .string(prefix))])
    if let percent = rate.percent { object["percent"] = percent.json } else { object["rate"] = rate.json }
    validity.write(to: &object)
    object.set("source", source?.json)
    return .object(object)
  }
}
