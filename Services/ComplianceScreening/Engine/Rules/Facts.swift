import Domain

/// What the rules of one market may ask about one product. A class, because hundreds of tests hold it.
final class Facts {
  let product: Product
  let date: CalendarDate
  let text: ProductText
  let hits: PhraseHits
  let measurements: Measurements
  let codes: [PlausibleCode]
  let exchangeRates: ExchangeRates
  let currency: CurrencyCode
  let market: Market
  /// Absent while no shipment is being asked about.
  let consignment: Consignment?

  /// A code that the product may well have, and why.
  struct PlausibleCode {
    var code: HSCode
    var observation: Observation
  }

  init(
    _ product: Product, _ classification: Classification, _ pack: MarketPack, _ book: RuleBook, on date: CalendarDate,
    in consignment: Consignment? = nil
  ) {
    self.product = product
    self.date = date
    text = ProductText(product)
    hits = PhraseHits(text, book.automaton)
    measurements = Measurements(text)
    codes = Facts.plausibleCodes(product, classification)
    exchangeRates = pack.taxation.exchangeRates
    currency = pack.currency
    market = pack.market
    self.consignment = consignment
  }

  /// The same product, with the phrases of other rules looked up in it.
  func read(by book: RuleBook) -> Facts { Facts(self, PhraseHits(text, book.automaton)) }

  private init(_ other: Facts, _ hits: PhraseHits) {
    (product, date, text, measurements) = (other.product, other.date, other.text, other.measurements)
    (codes, exchangeRates, currency, market) = (other.codes, other.exchangeRates, other.currency, other.market)
    consignment = other.consignment
    self.hits = hits
  }

  /// The best candidate always, the next two when they are likely enough to matter, and what the seller declared.
  private static func plausibleCodes(_ product: Product, _ classification: Classification) -> [PlausibleCode] {
    let codes = classification.candidates.prefix(3).enumerated().compactMap { index, candidate -> PlausibleCode? in
      guard index == 0 || candidate.confidence >= likelyEnough else { return nil }
      return PlausibleCode(
        code: candidate.code,
        observation: Observation(
          field: "/classification/candidates/\(index)", text: "\(candidate.code.dotted) at \(candidate.confidence)"))
    }
    let today = classification.supplied?.codes ?? product.suppliedCode.map { [$0] } ?? []
    return codes
      + today.map { PlausibleCode(code: $0, observation: Observation(field: "/suppliedCode", text: $0.dotted)) }
  }

  private static let likelyEnough = Confidence(millionths: 200_000)

  /// In the market's currency; nil when the rate is unknown, or the amount beyond what any product costs.
  func local(_ money: Money) -> Decimal? {
    guard money.minorUnits.magnitude <= CustomsValue.minorUnitsMax.magnitude else { return nil }
    if money.currency == currency { return money.amount }
    return exchangeRates.rate(money.currency, on: date).map { money.amount * $0.perUnit }
  }
}
