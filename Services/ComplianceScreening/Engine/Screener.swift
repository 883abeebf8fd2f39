import Domain

/// Screens one product for one market: rules, embargo, denied parties, data quality and duty. It holds only values, so
/// the same product, packs, lists and day give the same screening.
public struct Screener: Sendable {
  public static let currentVersion = "screener-1"
  public var version: String { Screener.currentVersion }

  private let editions: [Market: [Edition]]
  private let parties: PartyScreen
  private let embargo: Embargo

  /// One pack and all that is prepared from it.
  private struct Edition: Sendable {
    let pack: MarketPack
    let book: RuleBook
    let landedCost: LandedCost

    init(_ pack: MarketPack) {
      self.pack = pack
      book = RuleBook(pack.rules)
      landedCost = LandedCost(pack)
    }
  }

  /// A market may have several packs; the newest that is valid on the day of screening is used.
  public init(packs: [MarketPack], parties: PartyScreen, embargo: Embargo) {
    editions = Dictionary(grouping: packs, by: \.market)
      .mapValues { $0.sorted { ($0.validFrom, $0.version) < ($1.validFrom, $1.version) }.map(Edition.init) }
    self.parties = parties
    self.embargo = embargo
  }

  /// `ownLists` are the tenant's, screened beside the published ones; `cleared` are hits that its people judged before.
  public func screen(
    _ product: Product, market: Market, classification: Classification, on date: CalendarDate,
    ownLists: PartyScreen? = nil, cleared: PartyClearances = .none
  ) -> Screening {
    let lists = [parties] + (ownLists.map { [$0] } ?? [])
    var screening = screen(product, market, classification, on: date, lists, cleared)
    screening.listVersions = lists.flatMap(\.listVersions) + ["embargo@\(embargo.version)"]
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
    _ lists: [PartyScreen], _ cleared: PartyClearances
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
    let duties = duties(product, classification, edition, on: date)
    if let unknown = dutyFinding(duties) { findings.append(unknown) }
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

  private func duties(
    _ product: Product, _ classification: Classification, _ edition: Edition, on date: CalendarDate
  ) -> [DutyEstimate] {
    classification.candidates.prefix(3).map { candidate in
      guard let value = product.unitValue else {
        return DutyEstimate(code: candidate.code, regime: "not determined", unknown: ["value of the goods"])
      }
      let sale = LandedCost.Sale(goods: value, origin: product.origin)
      return edition.landedCost.estimate(candidate.code, sale, on: date)
    }
  }

  private func dutyFinding(_ duties: [DutyEstimate]) -> Finding? {
    guard let best = duties.first, !best.unknown.isEmpty else { return nil }
    return ScreenerRule.dutyUnknown.finding(
      .inform, "The duty estimate for \(best.code.dotted) is incomplete.",
      best.unknown.prefix(4).map { Observation(field: "/duties/0", text: String($0.prefix(80))) }, roles: [.finance])
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
