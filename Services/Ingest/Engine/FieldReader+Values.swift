import Domain
import JSON

extension FieldReader {
  mutating func country(_ names: String...) -> CountryCode? {
    guard let field = one(names), let text = text(field, max: 100) else { return nil }
    if let country = CountryNames.code(text) { return country }
    log.refuse(
      field.pointer, .invalid, "\(quoted(text)) is not a country that we know.",
      "Send the two-letter ISO 3166-1 code of one country, such as CN, VN or ID.")
    return nil
  }

  mutating func currency(_ names: String...) -> CurrencyCode? {
    one(names).flatMap { currency($0) }
  }

  mutating func currency(_ field: RawRecord.Field) -> CurrencyCode? {
    guard let text = text(field, max: 20) else { return nil }
    if let currency = CurrencyCode(text.uppercased()) { return currency }
    log.refuse(
      field.pointer, .invalid, "\(quoted(text)) is not a currency in use.",
      "Send the three-letter ISO 4217 code, such as USD, SGD or IDR.")
    return nil
  }

  /// Money as `{amount, currency}`, as `12.50 USD`, or as a number whose currency stands in another field.
  mutating func money(_ field: RawRecord.Field, currency outer: CurrencyCode?) -> Money? {
    if case .object(let object) = field.value { return money(object, field.pointer, outer) }
    guard let text = field.value.numeral else {
      log.refuse(
        field.pointer, .invalid, "This is \(described(field.value)), not an amount.",
        "Send the amount as digits, such as 12.50, and the currency beside it.")
      return nil
    }
    var digits = CleanText.clean(text)
    var inner: CurrencyCode?
    if field.value.stringValue != nil {
      let letters: (Character) -> Bool = { $0.isASCII && $0.isLetter }
      let code = digits.prefix(while: letters).isEmpty ? String(digits.suffix(3)) : String(digits.prefix(3))
      if code.utf8.count == 3, let currency = CurrencyCode(code.uppercased()) {
        inner = currency
        digits = CleanText.clean(
          digits.prefix(while: letters).isEmpty ? String(digits.dropLast(3)) : String(digits.dropFirst(3)))
      }
    }
    if let inner, let outer, inner != outer {
      log.refuse(
        field.pointer, .conflicting, "The amount is in \(inner), but its currency field says \(outer).",
        "Send one currency.")
      return nil
    }
    return amount(digits, isText: field.value.stringValue != nil, inner ?? outer, at: field.pointer)
  }

  private mutating func money(_ object: JSONObject, _ pointer: String, _ outer: CurrencyCode?) -> Money? {
    nested(object, pointer) { inner in
      let stated = inner.currency("currency", "currencyCode")
      guard let field = inner.one(["amount", "value", "price"]) else {
        inner.log.refuse("\(pointer)/amount", .missing, "The amount is missing.", "Send the amount, such as 12.50.")
        return nil
      }
      if let stated, let outer, stated != outer {
        inner.log.refuse(
          "\(pointer)/currency", .conflicting, "The currency is \(stated) here and \(outer) in another field.",
          "Send one currency.")
        return nil
      }
      guard case .object = field.value else { return inner.money(field, currency: stated ?? outer) }
      inner.log.refuse(field.pointer, .invalid, "This is an object, not an amount.", "Send digits, such as 12.50.")
      return nil
    }
  }

  private mutating func amount(
    _ digits: String, isText: Bool, _ currency: CurrencyCode?, at pointer: String
  ) -> Money? {
    let remedy =
      "Write digits with a point for the decimals and no grouping, and the currency as its code: 1234.50 USD."
    guard let number = number(.init(pointer: pointer, value: .string(digits)), remedy: remedy) else { return nil }
    guard let currency else {
      log.refuse(
        pointer, .missing, "The amount has no currency.",
        "Send the currency beside it as a three-letter code, such as USD.")
      return nil
    }
    guard number <= FieldReader.amountMax, number >= Decimal(0) - FieldReader.amountMax else {
      log.refuse(
        pointer, .invalid, "\(digits) \(currency) is more than any price can be.", "Check the amount and its currency.")
      return nil
    }
    if isText, currency.minorUnitDigits < 3, FieldReader.looksGrouped(digits) {
      log.refuse(
        pointer, .invalid, "\(quoted(digits)) may mean thousands or decimals.",
        "Write the amount without grouping, such as 1500 or 1.50.")
      return nil
    }
    guard let money = Money(number, currency) else {
      log.refuse(
        pointer, .invalid, "\(digits) has more decimals than \(currency) has.",
        currency.minorUnitDigits == 0
          ? "Send a whole number of \(currency)." : "Send at most \(currency.minorUnitDigits) decimals.")
      return nil
    }
    return money
  }

  static let amountMax = Decimal(100_000_000_000)

  /// `150.000`: three digits after the point in a currency that has fewer.
  private static func looksGrouped(_ digits: String) -> Bool {
    let parts = digits.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return parts.count == 2 && parts[1].count == 3 && parts[0].count <= 3 && parts[0].first != UInt8(ascii: "0")
  }

  mutating func party(_ names: String...) -> Party? {
    one(names).flatMap { party($0) }
  }

  mutating func party(_ field: RawRecord.Field) -> Party? {
    guard case .object(let object) = field.value else { return text(field, max: Limit.name).map { Party(name: $0) } }
    return nested(object, field.pointer) { inner in
      let country = inner.country("country", "countryCode")
      let address = inner.text("address", max: Limit.address)
      let identifiers =
        inner.one(["identifiers", "registrations", "registrationNumber", "taxId", "vatNumber"]).map {
          inner.strings($0, countMax: 20, max: Limit.code) { $0.split(separator: ";").map(String.init) }
        } ?? []
      guard let name = inner.text("name", "companyName", max: Limit.name) else {
        if inner.log.issues.allSatisfy({ !$0.field.hasPrefix(field.pointer + "/name") }) {
          inner.log.refuse(
            "\(field.pointer)/name", .missing, "The name is missing.", "Send the name of the company or person.")
        }
        return nil
      }
      return Party(name: name, country: country, address: address, identifiers: identifiers)
    }
  }
}
