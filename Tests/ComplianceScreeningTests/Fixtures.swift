import ComplianceScreeningEngine
import Domain
import JSON

/// The reference data as it ships, and products built in a line.
enum Fixtures {
  static let folder = ReferenceFolder(
    #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined() + "/Shared/ReferenceData")
  static let packs = attempt { try folder.packs() }
  static let embargo = attempt { try folder.embargo() }
  static let parties = PartyScreen(lists: [attempt { try folder.sampleParties() }])
  static let tariffs = TariffLibrary(folder)
  static let programmes = attempt { try folder.programmes() }
  static let screener = Screener(packs: packs, parties: parties, embargo: embargo, tariffs: tariffs)
  static let today = date("2026-11-20")
  static let fullMarkets = ["SG", "MY", "ID", "TH", "VN", "PH"]
  static let basicMarkets = ["BN", "KH", "LA", "MM", "TL"]
  static let allMarkets = fullMarkets + basicMarkets

  static func pack(_ market: String) -> MarketPack {
    packs.first { $0.market.code == market } ?? { fatalError("no pack for \(market)") }()
  }

  static func landedCost(_ market: String) -> LandedCost { LandedCost(pack(market), tariffs: tariffs) }

  static func date(_ text: String) -> CalendarDate { CalendarDate(text) ?? { fatalError("not a date: \(text)") }() }
  static func market(_ text: String) -> Market { Market(text) ?? { fatalError("not a market: \(text)") }() }
  static func country(_ text: String) -> CountryCode { CountryCode(text) ?? { fatalError("not a country: \(text)") }() }
  static func code(_ text: String) -> HSCode { HSCode(text) ?? { fatalError("not a code: \(text)") }() }
  static func decimal(_ text: String) -> Decimal { Decimal(text) ?? { fatalError("not a decimal: \(text)") }() }

  static func money(_ text: String) -> Money {
    let parts = text.split(separator: " ").map(String.init)
    guard let currency = CurrencyCode(parts[1]), let amount = Decimal(parts[0]), let money = Money(amount, currency)
    else { fatalError("not money: \(text)") }
    return money
  }

  /// Complete for every market, so that only what the test adds can speak.
  static func product(_ title: String) -> Product {
    var product = Product(sku: "SKU-1", titles: [LocalizedText(title, language: "en")], markets: [market("SG")])
    product.origin = country("CN")
    product.unitValue = money("12.00 USD")
    product.netWeightGrams = 250
    return product
  }

  static func classified(_ code: String, _ confidence: Double = 0.95) -> Classification {
    Classification(
      candidates: [Candidate(code: Fixtures.code(code), title: code, confidence: Confidence(confidence))],
      isTooVague: false, modelVersion: "test")
  }

  static func screen(
    _ product: Product, _ market: String, code: String = "392690", on date: CalendarDate = today
  ) -> Screening {
    screener.screen(product, market: Fixtures.market(market), classification: classified(code), on: date)
  }

  private static func attempt<T>(_ read: () throws -> T) -> T {
    do { return try read() } catch { fatalError("\(error)") }
  }
}

extension Screening {
  func finding(_ id: String) -> Finding? { findings.first { $0.ruleID == id } }
  var blocking: [String] { findings.filter(\.blocksClearance).map(\.ruleID) }
  var prohibits: Bool { findings.contains { $0.effect == .prohibit } }
}

/// SplitMix64: the same seed gives the same run everywhere.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
