import JSON

/// Duty and taxes for one candidate code. An amount that cannot be known is absent and named in `unknown`: an unknown
/// rate is never taken as zero.
public struct DutyEstimate: Hashable, Sendable {
  public var code: HSCode
  public var customsValue: Money?
  public var duty: Money?
  public var tax: Money?
  public var total: Money?
  public var regime: String
  /// Each step in plain words and figures, as a broker would write it beside the declaration.
  public var working: [String]
  public var unknown: [String]

  public init(
    code: HSCode, customsValue: Money? = nil, duty: Money? = nil, tax: Money? = nil, total: Money? = nil,
    regime: String,
    working: [String] = [], unknown: [String] = []
  ) {
    self.code = code
    self.customsValue = customsValue
    self.duty = duty
    self.tax = tax
    self.total = total
    self.regime = regime
    self.working = working
    self.unknown = unknown
  }
}

extension DutyEstimate: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self.init(
      code: try json.decode(HSCode.self, "code"), customsValue: try json.optional(Money.self, "customsValue"),
      duty: try json.optional(Money.self, "duty"), tax: try json.optional(Money.self, "tax"),
      total: try json.optional(Money.self, "total"), regime: try json.string("regime"),
      working: try json.strings("working"), unknown: try json.strings("unknown"))
  }

  public var json: JSONValue {
    var object = JSONObject([("code", code.json)])
    object.set("customsValue", customsValue?.json)
    object.set("duty", duty?.json)
    object.set("tax", tax?.json)
    object.set("total", total?.json)
    object["regime"] = .string(regime)
    object["working"] = .strings(working)
    object["unknown"] = .strings(unknown)
    return .object(object)
  }
}
