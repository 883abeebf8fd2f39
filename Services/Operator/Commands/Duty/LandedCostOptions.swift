import ComplianceScreeningEngine
import Domain
import WorkerRuntime

/// The options of a sale, read with the name of what is wrong and what to write instead.
struct LandedCostOptions {
  private let arguments: Arguments
  private let command: String

  init(_ arguments: Arguments, for command: String) {
    self.arguments = arguments
    self.command = command
  }

  static let sale = [
    Option("hs", "CODE", "tariff code of 6 to 12 digits", isRequired: true, repeats: true),
    Option("origin", "COUNTRY", "where the goods were made, such as CN", isRequired: true),
    Option("value", "AMOUNT", "price of the goods, free on board", isRequired: true),
    Option("currency", "CODE", "currency of the amounts, such as USD", isRequired: true),
    Option("freight", "AMOUNT", "0 when the price contains it; the market's default when absent"),
    Option("insurance", "AMOUNT", "0 when the price contains it; the market's default when absent"),
    Option("consignment", "parcel|formal", "a parcel when absent"),
    Option("programme", "ID", "a preference, such as ATIGA; the ordinary rate when absent"),
    Option("date", "YYYY-MM-DD", "day of the declaration; today when absent"),
    Option("duty-rate", "RATE", "in place of the tariff's: 7.5, 450/kg, or \"10 % + 450/kg\""),
    Option("tax-rate", "PERCENT", "in place of the market's VAT, GST or sales tax"),
    Option("weight", "KG", "net weight, for duty by weight"),
    Option("litres", "L", "volume, for duty by volume"),
    Option("alcohol", "PERCENT", "strength, for duty by pure alcohol"),
    Option("pieces", "N", "number of pieces or pairs"),
    Option("seller", "registered|unregistered", "whether the seller charges the market's tax on low-value goods"),
    Option("dangerous", nil, "dangerous goods, such as lithium batteries, where their default insurance is another"),
    Option.json,
  ]

  // MARK: What is asked for

  func codes() throws(UsageError) -> [HSCode] {
    var codes: [HSCode] = []
    for text in arguments.list("hs") {
      guard let code = HSCode(text), code.digits.utf8.count >= 6 else {
        throw refusal("hs", text, "is not a tariff code", "write 6 to 12 digits, such as 851713 or 8517.13.00")
      }
      guard let chapter = Int(code.chapter), (1...97).contains(chapter), chapter != 77 else {
        throw refusal("hs", text, "has no such chapter", "chapters run from 01 to 97, without 77")
      }
      codes.append(code)
    }
    return codes
  }

  func market(_ text: String, of option: String, among known: [Market]) throws(UsageError) -> Market {
    let wanted = Market(text.uppercased())
    guard let wanted, known.contains(wanted) else {
      throw refusal(
        option, text, "is not a market", "use one of \(known.map(\.code).joined(separator: ", "))")
    }
    return wanted
  }

  func date() throws(UsageError) -> CalendarDate {
    guard let text = arguments["date"] else { return SystemClock.now().date }
    guard let date = CalendarDate(text) else {
      throw refusal("date", text, "is not a day", "write it like 2026-11-20")
    }
    return date
  }

  func sale() throws(UsageError) -> LandedCost.Sale {
    let currency = try currency()
    let goods = try money("value", arguments.required("value"), currency)
    guard goods.minorUnits > 0 else {
      throw refusal("value", arguments.required("value"), "is not above zero", "write the price of the goods")
    }
    var sale = LandedCost.Sale(
      goods: goods, freight: try optionalMoney("freight", currency),
      insurance: try optionalMoney("insurance", currency), origin: try origin(), consignment: try consignment(),
      quantities: try quantities())
    sale.isDangerous = arguments.has("dangerous")
    sale.dutyRate = try dutyRate()
    sale.taxRate = try optionalNumber("tax-rate", upTo: 1000, "write a percentage, such as 12")
    sale.sellerIsRegistered = try seller()
    return sale
  }

  /// Units of the market's currency for one of the sale's.
  func exchangeRate(_ sale: LandedCost.Sale, into currency: CurrencyCode) throws(UsageError) -> Decimal? {
    guard let text = arguments["rate"] else { return nil }
    guard let rate = Decimal(text), rate > 0, rate.scale <= 8, rate <= 1_000_000_000 else {
      throw refusal("rate", text, "is not an exchange rate", "write the \(currency) for one \(sale.goods.currency)")
    }
    if sale.goods.currency == currency, rate != 1 {
      throw refusal("rate", text, "has nothing to convert", "leave it out: the value is in \(currency) already")
    }
    return rate
  }

