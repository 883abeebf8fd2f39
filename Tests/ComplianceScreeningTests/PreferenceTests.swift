import ComplianceScreeningEngine
import Domain
import JSON
import Testing

/// Trade programmes, and what they would save.
struct PreferenceTests {
  private static func sale(_ goods: String, from origin: String, _ kind: ConsignmentKind? = nil) -> LandedCost.Sale {
    let money = Fixtures.money(goods)
    let none = Money(minorUnits: 0, currency: money.currency)
    return LandedCost.Sale(
      goods: money, freight: none, insurance: none, origin: Fixtures.country(origin), consignment: kind)
  }

  private static func advise(
    _ market: String, _ code: String, _ sale: LandedCost.Sale, on day: String = "2026-05-01"
  ) -> LandedCostAdvice {
    LandedCostAdvisor(Fixtures.landedCost(market), programmes: Fixtures.programmes)
      .advise(Fixtures.code(code), sale, on: Fixtures.date(day))
  }

  private static func programme(_ id: String) -> TradeProgramme {
    Fixtures.programmes.first { $0.id == id } ?? { fatalError("no programme \(id)") }()
  }

  // MARK: Data

  @Test func `the ten programmes are there`() {
    #expect(
      Fixtures.programmes.map(\.id) == [
        "AANZFTA", "ACFTA", "AHKFTA", "AIFTA", "AJCEP", "AKFTA", "ATIGA", "CPTPP", "EVFTA", "RCEP",
      ])
  }

  @Test(arguments: Fixtures.programmes) func `a programme survives writing and reading`(_ item: TradeProgramme) throws {
    #expect(try TradeProgramme.parse(item.json.bytes) == item)
    #expect(Set(item.members.map(\.country)).count == item.members.count)
    #expect(item.members.count >= 10 || item.id == "ATIGA")
    #expect(!item.proofs(on: Fixtures.today).isEmpty)
    #expect(item.questions.allSatisfy { $0.contains("?") })
  }

  @Test func `a misspelt field of a programme is refused`() throws {
    var object = try #require(PreferenceTests.programme("ATIGA").json.objectValue)
    object["member"] = []
    #expect(throws: JSONError.self) { try TradeProgramme(json: JSONCursor(.object(object))) }
    object["member"] = nil
    object["questions"] = []
    #expect(throws: JSONError.self) { try TradeProgramme(json: JSONCursor(.object(object))) }
  }

  @Test(arguments: [
    ("RCEP", "CN", "ID", "2023-01-01", false), ("RCEP", "CN", "ID", "2023-01-02", true),
    ("RCEP", "KR", "SG", "2022-01-31", false), ("RCEP", "KR", "SG", "2022-02-01", true),
    ("AHKFTA", "HK", "PH", "2020-05-11", false), ("AHKFTA", "HK", "PH", "2020-05-12", true),
    ("CPTPP", "GB", "VN", "2024-12-14", false), ("CPTPP", "GB", "VN", "2024-12-15", true),
    ("ATIGA", "VN", "VN", "2026-05-01", false), ("ATIGA", "CN", "VN", "2026-05-01", false),
    ("EVFTA", "DE", "VN", "2020-07-31", false), ("EVFTA", "DE", "VN", "2020-08-01", true),
    ("EVFTA", "DE", "SG", "2026-05-01", false),
  ])
  func `a programme joins two countries from the day it is in force for both`(
    _ id: String, _ origin: String, _ market: String, _ day: String, _ joins: Bool
  ) {
    #expect(
      PreferenceTests.programme(id).joins(
        Fixtures.country(origin), to: Fixtures.market(market), on: Fixtures.date(day)) == joins)
  }

  @Test func `the proof that is asked for goes by the day`() {
    let atiga = PreferenceTests.programme("ATIGA")
    #expect(atiga.proofs(on: Fixtures.date("2023-12-31")).contains { $0.name == "Form D on paper" })
    #expect(!atiga.proofs(on: Fixtures.date("2024-01-01")).contains { $0.name == "Form D on paper" })
    #expect(atiga.proofs(on: Fixtures.date("2024-01-01")).contains { $0.name.contains("Single Window") })
  }

  @Test func `ATIGA frees industrial goods since its days, and what is left out stays unknown`() {
    let atiga = PreferenceTests.programme("ATIGA")
    func rate(_ code: String, _ origin: String, _ market: String, _ day: String) -> String? {
      atiga.rate(
        for: Fixtures.code(code), from: Fixtures.country(origin), to: Fixtures.market(market), on: Fixtures.date(day))?
        .rate.description
    }
    #expect(rate("610910", "VN", "TH", "2026-05-01") == "0 %")
    #expect(rate("610910", "TH", "VN", "2017-12-31") == nil)
    #expect(rate("610910", "TH", "VN", "2018-01-01") == "0 %")
    #expect(rate("220300", "TH", "VN", "2026-05-01") == nil)
    #expect(rate("930200", "TH", "VN", "2026-05-01") == nil)
    // Used clothing is left out, so the heading and the chapter above it say nothing.
    #expect(rate("630900", "TH", "VN", "2026-05-01") == nil)
    #expect(rate("63", "TH", "VN", "2026-05-01") == nil)
  }

  // MARK: Saving

  @Test func `the cheapest programme is named with its saving and its documents`() throws {
    // CIF 3,200: duty 30 % = 960 and VAT 7 % of 4,160 = 291.20, together 1,251.20. Under ATIGA VAT alone, 224.00: 1,027.20 less.
    let advice = PreferenceTests.advise("TH", "610910", PreferenceTests.sale("100.00 USD", from: "VN"))
    let best = try #require(advice.best)
    #expect(best.programme.id == "ATIGA")
    #expect(best.saving?.description == "1027.20 THB")
    #expect(best.estimate.total?.description == "224.00 THB")
    #expect(best.documents.contains { $0.contains("Form D") })
    #expect(best.needsNoProof)
    #expect(advice.options.contains { $0.programme.id == "RCEP" && $0.outcome == .unknown("RCEP rate of 6109.10") })
    #expect(advice.alternatives.contains { $0.kind == .route })
  }

  @Test func `goods from China are cheaper in Vietnam under ACFTA where its rate is known`() throws {
    // 2,600,000: duty 20 % = 520,000 and VAT 8 % of 3,120,000 = 249,600, together 769,600. Under ACFTA VAT alone, 208,000.
    let advice = PreferenceTests.advise("VN", "330410", PreferenceTests.sale("100.00 USD", from: "CN"))
    #expect(advice.ordinary.total?.description == "769600 VND")
    let best = try #require(advice.best)
    #expect(best.programme.id == "ACFTA")
    #expect(best.saving?.description == "561600 VND")
    #expect(best.documents == ["Form E"])
  }

  @Test func `six digits have a programme's rate only when all their lines have the same one`() {
    func rate(_ code: String, _ origin: String) -> String? {
      let sale = PreferenceTests.sale("100.00 EUR", from: origin)
      return PreferenceTests.advise("VN", code, sale).options.first { $0.programme.id == "EVFTA" }?.estimate.dutyRate
    }
    #expect(rate("330410", "FR") == "2.7 %")
    #expect(rate("33049930", "FR") == "2.5 %")
    // Shampoo: 1.8 % for one line and 2.5 % for the other.
    #expect(rate("330510", "FR") == nil)
    #expect(rate("33051010", "FR") == "1.8 %")
  }

  @Test func `a rate that falls from year to year ends with its year`() {
    let evfta = PreferenceTests.programme("EVFTA")
    func rate(_ day: String) -> String? {
      evfta.rate(
        for: Fixtures.code("33041000"), from: Fixtures.country("FR"), to: Fixtures.market("VN"), on: Fixtures.date(day))?
        .rate.description
    }
    #expect(rate("2025-12-31") == nil)
    #expect(rate("2026-12-31") == "2.7 %")
    #expect(rate("2027-01-01") == nil)
  }

  @Test func `above the waiver a proof is needed, and in another currency it is not waived`() throws {
    let dear = PreferenceTests.advise("TH", "610910", PreferenceTests.sale("200.01 USD", from: "VN"))
    #expect(try #require(dear.best).needsNoProof == false)
    let euros = PreferenceTests.advise("TH", "610910", PreferenceTests.sale("10.00 EUR", from: "VN"))
    #expect(try #require(euros.best).needsNoProof == false)
  }

  @Test func `a rate that is not known is never taken for a saving`() {
    let advice = PreferenceTests.advise("TH", "610910", PreferenceTests.sale("100.00 USD", from: "CN"))
    #expect(advice.best == nil)
    #expect(advice.options.map(\.programme.id).sorted() == ["ACFTA", "RCEP"])
    for option in advice.options {
      guard case .unknown = option.outcome else {
        Issue.record("\(option.programme.id): \(option.outcome)")
        continue
      }
      #expect(option.estimate.duty == nil && option.estimate.total == nil)
    }
  }

  @Test func `goods that are free already save nothing`() {
    let advice = PreferenceTests.advise("TH", "851713", PreferenceTests.sale("100.00 USD", from: "VN"))
    #expect(advice.options.allSatisfy { $0.outcome == .savesNothing })
  }

  @Test func `where a regime has its own rate no preference applies`() {
    let advice = PreferenceTests.advise("ID", "610910", PreferenceTests.sale("100.00 USD", from: "VN"))
    #expect(advice.options.allSatisfy { $0.outcome == .doesNotApply("consignment above USD 3 to USD 1,500") })
  }

  @Test func `an origin outside every programme has no options`() {
    #expect(PreferenceTests.advise("TH", "610910", PreferenceTests.sale("100.00 USD", from: "US")).options.isEmpty)
  }

  @Test func `no option costs more than the ordinary rate`() {
    for market in Fixtures.fullMarkets {
      for code in ["610910", "420222", "851713", "84713090", "640411"] {
        for origin in ["CN", "VN", "TH", "JP", "DE"] {
          let advice = PreferenceTests.advise(
            market, code, PreferenceTests.sale("1800.00 USD", from: origin, .formal))
          for option in advice.options {
            guard let saving = option.saving else { continue }
            #expect(saving.minorUnits > 0)
            if let total = advice.ordinary.total, let reduced = option.estimate.total {
              #expect(reduced.minorUnits + saving.minorUnits == total.minorUnits)
            }
          }
        }
      }
    }
  }

  // MARK: Other ways

  @Test func `a full declaration is proposed where the tariff is kinder than the parcel's rate`() throws {
    // Parcel: 7.5 % of 825,000 = 61,875, up to 62,000, and 11 % of 886,875 = 97,556. Formal: 11 % of 825,000 = 90,750 alone.
    let advice = PreferenceTests.advise("ID", "851713", PreferenceTests.sale("50.00 USD", from: "CN"))
    #expect(advice.ordinary.total?.description == "159556.00 IDR")
    let other = try #require(advice.alternatives.first { $0.kind == .formalEntry })
    #expect(other.total?.description == "90750.00 IDR")
    #expect(other.saving?.description == "68806.00 IDR")
    #expect(other.caution.contains("prepaid"))
  }

  @Test func `a split below the limit is proposed with its warning`() throws {
    // PHP 11,600 bears duty; two halves of PHP 5,800 bear nothing.
    let advice = PreferenceTests.advise("PH", "610910", PreferenceTests.sale("200.00 USD", from: "CN"))
    let split = try #require(advice.alternatives.first { $0.kind == .split })
    #expect(split.total?.minorUnits == 0)
    #expect(split.saving == advice.ordinary.total)
    #expect(split.summary.hasPrefix("In 2 parts"))
    #expect(split.caution.contains("offence"))
  }

  @Test func `one piece cannot be split, and a full declaration is not`() {
    var single = PreferenceTests.sale("200.00 USD", from: "CN")
    single.quantities[.piece] = 1
    #expect(!PreferenceTests.advise("PH", "610910", single).alternatives.contains { $0.kind == .split })
    let formal = PreferenceTests.sale("200.00 USD", from: "CN", .formal)
    #expect(!PreferenceTests.advise("PH", "610910", formal).alternatives.contains { $0.kind == .split })
  }
}
