import ComplianceScreeningEngine
import Domain
import JSON
import TestSupport

/// What screening one case costs one core, with the packs of all markets and lists as long as those of the authorities.
struct ScreeningCost {
  private static let names = 20_000
  private static let cases = 2_000

  private let screener: Screener
  private let ownRules: OwnRuleBook
  private let markets: [Market]

  init() throws {
    let reference = ReferenceFolder("\(Repository.root)/Shared/ReferenceData")
    let packs = try reference.packs()
    markets = packs.map(\.market)
    screener = Screener(
      packs: packs,
      parties: PartyScreen(lists: [try reference.sampleParties(), ScreeningCost.list()]),
      embargo: try reference.embargo(),
      tariffs: TariffLibrary(reference), rulings: try reference.rulings())
    ownRules = OwnRuleBook(OwnRules(name: "own", rules: packs.first?.rules ?? []), version: 1)
  }

  func measure(_ report: inout Report) {
    // Tables that are read when first asked for are not part of a case's cost.
    for market in markets { _ = screen(0, market) }
    let clock = ContinuousClock()
    var microseconds: [Double] = []
    for number in 0..<ScreeningCost.cases {
      let market = markets[number % markets.count]
      let took = clock.measure { _ = screen(number, market) }
      microseconds.append(Double(took.components.attoseconds) / 1e12 + Double(took.components.seconds) * 1e6)
    }
    microseconds.sort()
    let mean = microseconds.reduce(0, +) / Double(microseconds.count)
    report.add("screening a case, mean", mean / 1000, "ms", below: 1)
    report.add("screening a case, 99th percentile", microseconds[microseconds.count * 99 / 100] / 1000, "ms", below: 3)
  }

  private func screen(_ number: Int, _ market: Market) -> Screening {
    let kind = Listings.all[number % Listings.all.count]
    var product = Product(
      sku: "S-\(number)", titles: [LocalizedText("\(kind.title), model \(number)", language: "en")], markets: [market])
    product.descriptions = [LocalizedText(String(repeating: "\(kind.title) of \(kind.materials). ", count: 6))]
    product.categoryPath = [kind.category]
    product.materials = [Component(kind.materials)]
    product.attributes = [Attribute("Battery", "2000mAh 3.7V"), Attribute("Power", "5 W")]
    product.origin = CountryCode("CN")
    product.unitValue = Money(minorUnits: Int64(300 + number % 4000), currency: .usd)
    product.netWeightGrams = 180
    product.brand = "Sunny Home"
    product.supplier = Party(name: ScreeningCost.name(number * 7 + 3), country: CountryCode("CN"))
    product.manufacturer = Party(name: "\(ScreeningCost.name(number * 11 + 5)) Manufacturing Co Ltd")
    let codes = [("610910", 0.8), ("611030", 0.1), ("620520", 0.05)]
    return screener.screen(
      product, market: market,
      classification: Classification(
        candidates: codes.compactMap { code, confidence in
          HSCode(code).map { Candidate(code: $0, title: "", confidence: Confidence(confidence)) }
        }, isTooVague: false, modelVersion: "bench"),
      on: CalendarDate("2026-11-20") ?? Instant(microseconds: 0).date, ownRules: ownRules)
  }

  private static func list() -> PartyList {
    PartyList(
      id: "bench", version: "1", source: RuleSource(authority: "Bench", instrument: "Made up"),
      entries: (0..<names).compactMap { number in
        try? ListedParty(
          json: .init([
            "id": .string("\(number)"), "kind": "organisation",
            "names": [["name": .string(name(number)), "strength": "primary"]],
          ]))
      })
  }

  /// Of syllables, so that names are many, and share words as real ones do.
  private static func name(_ number: Int) -> String {
    let syllables = [
      "ka", "ro", "min", "ta", "sel", "vo", "dar", "ni", "hu", "zen", "pra", "lo", "mei", "gor", "fa", "xi",
    ]
    var mixed = UInt64(number) &* 0x9E37_79B9_7F4A_7C15
    func word(_ count: Int) -> String {
      (0..<count).map { _ in
        mixed = (mixed ^ (mixed >> 29)) &* 0xBF58_476D_1CE4_E5B9
        return syllables[Int(mixed >> 60)]
      }.joined()
    }
    return "\(word(2)) \(word(3)) \(word(2)) \(["Trading", "Shipping", "Holdings", "Industries"][number % 4])"
  }
}
