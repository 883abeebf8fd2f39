import JSON

/// Duty and taxes for one candidate code. An amount that cannot be known is absent and named in `unknown`: an unknown
/// rate is never taken as zero.
public struct DutyEstimate: Hashable, Sendable {
  public var code: HSCode
  public var customsValue: Money?
  public var duty: Money?
  public var excise: Money?
  public var tax: Money?
  public var fees: Money?
  public var total: Money?
  public var regime: String
  /// The preference that the duty is computed under; nil for the ordinary rate.
  public var programme: String?
  /// The rate that the duty was computed with, as its source writes it.
  public var dutyRate: String?
  /// Income tax collected at the border, in each case that may hold. No part of the total.
  public var prepayments: [String]
  /// Names of rates that were used although their time is over.
  public var outOfDate: [String]
  /// Rates that were used although others compiled them and nobody has read them in the instrument.
  public var unconfirmed: [String]
  /// Each step in plain words and figures, as a broker would write it beside the declaration.
  public var working: [String]
  public var unknown: [String]

  public init(
    code: HSCode, customsValue: Money? = nil, duty: Money? = nil, excise: Money? = nil, tax: Money? = nil,
    fees: Money? = nil, total: Money? = nil, regime: String, programme: String? = nil, dutyRate: String? = nil,
    prepayments: [String] = [], outOfDate: [String] = [], unconfirmed: [String] = [], working: [String] = [],
    unknown: [String] = []
  ) {
    self.code = code
    self.customsValue = customsValue
    self.duty = duty
    self.excise = excise
    self.tax = tax
    self.fees = fees
    self.total = total
    self.regime = regime
    self.programme = programme
    self.dutyRate = dutyRate
    self.prepayments = prepayments
    self.outOfDate = outOfDate
    self.unconfirmed = unconfirmed
    self.working = working
    self.unknown = unknown
  }
}

extension DutyEstimate {
  /// What stands in the total beside duty and tax, where there is any.
  public var furtherCharges: [(name: String, amount: Money)] {
    [("excise", excise), ("fees", fees)].compactMap { name, amount in
      amount.flatMap { $0.minorUnits == 0 ? nil : (name, $0) }
    }
  }
}

extension DutyEstimate: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self.init(
      code: try json.decode(HSCode.self, "code"), customsValue: try json.optional(Money.self, "customsValue"),
      duty: try json.optional(Money.self, "duty"), excise: try json.optional(Money.self, "excise"),
      tax: try json.optional(Money.self, "tax"), fees: try json.optional(Money.self, "fees"),
      total: try json.optional(Money.self, "total"), regime: try json.string("regime"),
      programme: try json.optionalString("programme"), dutyRate: try json.optionalString("dutyRate"),
      prepayments: try json.strings("prepayments"), outOfDate: try json.strings("outOfDate"),
      unconfirmed: try json.strings("unconfirmed"), working: try json.strings("working"),
      unknown: try json.strings("unknown"))
  }

  public var json: JSONValue {
    var object = JSONObject([("code", code.json)])
    object.set("customsValue", customsValue?.json)
    object.set("duty", duty?.json)
    object.set("excise", excise?.json)
    object.set("tax", tax?.json)
    object.set("fees", fees?.json)
    object.set("total", total?.json)
    object["regime"] = .string(regime)
    object.set("programme", programme.map { .string($0) })
    object.set("dutyRate", dutyRate.map { .string($0) })
    if !prepayments.isEmpty { object["prepayments"] = .strings(prepayments) }
    if !outOfDate.isEmpty { object["outOfDate"] = .strings(outOfDate) }
    if !unconfirmed.isEmpty { object["unconfirmed"] = .strings(unconfirmed) }
    object["working"] = .strings(working)
    object["unknown"] = .strings(unknown)
    return .object(object)
  }
}
