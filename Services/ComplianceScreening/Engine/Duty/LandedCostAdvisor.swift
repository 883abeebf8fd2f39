import Domain

/// Looks for a cheaper way that is allowed: a preference, another kind of entry, a split consignment.
public struct LandedCostAdvisor: Sendable {
  private let landedCost: LandedCost
  private let programmes: [TradeProgramme]

  public init(_ landedCost: LandedCost, programmes: [TradeProgramme]) {
    self.landedCost = landedCost
    self.programmes = programmes
  }

  public func advise(_ code: HSCode, _ sale: LandedCost.Sale, on date: CalendarDate) -> LandedCostAdvice {
    let ordinary = landedCost.estimate(code, sale, on: date)
    let options = options(code, sale, ordinary, on: date)
    let alternatives =
      otherEntry(code, sale, ordinary, on: date) + split(code, sale, ordinary, on: date)
      + routes(options.filter { $0.saving != nil }, sale, on: date)
    return LandedCostAdvice(ordinary: ordinary, options: options, alternatives: alternatives)
  }

  /// Every programme that joins the origin and the market on that day.
  public func eligible(_ sale: LandedCost.Sale, on date: CalendarDate) -> [TradeProgramme] {
    guard let origin = sale.origin else { return [] }
    return programmes.filter { $0.joins(origin, to: landedCost.market, on: date) }
  }
}

// MARK: Preferences

extension LandedCostAdvisor {
  private func options(
    _ code: HSCode, _ sale: LandedCost.Sale, _ ordinary: DutyEstimate, on date: CalendarDate
  ) -> [PreferenceOption] {
    // A rate that the caller stated is the ordinary one; a programme has its own.
    var preferential = sale
    preferential.dutyRate = nil
    return eligible(sale, on: date).map { programme in
      let estimate = landedCost.estimate(code, preferential, on: date, under: programme)
      return PreferenceOption(
        programme: programme, estimate: estimate,
        outcome: outcome(programme, code, sale, estimate, against: ordinary, on: date),
        documents: programme.proofs(on: date).map(\.name), needsNoProof: programme.waivesProof(sale))
    }.sorted { ($0.rank, $0.programme.id) < ($1.rank, $1.programme.id) }
  }

  private func outcome(
    _ programme: TradeProgramme, _ code: HSCode, _ sale: LandedCost.Sale, _ estimate: DutyEstimate,
    against ordinary: DutyEstimate, on date: CalendarDate
  ) -> PreferenceOption.Outcome {
    if let duty = ordinary.duty, duty.minorUnits == 0 { return .savesNothing }
    if ordinary.customsValue == nil { return .unknown(ordinary.unknown.first ?? "the customs value") }
    guard estimate.programme != nil else { return .doesNotApply(estimate.regime) }
    guard estimate.duty != nil else {
      return .unknown(estimate.unknown.first ?? "the programme's rate of \(code.dotted)")
    }
    guard ordinary.duty != nil else { return .unknown("the ordinary rate, so that the saving cannot be said") }
    let saving: Money?
    if let total = ordinary.total, let reduced = estimate.total {
      saving = total.less(reduced)
    } else {
      saving = ordinary.duty.flatMap { duty in estimate.duty.flatMap { duty.less($0) } }
    }
    guard let saving, saving.minorUnits > 0 else { return .savesNothing }
    return .saves(saving)
  }
}

extension PreferenceOption {
  /// Largest saving first.
  fileprivate var rank: Int64 {
    switch outcome {
    case .saves(let amount): -amount.minorUnits
    case .savesNothing, .doesNotApply: 0
    case .unknown: 1
    }
  }
}

extension TradeProgramme {
  fileprivate func waivesProof(_ sale: LandedCost.Sale) -> Bool {
    guard let proofWaiver, proofWaiver.currency == sale.goods.currency else { return false }
    return sale.goods.minorUnits <= proofWaiver.minorUnits
  }
}

// MARK: Other ways of sending

