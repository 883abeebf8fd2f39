import JSON

/// Each amount is rounded as the authority rounds it, and not before.
public struct DutyRounding: Hashable, Sendable {
  public var customsValue: AmountRounding
  /// What is paid; the tax base may take the duty before this step.
  public var duty: AmountRounding
  public var tax: AmountRounding

  public init(customsValue: AmountRounding, duty: AmountRounding, tax: AmountRounding) {
    self.customsValue = customsValue
    self.duty = duty
    self.tax = tax
  }
}

public struct AmountRounding: Hashable, Sendable {
  /// `0.01` for cents, `1` for whole units, `1000` for whole thousands.
  public var step: Decimal
  public var mode: Decimal.Rounding

  public init(step: Decimal, mode: Decimal.Rounding) {
    self.step = step
    self.mode = mode
  }

  public func callAsFunction(_ amount: Decimal) -> Decimal { amount.rounded(toMultipleOf: step, mode) }
}

extension DutyRounding: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseOthers(than: ["customsValue", "duty", "tax"])
    self.init(
      customsValue: try json.decode(AmountRounding.self, "customsValue"),
      duty: try json.decode(AmountRounding.self, "duty"), tax: try json.decode(AmountRounding.self, "tax"))
  }

  public var json: JSONValue { ["customsValue": customsValue.json, "duty": duty.json, "tax": tax.json] }
}

extension AmountRounding: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseOthers(than: ["step", "mode"])
    guard let step = try json.optionalQuantity("step"), !step.isZero else {
      throw JSONError(at: .pointer(json.pointer + "/step"), "must be a number above zero")
    }
    self.init(step: step, mode: try json.required("mode").named(Decimal.Rounding.self))
  }

  public var json: JSONValue { ["step": step.json, "mode": .string(mode.rawValue)] }
}