  /// nil for the ordinary rate.
  func programme(
    among all: [TradeProgramme], from origin: CountryCode?, to market: Market, on date: CalendarDate
  ) throws(UsageError) -> TradeProgramme? {
    guard let text = arguments["programme"], text.uppercased() != "MFN", text != "none" else { return nil }
    guard let programme = all.first(where: { $0.id == text.uppercased() }) else {
      let near = Spelling.nearest(to: text.uppercased(), among: all.map(\.id)).map { "; did you mean \($0)?" } ?? ""
      throw refusal(
        "programme", text, "is not known\(near)", "use one of \(all.map(\.id).joined(separator: ", ")), or MFN")
    }
    guard let origin, programme.joins(origin, to: market, on: date) else {
      let open = all.filter { each in origin.map { each.joins($0, to: market, on: date) } ?? false }.map(\.id)
      throw refusal(
        "programme", programme.id, "does not join \(origin?.code ?? "that origin") and \(market) on \(date)",
        open.isEmpty ? "leave it out: no programme joins them" : "use one of \(open.joined(separator: ", "))")
    }
    return programme
  }
}

// MARK: Single options

extension LandedCostOptions {
  private func currency() throws(UsageError) -> CurrencyCode {
    let text = arguments.required("currency")
    guard let currency = CurrencyCode(text.uppercased()) else {
      throw refusal("currency", text, "is not a currency", "write an ISO code, such as USD")
    }
    return currency
  }

  private func origin() throws(UsageError) -> CountryCode {
    let text = arguments.required("origin")
    guard let origin = CountryCode(text.uppercased()) else {
      throw refusal("origin", text, "is not a country", "write an ISO code of two letters, such as CN")
    }
    return origin
  }

  private func consignment() throws(UsageError) -> ConsignmentKind? {
    guard let text = arguments["consignment"] else { return nil }
    guard let kind = ConsignmentKind(rawValue: text) else {
      throw refusal("consignment", text, "is not a kind of consignment", "use parcel or formal")
    }
    return kind
  }

  private func seller() throws(UsageError) -> Bool? {
    switch arguments["seller"] {
    case nil: return nil
    case "registered": return true
    case "unregistered": return false
    case let text?: throw refusal("seller", text, "is not known", "use registered or unregistered")
    }
  }

  private func dutyRate() throws(UsageError) -> DutyRate? {
    guard let text = arguments["duty-rate"] else { return nil }
    let bare = text.hasSuffix("%") ? String(text.dropLast()) : text
    let trimmed = bare.hasSuffix(" ") ? String(bare.dropLast()) : bare
    if let rate = DutyRate(text) ?? DutyRate("\(trimmed) %") { return rate }
    throw refusal(
      "duty-rate", text, "is not a rate", "write 7.5 for a percentage, 450/kg, or \"10 % + 450/kg\"")
  }

  private func quantities() throws(UsageError) -> [QuantityUnit: Decimal] {
    var quantities: [QuantityUnit: Decimal] = [:]
    quantities[.kilogram] = try optionalNumber("weight", upTo: 1_000_000, "write kilograms, such as 0.25")
    quantities[.gram] = quantities[.kilogram].map { $0 * 1000 }
    quantities[.litre] = try optionalNumber("litres", upTo: 1_000_000, "write litres, such as 0.75")
    quantities[.piece] = try optionalNumber("pieces", upTo: 1_000_000, "write a number, such as 3")
    quantities[.pair] = quantities[.piece]
    if let strength = try optionalNumber("alcohol", upTo: 100, "write a percentage by volume, such as 40") {
      guard let litres = quantities[.litre] else {
        throw UsageError("--alcohol needs the volume beside it: add --litres L", command: command)
      }
      quantities[.litreOfAlcohol] = litres * strength * Decimal(1, scale: 2)
    }
    return quantities
  }

  private func optionalMoney(_ option: String, _ currency: CurrencyCode) throws(UsageError) -> Money? {
    guard let text = arguments[option] else { return nil }
    return try money(option, text, currency)
  }

  private func money(_ option: String, _ text: String, _ currency: CurrencyCode) throws(UsageError) -> Money {
    guard let amount = Decimal(text), !amount.isNegative else {
      throw refusal(option, text, "is not an amount", "write digits and a point, such as 50.00")
    }
    guard let money = Money(amount, currency) else {
      let remedy =
        amount.scale > currency.minorUnitDigits
        ? "\(currency) has \(currency.minorUnitDigits) decimals" : "write a smaller amount"
      throw refusal(option, text, "is not an amount of \(currency)", remedy)
    }
    return money
  }

  private func optionalNumber(_ option: String, upTo most: Decimal, _ remedy: String) throws(UsageError) -> Decimal? {
    guard let text = arguments[option] else { return nil }
    guard let number = Decimal(text), !number.isNegative, number <= most, number.scale <= 6 else {
      throw refusal(option, text, "is not a number from 0 to \(most)", remedy)
    }
    return number
  }

  private func refusal(_ option: String, _ text: String, _ problem: String, _ remedy: String) -> UsageError {
    UsageError("--\(option) \(text) \(problem); \(remedy)", command: command)
  }
}
