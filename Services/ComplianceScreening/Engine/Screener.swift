import Domain

/// Screens one product for one market: rules, embargo, denied parties, data quality and duty. It holds only values, so
/// the same product, packs, lists and day give the same screening.
public struct Screener: Sendable {
  public let version = "screener-1"

  public init(packs: [MarketPack], parties: PartyScreen, embargo: Embargo) {}

  public func screen(
    _ product: Product, market: Market, classification: Classification, on date: CalendarDate
  ) -> Screening {
    Screening(findings: [], duties: [], riskScore: 0, packVersion: "")
  }
}
