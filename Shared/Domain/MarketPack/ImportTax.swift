import JSON

/// VAT, GST or sales tax at the border.
public struct ImportTax: Hashable, Sendable {
  /// How the duty stands in the base: as it is paid, or before it was rounded.
  public enum DutyInBase: String, Sendable, CaseIterable { case asPaid, beforeRounding, notIncluded }

  public var name: String
  public var rates: [Rate]
  public var dutyInBase: DutyInBase
  public var source: RuleSource

  public struct Rate: Hashable, Sendable {
    public var percent: Decimal
    public var validity: ValidityPeriod
    /// Empty for all goods.
    public var prefixes: [String]
    public var exceptPrefixes: [String]
    /// How the percentage comes about, where the statute's figure differs.
    public var note: String?

    public init(
      percent: Decimal, validity: ValidityPeriod, prefixes: [String] = [], exceptPrefixes: [String] = [],
      note: String? = nil
    ) {
      self.percent = percent
      self.validity = validity
      self.prefixes = prefixes
      self.exceptPrefixes = exceptPrefixes
      self.note = note
    }
  }

  public init(name: String, rates: [Rate], dutyInBase: DutyInBase, source: RuleSource) {
    self.name = name
    self.rates = rates
    self.dutyInBase = dutyInBase
    self.source = source
  }

  /// The first that fits; nil when no rate is known for these goods on this day.
  public func rate(for code: HSCode, on date: CalendarDate) -> Rate? {
    rates.first { rate in
      rate.validity.contains(date) && !rate.exceptPrefixes.contains { code.hasPrefix($0) }
        && (rate.prefixes.isEmpty || rate.prefixes.contains { code.hasPrefix($0) })
    }
  }
}

extension ImportTax: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseOthers(than: ["name", "rates", "dutyInBase", "source"])
    self.init(
      name: try json.filledString("name"), rates: try json.list(Rate.self, "rates"),
      dutyInBase: try json.required("dutyInBase").named(DutyInBase.self), source: try json.strictSource("source"))
  }

  public var json: JSONValue {
    [
      "name": .string(name), "rates": .list(rates), "dutyInBase": .string(dutyInBase.rawValue),
      "source": source.json,
    ]
  }
}

extension ImportTax.Rate: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseOthers(than: ["percent", "from", "until", "prefixes", "exceptPrefixes", "note"])
    self.init(
      percent: try json.percent("percent"), validity: try ValidityPeriod(members: json),
      prefixes: try json.prefixes("prefixes"), exceptPrefixes: try json.prefixes("exceptPrefixes"),
      note: try json.optionalString("note"))
  }

  public var json: JSONValue {
    var object = JSONObject([("percent", percent.json)])
    validity.write(to: &object)
    if !prefixes.isEmpty { object["prefixes"] = .strings(prefixes) }
    if !exceptPrefixes.isEmpty { object["exceptPrefixes"] = .strings(exceptPrefixes) }
    object.set("note", note.map { .string($0) })
    return .object(object)
  }
}