extension LandedCostAdvisor {
  private func otherEntry(
    _ code: HSCode, _ sale: LandedCost.Sale, _ ordinary: DutyEstimate, on date: CalendarDate
  ) -> [LandedCostAlternative] {
    var other = sale
    let isFormal = sale.consignment == .formal
    other.consignment = isFormal ? .parcel : .formal
    let ways = [nil] + eligible(sale, on: date).map(Optional.some)
    let cheapest = ways.map { landedCost.estimate(code, other, on: date, under: $0) }
      .filter { $0.regime != ordinary.regime && $0.total != nil }
      .min { ($0.total?.minorUnits ?? 0) < ($1.total?.minorUnits ?? 0) }
    guard let cheapest, let total = cheapest.total, let saving = ordinary.total?.less(total), saving.minorUnits > 0
    else { return [] }
    let under = [cheapest.regime, cheapest.programme].compactMap(\.self).joined(separator: ", ")
    return [
      LandedCostAlternative(
        kind: isFormal ? .parcelRegime : .formalEntry,
        summary: "\(isFormal ? "As a parcel" : "With a full declaration") (\(under)): \(total), \(saving) less.",
        caution: isFormal
          ? "Only goods sent by post or express to a person may use it."
          : "A full declaration takes a registered importer, a broker and more days."
            + (cheapest.prepayments.isEmpty ? "" : " Income tax is prepaid on it."),
        total: total, saving: saving)
    ]
  }

  private static let partsMax: Int64 = 10

  /// The smallest number of equal parts that costs less together.
  private func split(
    _ code: HSCode, _ sale: LandedCost.Sale, _ ordinary: DutyEstimate, on date: CalendarDate
  ) -> [LandedCostAlternative] {
    guard sale.consignment != .formal, let whole = ordinary.total, whole.minorUnits > 0 else { return [] }
    let pieces = sale.quantities[.piece]
    for parts in 2...LandedCostAdvisor.partsMax {
      if let pieces, pieces < Decimal(Int128(parts)) { break }
      let part = landedCost.estimate(code, sale.part(of: parts), on: date)
      // Fewer parts alone would only round differently: a split pays where another regime holds.
      guard part.regime != ordinary.regime, let each = part.total else { continue }
      let (units, overflows) = each.minorUnits.multipliedReportingOverflow(by: parts)
      let total = Money(minorUnits: units, currency: each.currency)
      guard !overflows, let saving = whole.less(total), saving.minorUnits > 0 else { continue }
      return [
        LandedCostAlternative(
          kind: .split,
          summary: "In \(parts) parts, each under \(part.regime): \(total) together, \(saving) less.",
          caution:
            "Only where orders are separate in fact and the goods can be divided: authorities add up parts of one "
            + "purchase, and splitting to stay below a limit is an offence. Each part pays its own freight.",
          total: total, saving: saving)
      ]
    }
    return []
  }

  /// A preference is lost on the way when the goods pass through a country that is no member without papers.
  private func routes(
    _ options: [PreferenceOption], _ sale: LandedCost.Sale, on date: CalendarDate
  ) -> [LandedCostAlternative] {
    options.prefix(1).map { option in
      let hubs = option.programme.members
        .filter { $0.from <= date && $0.country != sale.origin && $0.country.code != landedCost.market.code }
        .map(\.country.code)
      let through =
        hubs.isEmpty ? "" : ", or through \(hubs.prefix(12).joined(separator: ", ")) with a back-to-back proof"
      return LandedCostAlternative(
        kind: .route,
        summary:
          "Under \(option.programme.id) send the goods straight from \(sale.origin?.code ?? "the origin")\(through).",
        caution:
          "Through any other country the goods stay under customs control and travel on a through bill of lading.",
        total: option.estimate.total, saving: option.saving)
    }
  }
}

extension LandedCost.Sale {
  /// One of so many equal parts; amounts are rounded up, so that no part is too cheap.
  fileprivate func part(of parts: Int64) -> LandedCost.Sale {
    var sale = self
    sale.goods = goods.part(of: parts)
    sale.freight = freight?.part(of: parts)
    sale.insurance = insurance?.part(of: parts)
    sale.quantities = quantities.mapValues { $0.divided(by: Decimal(Int128(parts)), places: 6, .up) }
    return sale
  }
}

extension Money {
  fileprivate func part(of parts: Int64) -> Money {
    Money(minorUnits: minorUnits / parts + (minorUnits % parts > 0 ? 1 : 0), currency: currency)
  }

  /// nil for another currency, or when the difference does not fit.
  func less(_ other: Money) -> Money? {
    guard currency == other.currency else { return nil }
    let (units, overflows) = minorUnits.subtractingReportingOverflow(other.minorUnits)
    return overflows ? nil : Money(minorUnits: units, currency: currency)
  }
}
