import JSON

/// One way of charging goods of a certain value in a certain time: relief, a flat rate, or the tariff.
public struct DutyRegime: Hashable, Sendable {
  public enum Charge: Hashable, Sendable {
    /// The law charges nothing: a known zero, not an unknown rate.
    case exempt
    /// One percentage, save for the prefixes that have their own.
    case flat(percent: Decimal, byPrefix: [TariffRate])
    /// The market's ordinary rate: the tariff for duty, the tax's rates for tax.
    case ordinary
  }

  public var name: String
  /// nil for every kind.
  public var consignment: ConsignmentKind?
  public var validity: ValidityPeriod
  /// Which value is compared with the limits.
  public var valueBasis: Valuation.Basis
  public var limitCurrency: CurrencyCode
  public var above: Decimal?
  public var upTo: Decimal?
  public var exceptPrefixes: [String]
  public var duty: Charge
  public var tax: Charge
  /// The tax that a registered seller charges instead of the border.
  public var saleTax: SaleTax?
  /// False for a relief that sources report and none confirms: it is named beside the estimate and not applied.
  public var isConfirmed: Bool
  /// Charges that exist but whose amounts are not in the pack. They are named beside the estimate, and leave no total.
  public var unlistedCharges: [String]
  public var prepayments: [Prepayment]
  public var fees: [Fee]
  public var source: RuleSource

  public init(
    name: String, consignment: ConsignmentKind? = nil, validity: ValidityPeriod = ValidityPeriod(),
    valueBasis: Valuation.Basis, limitCurrency: CurrencyCode, above: Decimal? = nil, upTo: Decimal? = nil,
    exceptPrefixes: [String] = [], duty: Charge, tax: Charge, saleTax: SaleTax? = nil, isConfirmed: Bool = true,
    unlistedCharges: [String] = [], prepayments: [Prepayment] = [], fees: [Fee] = [], source: RuleSource
  ) {
    self.name = name
    self.consignment = consignment
    self.validity = validity
    self.valueBasis = valueBasis
    self.limitCurrency = limitCurrency
    self.above = above
    self.upTo = upTo
    self.exceptPrefixes = exceptPrefixes
    self.duty = duty
    self.tax = tax
    self.saleTax = saleTax
    self.isConfirmed = isConfirmed
    self.unlistedCharges = unlistedCharges
    self.prepayments = prepayments
    self.fees = fees
    self.source = source
  }

  public func covers(_ value: Decimal) -> Bool {
    (above.map { value > $0 } ?? true) && (upTo.map { value <= $0 } ?? true)
  }

  public func covers(_ kind: ConsignmentKind) -> Bool { consignment == nil || consignment == kind }

  public func covers(_ code: HSCode) -> Bool { !exceptPrefixes.contains { code.hasPrefix($0) } }
}

extension DutyRegime: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseOthers(than: [
      "name", "consignment", "from", "until", "valueBasis", "limitCurrency", "above", "upTo", "exceptPrefixes", "duty",
      "tax",
      "saleTax", "isConfirmed", "unlistedCharges", "prepayments", "fees", "source",
    ])
    self.init(
      name: try json.filledString("name"),
      consignment: try json.optional("consignment")?.named(ConsignmentKind.self),
      validity: try ValidityPeriod(members: json),
      valueBasis: try json.required("valueBasis").named(Valuation.Basis.self),
      limitCurrency: try json.decode(CurrencyCode.self, "limitCurrency"),
      above: try json.optionalQuantity("above"), upTo: try json.optionalQuantity("upTo"),
      exceptPrefixes: try json.prefixes("exceptPrefixes"), duty: try json.decode(Charge.self, "duty"),
      tax: try json.decode(Charge.self, "tax"),
      saleTax: try json.optional(SaleTax.self, "saleTax"),
      isConfirmed: try json.optional("isConfirmed")?.bool() ?? true,
      unlistedCharges: try json.filledStrings("unlistedCharges"),
      prepayments: try json.list(Prepayment.self, "prepayments"), fees: try json.list(Fee.self, "fees"),
      source: try json.strictSource("source"))
  }

  public var json: JSONValue {
    var object = JSONObject([("name", .string(name))])
    object.set("consignment", consignment.map { .string($0.rawValue) })
    validity.write(to: &object)
    object["valueBasis"] = .string(valueBasis.rawValue)
    object["limitCurrency"] = limitCurrency.json
    object.set("above", above?.json)
    object.set("upTo", upTo?.json)
    if !exceptPrefixes.isEmpty { object["exceptPrefixes"] = .strings(exceptPrefixes) }
    object["duty"] = duty.json
    object["tax"] = tax.json
    object.set("saleTax", saleTax?.json)
    if !isConfirmed { object["isConfirmed"] = false }
    if !unlistedCharges.isEmpty { object["unlistedCharges"] = .strings(unlistedCharges) }
    if !prepayments.isEmpty { object["prepayments"] = .list(prepayments) }
    if !fees.isEmpty { object["fees"] = .list(fees) }
    object["source"] = source.json
    return .object(object)
  }
}

extension DutyRegime.Charge: JSONCodable {
  private enum Kind: String, CaseIterable { case exempt, flat, ordinary }

  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseOthers(than: ["kind", "percent", "byPrefix"])
    let kind = try json.required("kind").named(Kind.self)
    if kind != .flat { try json.refuseOthers(than: ["kind"]) }
    switch kind {
    case .exempt: self = .exempt
    case .ordinary: self = .ordinary
    case .flat:
      self = .flat(percent: try json.percent("percent"), byPrefix: try json.list(TariffRate.self, "byPrefix"))
    }
  }

  public var json: JSONValue {
    switch self {
    case .exempt: return ["kind": "exempt"]
    case .ordinary: return ["kind": "ordinary"]
    case .flat(let percent, let byPrefix):
      var object = JSONObject([("kind", "flat"), ("percent", percent.json)])
      if !byPrefix.isEmpty { object["byPrefix"] = .list(byPrefix) }
      return .object(object)
    }
  }
}
