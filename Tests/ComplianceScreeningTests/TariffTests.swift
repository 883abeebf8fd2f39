import Domain
import Testing

@testable import ComplianceScreeningEngine

/// National lines and the rates found for them.
struct TariffTests {
  private static let day = Fixtures.today

  private static func rate(_ text: String) -> DutyRate { DutyRate(text) ?? { fatalError("not a rate: \(text)") }() }

  private static func schedule(_ lines: [String], _ rates: [(String, String, String)]) -> TariffSchedule {
    TariffSchedule(
      edition: "test", lines: lines.map { TariffSchedule.Line(code: Fixtures.code($0), unit: .kilogram) },
      rates: rates.map { prefix, text, from in
        TariffSchedule.Rate(
          prefix: prefix, rate: rate(text), from: Fixtures.date(from),
          source: RuleSource(authority: "A", instrument: "I"))
      })
  }

  private static func found(_ lookup: TariffSchedule.Lookup) -> String {
    switch lookup {
    case .known(let rate): rate.rate.description
    case .varies(let lines): "varies: " + Set(lines.values.map(\.rate.description)).sorted().joined(separator: ", ")
    case .unknown: "unknown"
    }
  }

  // MARK: Rates as text

  @Test(arguments: ["0 %", "12.5 %", "450/kg", "14000/l", "10 % + 450/kg", "10 % or 450/kg", "16/l-alcohol"])
  func `a rate is written as it is read`(_ text: String) { #expect(DutyRate(text)?.description == text) }

  @Test(arguments: [
    "", "5", "5%", "-1 %", "1001 %", "5 % +", "450/pound", "/kg", "450/", "1 % + 2/kg or 3/kg", "0.0000001 %", "x %",
  ])
  func `what is no rate is refused`(_ text: String) { #expect(DutyRate(text) == nil) }

  // MARK: Lookup

  @Test func `the longest prefix and the newest day hold`() {
    let schedule = TariffTests.schedule(
      ["61091010"], [("61", "5 %", "2020-01-01"), ("6109", "7 %", "2020-01-01"), ("6109", "9 %", "2026-01-01")])
    #expect(TariffTests.found(schedule.rate(for: Fixtures.code("61091010"), on: Fixtures.date("2025-12-31"))) == "7 %")
    #expect(TariffTests.found(schedule.rate(for: Fixtures.code("61091010"), on: TariffTests.day)) == "9 %")
    #expect(TariffTests.found(schedule.rate(for: Fixtures.code("61012000"), on: TariffTests.day)) == "5 %")
    #expect(TariffTests.found(schedule.rate(for: Fixtures.code("62012000"), on: TariffTests.day)) == "unknown")
    #expect(
      TariffTests.found(schedule.rate(for: Fixtures.code("61091010"), on: Fixtures.date("2019-12-31"))) == "unknown")
  }

  @Test func `six digits have a rate only when all their lines have the same`() {
    let lines = ["61091010", "61091020", "61099010"]
    func six(_ rates: [(String, String, String)]) -> String {
      TariffTests.found(TariffTests.schedule(lines, rates).rate(for: Fixtures.code("610910"), on: TariffTests.day))
    }
    #expect(six([("61091010", "5 %", "2020-01-01"), ("61091020", "5 %", "2020-01-01")]) == "5 %")
    #expect(six([("61091010", "5 %", "2020-01-01"), ("61091020", "9 %", "2020-01-01")]) == "varies: 5 %, 9 %")
    #expect(six([("61091010", "5 %", "2020-01-01")]) == "unknown")
    // One line without a rate of its own does not take its sister's.
    #expect(six([("61091020", "0 %", "2020-01-01")]) == "unknown")
  }

  @Test func `lines below a code are found, and those beside it are not`() {
    let schedule = TariffTests.schedule(["61091010", "61091020", "61099010", "62011010"], [])
    #expect(schedule.lines(of: Fixtures.code("610910")).map(\.code.digits) == ["61091010", "61091020"])
    #expect(schedule.lines(of: Fixtures.code("61099010")).map(\.code.digits) == ["61099010"])
    #expect(schedule.lines(of: Fixtures.code("630110")).isEmpty)
  }

  // MARK: Files

  @Test(arguments: [
    ("edition 1\n85171300 0 %", 2), ("edition 1\nsource 2022-04-01 A | B\n", 2),
    ("edition 1\nsource 2022-04-01 A | B | 2026-11-20\n85171300 free", 3),
    ("edition 1\nsource 2022-04-01 A | B | 2026-11-20\n8517x 0 %", 3), ("source 2022-04-01 A | B | 2026-11-20", 1),
    ("edition 1\nsource 2022-04-31 A | B | 2026-11-20", 2),
    ("edition 1\nunconfirmed 2022-04-01 A | B | 2026-11-20", 2), ("edition 1\n\nunconfirmed source A | B | C", 3),
    ("edition 1\nunconfirmed unconfirmed source 2022-04-01 A | B | 2026-11-20", 2),
  ])
  func `a fault in a file of rates is reported by its line`(_ text: String, _ line: Int) {
    do throws(TariffFile.FormatError) {
      _ = try TariffFile.rates(text)
      Issue.record("the file was accepted")
    } catch {
      #expect(error.line == line, "\(error)")
    }
  }

  @Test func `rates that others compiled are marked until the next source`() throws {
    let read = try TariffFile.rates(
      """
      edition 1
      source 2022-04-01 A | B | 2026-11-20
      6109 5 %
      unconfirmed source 2023-04-01 C | D | 2026-11-20
      6110 6 %
      6111 7 %
      source 2024-04-01 E | F | 2026-11-20
      6112 8 %
      """)
    #expect(read.rates.map(\.isConfirmed) == [true, false, false, true])
    #expect(read.rates.map(\.source.authority) == ["A", "C", "C", "E"])
    #expect(read.rates.map(\.from.description) == ["2022-04-01", "2023-04-01", "2023-04-01", "2024-04-01"])
  }

  @Test func `six digits are as sure as their least sure line`() throws {
    func isConfirmed(_ first: Bool, _ second: Bool) throws -> Bool {
      var schedule = TariffTests.schedule(["61091010", "61091020"], [])
      let marks = [("61091010", first), ("61091020", second)]
      schedule = TariffSchedule(
        edition: "test", lines: Array(schedule.lines),
        rates: marks.map { prefix, isConfirmed in
          TariffSchedule.Rate(
            prefix: prefix, rate: TariffTests.rate("5 %"), from: Fixtures.date("2020-01-01"),
            source: RuleSource(authority: "A", instrument: "I"), isConfirmed: isConfirmed)
        })
      guard case .known(let rate) = schedule.rate(for: Fixtures.code("610910"), on: TariffTests.day) else {
        throw Unfound()
      }
      return rate.isConfirmed
    }
    #expect(try isConfirmed(true, true))
    #expect(try !isConfirmed(true, false))
    #expect(try !isConfirmed(false, true))
  }

  private struct Unfound: Error {}

  @Test func `no file that ships passes off what others compiled as read in the instrument`() throws {
    for market in ["SG", "MY", "ID", "TH", "VN", "PH", "BN"] {
      let rates = try #require(try Fixtures.folder.tariffRates(Fixtures.market(market)))
      for rate in rates.rates where rate.isConfirmed {
        #expect(!rate.source.authority.contains("third party"), "\(market) \(rate.prefix)")
        #expect(!rate.source.instrument.contains("check the line"), "\(market) \(rate.prefix)")
      }
    }
  }

  @Test func `a fault in a file of lines is reported by its line`() {
    for text in ["# fine\n851713", "\n85171300 pound", "\n85171300 kg kg"] {
      do throws(TariffFile.FormatError) {
        _ = try TariffFile.lines(text)
        Issue.record("the file was accepted")
      } catch {
        #expect(error.line == 2, "\(error)")
      }
    }
  }

  @Test func `the files that ship can be read, and hold the lines online trade lives on`() throws {
    var counts: [String: Int] = [:]
    for market in ["SG", "MY", "ID", "TH", "VN", "PH", "BN"] {
      let schedule = try #require(try Fixtures.tariffs.schedule(Fixtures.market(market)))
      counts[market] = schedule.lines.count
      #expect(Set(schedule.lines.map(\.code)).count == schedule.lines.count)
    }
    #expect(counts.values.allSatisfy { $0 >= 1000 }, "\(counts)")
    #expect(try Fixtures.tariffs.schedule(Fixtures.market("LA")) == nil)
  }

  @Test func `every Indonesian line has a rate`() throws {
    let schedule = try #require(try Fixtures.tariffs.schedule(Fixtures.market("ID")))
    for line in schedule.lines {
      #expect(TariffTests.found(schedule.rate(for: line.code, on: TariffTests.day)) != "unknown", "\(line.code)")
    }
  }

  @Test func `a folder without files leaves rates unknown, and a broken one says so`() throws {
    #expect(try TariffLibrary.empty.schedule(Fixtures.market("ID")) == nil)
    let absent = TariffLibrary(ReferenceFolder("/nowhere"))
    #expect(try absent.schedule(Fixtures.market("ID")) == nil)
    let estimate = LandedCost(Fixtures.pack("ID"), tariffs: absent).estimate(
      Fixtures.code("61091010"), .init(goods: Fixtures.money("2000.00 USD"), origin: Fixtures.country("CN")),
      on: TariffTests.day)
    #expect(estimate.duty == nil && estimate.total == nil)
    #expect(estimate.unknown.contains("ordinary duty rate of 6109.10.10"))
  }

  @Test(arguments: Fixtures.allMarkets) func `a code that no tariff holds has no rate but in Singapore`(
    _ market: String
  ) {
    let lookup = Fixtures.landedCost(market).ordinaryRate(Fixtures.code("890190"), on: TariffTests.day)
    #expect((lookup.percentages == nil) == (market != "SG"))
  }

  @Test func `a code whose lines differ is unknown, with the range named`() {
    let cost = Fixtures.landedCost("ID")
    // Chargers: other national lines bear other rates.
    let varying = Fixtures.code("850440")
    let lookup = cost.ordinaryRate(varying, on: TariffTests.day)
    guard case .varies(let lines) = lookup, let range = lookup.percentages else {
      Issue.record("\(varying) does not vary: \(lookup)")
      return
    }
    #expect(lines.count > 1 && range.lowerBound < range.upperBound)
    var sale = LandedCost.Sale(goods: Fixtures.money("100.00 USD"), origin: Fixtures.country("CN"))
    sale.consignment = .formal
    let estimate = cost.estimate(varying, sale, on: TariffTests.day)
    #expect(estimate.duty == nil)
    #expect(estimate.unknown.first?.contains("for") == true)
  }
}
