import JSON

/// An amount in the smallest unit of its currency.
public struct Money: Hashable, Sendable {
  public let minorUnits: Int64
  public let currency: CurrencyCode

  public init(minorUnits: Int64, currency: CurrencyCode) {
    self.minorUnits = minorUnits
    self.currency = currency
  }

  /// nil when the amount has more decimals than the currency, or does not fit.
  public init?(_ amount: Decimal, _ currency: CurrencyCode) {
    let shifted = amount * Decimal(Money.unitsPerMajor(currency))
    guard shifted.scale == 0, let units = Int64(exactly: shifted.coefficient) else { return nil }
    self.init(minorUnits: units, currency: currency)
  }

  /// An amount beyond what 64 bits hold stays at their end.
  public init(rounding amount: Decimal, _ currency: CurrencyCode, _ rounding: Decimal.Rounding = .halfUp) {
    let shifted = (amount * Decimal(Money.unitsPerMajor(currency))).rounded(places: 0, rounding)
    self.init(minorUnits: Int64(clamping: shifted.coefficient), currency: currency)
  }

  public var amount: Decimal { Decimal(Int128(minorUnits), scale: currency.minorUnitDigits) }

  private static func unitsPerMajor(_ currency: CurrencyCode) -> Int128 {
    (0..<currency.minorUnitDigits).reduce(1) { power, _ in power * 10 }
  }
}

extension Money: CustomStringConvertible {
  public var description: String { "\(amount.text(places: currency.minorUnitDigits)) \(currency)" }
}

extension Money: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    let currency = try json.decode(CurrencyCode.self, "currency")
    let amount = try json.required("amount")
    self = try amount.decode("an amount with at most \(currency.minorUnitDigits) decimals") { value in
      value.numeral.flatMap { Decimal($0) }.flatMap { Money($0, currency) }
    }
  }

  public var json: JSONValue {
    ["amount": .string(amount.text(places: currency.minorUnitDigits)), "currency": currency.json]
  }
}
