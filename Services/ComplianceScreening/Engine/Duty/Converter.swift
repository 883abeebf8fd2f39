import Domain

/// Converts into the market's currency and writes down how.
struct Converter {
  let currency: CurrencyCode
  private let rates: ExchangeRates
  private let date: CalendarDate
  private let stated: (currency: CurrencyCode, perUnit: Decimal)?

  init(_ rates: ExchangeRates, into currency: CurrencyCode, on date: CalendarDate, _ sale: LandedCost.Sale) {
    self.rates = rates
    self.currency = currency
    self.date = date
    stated = sale.exchangeRate.map { (sale.goods.currency, $0) }
  }

  func local(_ name: String, _ money: Money, _ working: inout Working) -> Decimal? {
    if money.currency == currency {
      working.note("\(name): \(money)")
      return money.amount
    }
    if let stated, stated.currency == money.currency {
      let local = money.amount * stated.perUnit
      working.note("\(name): \(money) × \(stated.perUnit) (stated rate) = \(local) \(currency)")
      return local
    }
    guard let rate = rates.rate(money.currency, on: date) else {
      working.unknown("exchange rate \(money.currency) to \(currency) on \(date)")
      return nil
    }
    let local = money.amount * rate.perUnit
    let origin = rates.isSample ? "sample rate of \(rate.from)" : "rate of \(rate.from)"
    working.note("\(name): \(money) × \(rate.perUnit) (\(origin)) = \(local) \(currency)")
    if rates.isOutOfDate(rate, on: date) {
      working.outOfDate("exchange rate \(money.currency) to \(currency) of \(rate.from)")
    }
    return local
  }

  /// One for the market's own currency.
  func perUnit(_ other: CurrencyCode) -> Decimal? {
    if let stated, stated.currency == other { return stated.perUnit }
    return rates.perUnit(other, in: currency, on: date)
  }
}

extension ExchangeRates {
  /// One for the market's own currency.
  func perUnit(_ currency: CurrencyCode, in local: CurrencyCode, on date: CalendarDate) -> Decimal? {
    currency == local ? 1 : rate(currency, on: date)?.perUnit
  }
}
