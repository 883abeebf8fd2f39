import Domain

/// Whether what the seller said is complete, plausible and at one with the classification.
struct DataQuality {
  let product: Product
  let classification: Classification
  let pack: MarketPack
  let date: CalendarDate

  var findings: [Finding] {
    missingFields
      + [noCandidate, codeDisagreement, severalCodes, implausibleValue, implausibleWeight].compactMap(\.self)
  }

  private var missingFields: [Finding] {
    let missing = pack.requiredFields.filter { !$0.isPresent(in: product) }
    guard !missing.isEmpty else { return [] }
    return [
      ScreenerRule.missingField.finding(
        .review, "\(pack.name) asks for \(missing.map(\.rawValue).joined(separator: ", ")).",
        missing.map { Observation(field: "/\($0.rawValue)", text: "missing") })
    ]
  }

  private var noCandidate: Finding? {
    guard classification.candidates.isEmpty else { return nil }
    return ScreenerRule.noCandidate.finding(
      .review, "No tariff code was found, so the rules that speak by code could not be applied.")
  }

  private var codeDisagreement: Finding? {
    guard let supplied = product.suppliedCode, let best = classification.best?.code else { return nil }
    let today = classification.supplied?.codes ?? [supplied]
    guard !today.contains(where: { $0.agrees(with: best) }) else { return nil }
    let sameHeading = today.contains { $0.heading == best.heading }
    return ScreenerRule.codeDisagrees.finding(
      sameHeading ? .inform : .review,
      "The supplied code \(supplied.dotted) and the best candidate \(best.dotted) differ in the "
        + (sameHeading ? "subheading." : "heading."),
      [Observation(field: "/suppliedCode", text: supplied.dotted)])
  }

  /// A code of an older edition that became several is none of them before somebody answers.
  private var severalCodes: Finding? {
    guard let supplied = classification.supplied, supplied.certain == nil else { return nil }
    let codes = supplied.codes.map(\.dotted).joined(separator: ", ")
    let questions = supplied.questions.map { " \($0.line)" }.joined()
    return ScreenerRule.codeBecameSeveral.finding(
      .inform,
      "The supplied code \(supplied.code.dotted) is of \(supplied.from) and may be any of \(codes).\(questions)",
      [Observation(field: "/suppliedCode", text: supplied.code.dotted)])
  }

  private var implausibleValue: Finding? {
    guard let value = product.unitValue else { return nil }
    let observed = [Observation(field: "/unitValue", text: value.description)]
    if value.minorUnits <= 0 {
      return ScreenerRule.implausibleValue.finding(.review, "The value is not above zero.", observed)
    }
    if value.minorUnits > CustomsValue.minorUnitsMax {
      return ScreenerRule.implausibleValue.finding(.review, "The value is beyond what any piece costs.", observed)
    }
    guard let usd = usDollars(value) else { return nil }
    if usd > 50_000 {
      return ScreenerRule.implausibleValue.finding(.review, "One piece is worth more than 50,000 USD.", observed)
    }
    if let grams = product.netWeightGrams, grams > 0, grams < 1_000_000, usd > grams * 200 {
      return ScreenerRule.implausibleValue.finding(
        .review, "The value is above 200 USD a gram: the value or the weight is likely wrong.",
        observed + [Observation(field: "/netWeightGrams", text: grams.description)])
    }
    return nil
  }

  /// Through the market's own rates; nil when they do not say.
  func usDollars(_ value: Money) -> Decimal? {
    guard let dollar = CurrencyCode("USD") else { return nil }
    if value.currency == dollar { return value.amount }
    let rates = pack.taxation.exchangeRates
    guard let local = rates.perUnit(value.currency, in: pack.currency, on: date),
      let perDollar = rates.perUnit(dollar, in: pack.currency, on: date)
    else { return nil }
    return (value.amount * local).divided(by: perDollar, places: 2, .halfUp)
  }

  private var implausibleWeight: Finding? {
    guard let grams = product.netWeightGrams else { return nil }
    let tenthOfGram = Decimal(1, scale: 1)
    guard grams < tenthOfGram || grams > 100_000 else { return nil }
    return ScreenerRule.implausibleWeight.finding(
      .review, "A net weight of \(grams) g is not plausible for one parcel's piece.",
      [Observation(field: "/netWeightGrams", text: String(grams.description.prefix(80)))], roles: [.logistics])
  }
}
