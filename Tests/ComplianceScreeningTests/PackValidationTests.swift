import Domain
import JSON
import Testing

/// A wrong pack is refused with the place of the error.
struct PackValidationTests {
  struct Fault: Sendable, CustomTestStringConvertible {
    var pointer: String
    var path: [String]
    var value: JSONValue?
    var testDescription: String { pointer }

    init(_ pointer: String, _ path: String, _ value: JSONValue?) {
      self.pointer = pointer
      self.path = path.split(separator: "/").map(String.init)
      self.value = value
    }
  }

  private static let source: JSONValue = ["authority": "A", "instrument": "I", "asOf": "2026-11-20"]
  private static let feeWithoutAmount: JSONValue = [
    "name": "stamp", "bands": [["upTo": "5"]], "isInTaxBase": true, "source": source,
  ]
  private static let prepaymentAboveAll: JSONValue = [
    "name": "income tax", "rates": [["condition": "any", "percent": "1001"]], "source": source,
  ]

  static let faults: [Fault] = [
    Fault("/colour", "colour", "blue"),
    Fault("/rules/0/hsPrefix", "rules/0/hsPrefix", ["85"]),
    Fault("/rules/0/match/0/word", "rules/0/match/0/word", ["knife"]),
    Fault("/rules/0/match/0", "rules/0/match/0", [:]),
    Fault("/rules/0/match", "rules/0/match", []),
    Fault("/rules/0/effect", "rules/0/effect", "forbid"),
    Fault("/rules/0/source/excerpt", "rules/0/source/excerpt", nil),
    Fault("/rules/0/source/asOf", "rules/0/source/asOf", nil),
    Fault("/rules/0/source/page", "rules/0/source/page", 3),
    Fault("/rules/0/requiredDocument", "rules/0/requiredDocument", nil),
    Fault("/rules/0/roles", "rules/0/roles", []),
    Fault("/rules/0/roles/0", "rules/0/roles/0", "janitor"),
    Fault("/rules/1/id", "rules/1/id", .string(Fixtures.pack("SG").rules[0].id)),
    Fault("/rules/0/match/0/words/0", "rules/0/match/0/words/0", ""),
    Fault("/rules/0/match/1/hsPrefixes/0", "rules/0/match/1/hsPrefixes/0", "85.07"),
    Fault("/rules/0/match/0/numbers/0/quantity", "rules/0/match/0/numbers/0/quantity", "horsepower"),
    Fault("/validFrom", "validFrom", "2026-02-30"),
    Fault("/reviewBy", "reviewBy", "2001-01-01"),
    Fault("/nationalDigits", "nationalDigits", 4),
    Fault("/requiredFields/0", "requiredFields/0", "smell"),
    Fault("/taxation/regimes", "taxation/regimes", []),
    Fault("/taxation/regimes/0/duty/percent", "taxation/regimes/0/duty", ["kind": "exempt", "percent": "5"]),
    Fault("/taxation/tax/rates/0/percent", "taxation/tax/rates/0/percent", "-1"),
    Fault("/taxation/rounding/tax/step", "taxation/rounding/tax/step", "0"),
    Fault("/taxation/exchangeRates/rates/0/perUnit", "taxation/exchangeRates/rates/0/perUnit", "0"),
    Fault("/taxation/exchangeRates/validDays", "taxation/exchangeRates/validDays", 0),
    Fault("/taxation/regimes/0/consignment", "taxation/regimes/0/consignment", "letter"),
    Fault("/taxation/regimes/1/saleTax/isAssumed", "taxation/regimes/1/saleTax/isAssumed", nil),
    Fault("/taxation/regimes/0/saleTaxes", "taxation/regimes/0/saleTaxes", [:]),
    Fault("/taxation/regimes/0/fees/0/bands/0/amount", "taxation/regimes/0/fees", [feeWithoutAmount]),
    Fault("/taxation/regimes/0/prepayments/0/rates/0/percent", "taxation/regimes/0/prepayments", [prepaymentAboveAll]),
    Fault("/taxation/excises/0/lines/0/rate", "taxation/excises/0/lines/0/rate", "60 per litre"),
    Fault("/taxation/excises/0/base", "taxation/excises/0/base", "weight"),
    Fault("/taxation/tariff/rates/0/rate", "taxation/tariff/rates/0/rate", "16/barrel"),
    Fault("/taxation/tariff/rates/0/rate", "taxation/tariff/rates/0/percent", "16"),
    Fault("/taxation/tax/rates/0/prefixes/0", "taxation/tax/rates/0/prefixes", ["x"]),
    Fault("/taxation/tariff/otherwise/source", "taxation/tariff/otherwise/source", nil),
  ]

  @Test(arguments: faults) func `a fault is reported by its pointer`(_ fault: Fault) {
    let broken = PackValidationTests.replacing(fault.path[...], in: Fixtures.pack("SG").json, with: fault.value)
    do throws(JSONError) {
      _ = try MarketPack(json: JSONCursor(broken))
      Issue.record("the pack was accepted")
    } catch {
      #expect(error.location == .pointer(fault.pointer), "\(error)")
    }
  }

  private static func replacing(_ path: ArraySlice<String>, in value: JSONValue, with new: JSONValue?) -> JSONValue {
    guard let key = path.first else { return new ?? .null }
    if let index = Int(key), var values = value.arrayValue {
      values[index] = replacing(path.dropFirst(), in: values[index], with: new)
      return .array(values)
    }
    var object = value.objectValue ?? JSONObject()
    object[key] = path.count == 1 ? new : replacing(path.dropFirst(), in: object[key] ?? [:], with: new)
    return .object(object)
  }
}
