import Domain

/// Screens one product for one market: rules, embargo, denied parties, data quality and duty. It holds only values, so
/// the same product, packs, lists and day give the same screening.
public struct Screener: Sendable {
  public static let currentVersion = "screener-1"
  public var version: String { Screener.currentVersion }

  private let editions: [Market: [Edition]]
  private let parties: PartyScreen
  private let embargo: Embargo
  private let tariffs: TariffLibrary

  /// One pack and all that is prepared from it.
  private struct Edition: Sendable {
    let pack: MarketPack
    let book: RuleBook
    let landedCost: LandedCost

    init(_ pack: MarketPack, _ tariffs: TariffLibrary) {
      self.pack = pack
      book = RuleBook(pack.rules)
      landedCost = LandedCost(pack, tariffs: tariffs)
    }
  }

  /// A market may have several packs; the newest that is valid on the day of screening is used.
  public init(packs: [MarketPack], parties: PartyScreen, embargo: Embargo, tariffs: TariffLibrary = .empty) {
    editions = Dictionary(grouping: packs, by: \.market)
      .mapValues { packs in
        packs.sorted { ($0.validFrom, $0.version) < ($1.validFrom, $1.version) }.map { Edition($0, tariffs) }
      }
    self.parties = parties
    self.embargo = embargo
    self.tariffs = tariffs
  }

  /// `ownLists` are the tenant's, screened beside the published ones; `cleared` are hits that its people judged before;
  /// `duty` and `history` are the tenant's too. Without limits what is not known of the duty is told and holds nothing.
  public func screen(
    _ product: Product, market: Market, classification: Classification, on date: CalendarDate,
    ownLists: PartyScreen? = nil, cleared: PartyClearances = .none,
    duty: DutyLimits = DutyLimits(holdsUnknown: false), history: DutyHistory? = nil
  ) -> Screening {
    let lists = [parties] + (ownLists.map { [$0] } ?? [])
    var screening = screen(product, market, classification, on: date, lists, cleared, DutyControl(duty), history)
    screening.listVersions = lists.flatMap(\.listVersions) + ["embargo@\(embargo.version)"]
    if let edition = (try? tariffs.schedule(market))?.edition {
      screening.listVersions.append("tariff-\(market)@\(edition)")
    }
    return screening
  }

  /// A screening with its parties looked up again; nil when that finds what it found.
  public func screenPartiesAgain(
    _ earlier: Screening, _ product: Product, _ classification: Classification, on date: CalendarDate,
    ownLists: PartyScreen?, cleared: PartyClearances
  ) -> Screening? {
    let lists = [parties] + (ownLists.map { [$0] } ?? [])
    let found = PartyControls(product, lists: lists, embargo: embargo, on: date, cleared: cleared).listed
    let rules: Set<String> = [ScreenerRule.deniedParty.rawValue, ScreenerRule.staleList.rawValue]
    guard Set(earlier.findings.filter { rules.contains($0.ruleID) }) != Set(found) else { return nil }
    var again = screening(
      earlier.findings.filter { !rules.contains($0.ruleID) } + found, earlier.duties, classification,
      packVersion: earlier.packVersion)
    again.listVersions = lists.flatMap(\.listVersions) + ["embargo@\(embargo.version)"]
    return again
  }

  private func screen(
    _ product: Product, _ market: Market, _ classification: Classification, on date: CalendarDate,
    _ lists: [PartyScreen], _ cleared: PartyClearances, _ dutyControl: DutyControl, _ history: DutyHistory?
  ) -> Screening {
    var findings = PartyControls(product, lists: lists, embargo: embargo, on: date, cleared: cleared).findings
    guard let edition = edition(market, on: date) else {
      findings.append(ScreenerRule.noPack.finding(.review, "There is no market pack for \(market)."))
      return screening(findings, [], classification, packVersion: "none")
    }
    let pack = edition.pack
    findings += validity(pack, on: date)
    findings += edition.book.findings(Facts(product, classification, pack, edition.book, on: date))
    findings += DataQuality(product: product, classification: classification, pack: pack, date: date).findings
    let exposure = exposure(product, classification, edition, on: date)
    findings += dutyControl.findings(exposure, in: market, history: history)
    if let best = classification.best?.code, let finding = nationalDigits(best, edition) { findings.append(finding) }
    let duties = exposure.entries.map(\.estimate)
    return screening(findings, duties, classification, packVersion: "\(market)@\(pack.version)")
  }

  private func edition(_ market: Market, on date: CalendarDate) -> Edition? {
    let all = editions[market] ?? []
    return all.last { $0.pack.validFrom <= date } ?? all.first
  }

  private func validity(_ pack: MarketPack, on date: CalendarDate) -> [Finding] {
    if date < pack.validFrom {
      return [
        ScreenerRule.packNotYetValid.finding(
          .review, "The pack \(pack.market)@\(pack.version) is valid only from \(pack.validFrom).",
          roles: [.complianceLead])
      ]
    }
    guard date > pack.reviewBy else { return [] }
    return [
      ScreenerRule.packOverdue.finding(
        .review, "The pack \(pack.market)@\(pack.version) was to be checked again by \(pack.reviewBy).",
        roles: [.complianceLead])
    ]
  }

  private func exposure(
    _ product: Product, _ classification: Classification, _ edition: Edition, on date: CalendarDate
  ) -> DutyExposure {
    let codes = classification.candidates.prefix(3).map(\.code)
    guard let value = product.unitValue else {
      return DutyExposure(
        codes.map { code in
          DutyExposure.Entry(
            code, edition.landedCost,
            DutyEstimate(code: code, regime: "not determined", unknown: ["value of the goods"]), on: date)
        })
    }
    var quantities: [QuantityUnit: Decimal] = [.piece: 1]
    if let grams = product.netWeightGrams, grams > 0 { quantities[.kilogram] = grams * Decimal(1, scale: 3) }
    let sale = LandedCost.Sale(goods: value, origin: product.origin, quantities: quantities)
    return DutyExposure(codes, [edition.landedCost], sale, on: date)
  }

  private func nationalDigits(_ code: HSCode, _ edition: Edition) -> Finding? {
    guard code.digits.utf8.count < edition.pack.nationalDigits else { return nil }
    let lines = edition.landedCost.nationalLines(of: code)
    let known = lines.prefix(6).map(\.dotted).joined(separator: ", ") + (lines.count > 6 ? " …" : "")
    return ScreenerRule.nationalDigits.finding(
      .inform,
      "\(edition.pack.name) declares \(edition.pack.nationalDigits) digits: national digits to be confirmed"
        + (lines.isEmpty ? "." : " among \(known)."))
  }

  private func screening(
    _ findings: [Finding], _ duties: [DutyEstimate], _ classification: Classification, packVersion: String
  ) -> Screening {
    let ordered = findings.sorted { ($1.effect, $0.ruleID, $0.summary) < ($0.effect, $1.ruleID, $1.summary) }
    return Screening(
      findings: ordered, duties: duties,
      riskScore: RiskScore(findings: ordered, duties: duties, classification: classification).total,
      packVersion: packVersion)
  }
}
