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
  private let rulings: DisagreeingRulings?

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
  public init(
    packs: [MarketPack], parties: PartyScreen, embargo: Embargo, tariffs: TariffLibrary = .empty,
    rulings: RulingBook? = nil
  ) {
    self.rulings = rulings.map { DisagreeingRulings($0) }
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
    duty: DutyLimits = DutyLimits(holdsUnknown: false), history: DutyHistory? = nil, ownRules: OwnRuleBook? = nil,
    elsewhere: [ChosenCode] = [], familiarity: Familiarity = .known, riskModel: RiskModel? = nil,
    requiredLists: RequiredLists = .named([])
  ) -> Screening {
    let lists = [parties] + (ownLists.map { [$0] } ?? [])
    var screening = screen(
      product, market, classification, on: date, lists, cleared, requiredLists, DutyControl(duty), history, ownRules,
      elsewhere)
    let score = RiskScore(
      findings: screening.findings, duties: screening.duties, classification: classification,
      dollars: dollars(product, market, classification, on: date), familiarity: familiarity, model: riskModel)
    screening.risk = score.risk
    screening.riskScore = score.total
    screening.listVersions = lists.flatMap(\.listVersions) + ["embargo@\(embargo.version)"]
    if let edition = (try? tariffs.schedule(market))?.edition {
      screening.listVersions.append("tariff-\(market)@\(edition)")
    }
    if let rates = edition(market, on: date)?.pack.taxation.exchangeRates.version {
      screening.listVersions.append(rates)
    }
    if let rulings { screening.listVersions.append(rulings.version) }
    if let ownRules { screening.listVersions.append(ownRules.name) }
    return screening
  }

  /// What the rules say of a product in one shipment that they could not say of the product alone.
  public func screen(
    _ product: Product, in consignment: Consignment, market: Market, classification: Classification,
    on date: CalendarDate, ownRules: OwnRuleBook? = nil
  ) -> [Finding] {
    // Without a pack a person has decided the case already.
    guard let edition = edition(market, on: date), edition.book.asksShipments || ownRules?.book.asksShipments == true
    else { return [] }
    func findings(_ consignment: Consignment?) -> [Finding] {
      let facts = Facts(product, classification, edition.pack, edition.book, on: date, in: consignment)
      return edition.book.findings(facts) + (ownRules.map { $0.book.findings(facts.read(by: $0.book)) } ?? [])
    }
    let known = Set(findings(nil))
    return findings(consignment).filter { !known.contains($0) }
  }

  /// A screening with its parties looked up again; nil when that finds what it found.
  public func screenPartiesAgain(
    _ earlier: Screening, _ product: Product, _ classification: Classification, on date: CalendarDate,
    ownLists: PartyScreen?, cleared: PartyClearances, requiredLists: RequiredLists = .named([]),
    riskModel: RiskModel? = nil
  ) -> Screening? {
    let lists = [parties] + (ownLists.map { [$0] } ?? [])
    let found = PartyControls(
      product, lists: lists, embargo: embargo, on: date, cleared: cleared, required: requiredLists
    ).listed
    let rules = Set([ScreenerRule.deniedParty, .staleList, .missingList].map(\.rawValue))
    guard Set(earlier.findings.filter { rules.contains($0.ruleID) }) != Set(found) else { return nil }
    var again = earlier
    again.findings = ordered(earlier.findings.filter { !rules.contains($0.ruleID) } + found)
    let score =
      earlier.risk.map { RiskScore($0, findings: again.findings, model: riskModel) }
      ?? RiskScore(findings: again.findings, duties: earlier.duties, classification: classification)
    again.risk = score.risk
    again.riskScore = score.total
    let others = earlier.listVersions.drop { !$0.hasPrefix("embargo@") }.dropFirst()
    again.listVersions = lists.flatMap(\.listVersions) + ["embargo@\(embargo.version)"] + others
    return again
  }

  /// The same screening with the parties that a list names now and did not when the product was screened; nil when there are
  /// none. That a list has become stale since does not undo what was decided by it.
  public func screenForNewlyListed(
    _ earlier: Screening, _ product: Product, _ classification: Classification, on date: CalendarDate,
    ownLists: PartyScreen?, cleared: PartyClearances, requiredLists: RequiredLists = .named([]),
    riskModel: RiskModel? = nil
  ) -> Screening? {
    let rule = ScreenerRule.deniedParty.rawValue
    let known = Set(earlier.findings.filter { $0.ruleID == rule }.map(\.summary))
    guard
      let again = screenPartiesAgain(
        earlier, product, classification, on: date, ownLists: ownLists, cleared: cleared,
        requiredLists: requiredLists, riskModel: riskModel),
      again.findings.contains(where: { $0.ruleID == rule && $0.blocksClearance && !known.contains($0.summary) })
    else { return nil }
    return again
  }

  private func screen(
    _ product: Product, _ market: Market, _ classification: Classification, on date: CalendarDate,
    _ lists: [PartyScreen], _ cleared: PartyClearances, _ requiredLists: RequiredLists, _ dutyControl: DutyControl,
    _ history: DutyHistory?,
    _ ownRules: OwnRuleBook?, _ elsewhere: [ChosenCode]
  ) -> Screening {
    var findings = PartyControls(
      product, lists: lists, embargo: embargo, on: date, cleared: cleared, required: requiredLists
    ).findings
    guard let edition = edition(market, on: date) else {
      findings.append(ScreenerRule.noPack.finding(.review, "There is no market pack for \(market)."))
      return Screening(findings: ordered(findings), duties: [], riskScore: 0, packVersion: Screening.noPack)
    }
    let pack = edition.pack
    findings += validity(pack, on: date)
    let facts = Facts(product, classification, pack, edition.book, on: date)
    findings += edition.book.findings(facts)
    findings += rulings?.findings(facts) ?? []
    if let best = classification.best?.code, let finding = Screener.codesDiffer(best, elsewhere) {
      findings.append(finding)
    }
    if let ownRules { findings += ownRules.book.findings(facts.read(by: ownRules.book)) }
    findings += DataQuality(product: product, classification: classification, pack: pack, date: date).findings
    let exposure = exposure(product, classification, edition, on: date)
    findings += dutyControl.findings(exposure, in: market, history: history)
    if let best = classification.best?.code, let finding = nationalDigits(best, edition) { findings.append(finding) }
    let duties = exposure.entries.map(\.estimate)
    return Screening(
      findings: ordered(findings), duties: duties, riskScore: 0, packVersion: "\(market)@\(pack.version)")
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

  /// The six digits are the same in every country, so one of two that differ is wrong, or an authority sees it otherwise.
  public static func codesDiffer(_ best: HSCode, _ elsewhere: [ChosenCode]) -> Finding? {
    let others = elsewhere.filter { !$0.code.agrees(with: best) }
    guard !others.isEmpty else { return nil }
    let codes = others.map { "\($0.market) \($0.code.dotted)\($0.isDecided ? " (decided)" : "")" }
    return ScreenerRule.codesDiffer.finding(
      .review,
      "The code here, \(best.dotted), and that of other markets differ beyond national digits: "
        + "\(codes.prefix(6).joined(separator: ", ")).",
      others.prefix(6).map { Observation(field: "/markets/\($0.market)", text: $0.code.dotted) },
      roles: [.complianceLead])
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

  private func dollars(
    _ product: Product, _ market: Market, _ classification: Classification, on date: CalendarDate
  ) -> Decimal? {
    guard let value = product.unitValue, let pack = edition(market, on: date)?.pack,
      value.minorUnits.magnitude <= CustomsValue.minorUnitsMax.magnitude
    else { return nil }
    return DataQuality(product: product, classification: classification, pack: pack, date: date).usDollars(value)
  }

  private func ordered(_ findings: [Finding]) -> [Finding] {
    findings.sorted { ($1.effect, $0.ruleID, $0.summary) < ($0.effect, $1.ruleID, $1.summary) }
  }
}
