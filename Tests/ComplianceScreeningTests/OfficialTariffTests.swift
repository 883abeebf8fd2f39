import ComplianceScreeningEngine
import Domain
import JSON
import Testing

/// Tariffs as their authorities publish them, and what a new one changes.
struct OfficialTariffTests {
  private static func read(_ text: String) throws -> [String: OfficialTariff.Line] {
    let lines = try OfficialTariffFile(Array(text.utf8)).lines
    return Dictionary(uniqueKeysWithValues: lines.map { ($0.code.digits, $0) })
  }

  @Test func `Indonesia's lines have percentages with either sign, and specific duties`() throws {
    let lines = try OfficialTariffTests.read(
      """
      hs_code,code,digits,hs6,description_id,description_en,path_en,path_id,import_duty_mfn_pct
      01.01,0101,4,,a,b,c,d,
      01.01.21.00,01012100,8,010121,"a, b",b,c,d,0
      17.01.91.00,17019100,8,170191,a,b,c,d,"790,-/kg"
      37.06.10.10,37061010,8,370610,a,b,c,d,"21.450,-/menit"
      61.09.10.10,61091010,8,610910,a,b,c,d,"7,5"
      62.01.20.00,62012000,8,620120,a,b,c,d,12.5
      """)
    #expect(
      lines.mapValues { $0.rate?.description ?? "" } == [
        "01012100": "0 %", "17019100": "790/kg", "37061010": "21450/min", "61091010": "7.5 %", "62012000": "12.5 %",
      ])
  }

  @Test func `the United States give a rate once for the lines below it, in cents and dollars`() throws {
    let file = try OfficialTariffFile(
      Array(
        """
        hts_number,indent,description,unit,general_duty
        0714.50,1,Yautia,,
        0714.50.10.00,2,Fresh,"[""kg""]",16%
        6403.91.30,2,Welt,,90¢/pr. + 20%
        6403.91.30.10,3,Men's,"[""prs.""]",
        6403.91.30.20,3,Other,"[""prs.""]",
        2204.10.00.30,2,Sparkling,"[""liters""]",19.8¢/liter
        9903.00.10.00,2,See above,,The duty provided in the applicable subheading
        0101.21.00.10,3,Males,"[""No.""]",Free
        """.utf8))
    #expect(file.form == .unitedStates)
    let lines = Dictionary(uniqueKeysWithValues: file.lines.map { ($0.code.digits, $0) })
    #expect(lines["6403913020"]?.rate?.description == "0.9/2u + 20 %")
    #expect(lines["6403913020"]?.unit == .pair)
    #expect(lines["2204100030"]?.rate?.description == "0.198/l")
    #expect(lines["0101210010"]?.rate?.description == "0 %" && lines["0101210010"]?.unit == .piece)
    #expect(lines["9903001000"]?.rate == nil)
    #expect(file.unread == ["The duty provided in the applicable subheading": 1])
  }

  private static let british =
    "trackedmodel_ptr_id,commodity__sid,commodity__code,commodity__indent,commodity__description,measure__sid,"
    + "measure__type__id,measure__type__description,measure__additional_code__code,measure__duty_expression,"
    + "measure__effective_start_date,measure__effective_end_date,measure__geographical_area__id\n"

  private static func british(_ rows: String...) throws -> OfficialTariffFile {
    try OfficialTariffFile(Array((british + rows.joined(separator: "\n")).utf8))
  }

  @Test func `the United Kingdom gives the third country duty of each commodity for its days`() throws {
    let file = try OfficialTariffTests.british(
      "1,1,0702000000,2,Tomatoes,1,103,Third country duty,#NA,8.00%,2026-01-01,2026-05-31,1011",
      "2,1,0702000000,2,Tomatoes,2,103,Third country duty,#NA,14.00%,2026-06-01,#NA,1011",
      "3,1,0702000000,2,Tomatoes,3,142,Tariff preference,#NA,0.00%,2021-01-01,#NA,VN",
      "4,1,0702000000,2,Tomatoes,3,103,Third country duty,#NA,0.00%,2021-01-01,#NA,1008",
      "5,2,8518400010,4,Amplifiers,4,103,Third country duty,,0.00%,2021-01-01,,1011",
      "6,2,8518400010,4,Amplifiers,5,109,Supplementary unit,,p/st,2021-01-01,,1011",
      "7,3,8519000010,4,Preferred only,6,142,Tariff preference,,0.00%,2021-01-01,,1011",
      "8,4,3003100000,2,Medicaments,7,103,Third country duty,2500,0.00%,2021-01-01,,1011",
      "9,4,3003100000,2,Medicaments,8,103,Third country duty,2501,6.00%,2021-01-01,,1011",
      "10,5,101210000,3,Horses,9,103,Third country duty,,0.00%,2021-01-01,,1011")
    #expect(file.form == .unitedKingdom)
    let tariff = OfficialTariff(
      source: RuleSource(authority: "DBT", instrument: "UK Tariff"), from: Fixtures.date("2026-01-01"),
      lines: file.lines)
    let read = try OfficialTariff(json: JSONCursor(JSONParser.parse(tariff.json.canonicalBytes)))
    #expect(read == tariff)
    let schedule = read.schedule(version: "1")
    func rate(_ code: String, _ day: String) -> String? {
      guard case .known(let rate) = schedule.rate(for: Fixtures.code(code), on: Fixtures.date(day)) else { return nil }
      return rate.rate.description
    }
    #expect(rate("0702000000", "2026-05-31") == "8 %" && rate("0702000000", "2026-06-01") == "14 %")
    #expect(rate("0702000000", "2025-12-31") == nil)
    #expect(rate("8518400010", "2026-11-20") == "0 %" && rate("0101210000", "2026-11-20") == "0 %")
    #expect(file.lines.first { $0.code.digits == "8518400010" }?.unit == .piece)
    #expect(rate("8519000010", "2026-11-20") == nil, "a preference is no ordinary duty")
    #expect(rate("3003100000", "2026-11-20") == nil, "the additional code decides")
    #expect(file.unread == ["0.00%, by additional code": 1, "6.00%, by additional code": 1])
  }

  @Test(arguments: [
    ("12.00% + 147.00 GBP / 100 kg", "12 % + 1.47/kg"), ("8.00 % MIN 1.60 GBP / 100 kg", "8 % or 0.016/kg"),
    ("0.50 GBP / % vol/hl + 2.60 GBP / hl", "0.5/l-alcohol + 0.026/l"), ("16.00 GBP / 1000 p/st", "0.016/u"),
    ("10.00% + 8.00 GBP / 100 kg MAX 18.00%", nil), ("0.30 GBP / 100 kg/net/%sacchar.", nil),
    ("10.00% + 5.00% MIN 2.00 GBP / hl", nil), ("NIHIL", nil), ("4.00 EUR / kg", nil),
  ])
  func `a duty of the United Kingdom that cannot be computed with is unknown, and counted`(
    text: String, rate: String?
  ) throws {
    let file = try OfficialTariffTests.british("1,1,0702000000,2,T,1,103,Duty,,\(text),2026-01-01,,1011")
    #expect(file.lines[0].dated.first?.rate.description == rate)
    #expect(file.unread == (rate == nil ? [text: 1] : [:]))
  }

  @Test(arguments: [
    ("070200,8.00%,2026-01-01,", "'070200' is not a commodity code of ten digits"),
    ("0702000000,8.00%,soon,", "'soon' is not the day from which a measure holds"),
    ("0702000000,8.00%,2026-01-01,later", "'later' is not the day to which a measure holds"),
  ])
  func `a measure of the United Kingdom that is not understood is refused with its line`(row: String, reason: String) {
    let head = "commodity__code,measure__duty_expression,measure__effective_start_date,measure__effective_end_date"
    let text = "\(head),measure__type__id,measure__geographical_area__id\n\(row),103,1011\n"
    let error = #expect(throws: OfficialTariffFile.FormatError.self) { try OfficialTariffFile(Array(text.utf8)) }
    #expect(error?.line == 2 && error?.reason == reason)
  }

  @Test func `what is no tariff is refused with the reason`() {
    for text in ["", "a,b\n1,2", "code,rate\n6109,5 %", "cn8,unit\n"] {
      #expect(throws: OfficialTariffFile.FormatError.self) { try OfficialTariffFile(Array(text.utf8)) }
    }
  }

  @Test func `the form of an authority is the tariff of its own country, a plain table that of any`() throws {
    func isTariff(_ header: String, of market: String) throws -> Bool {
      try OfficialTariffFile(Array("\(header)\n6109.10.00,Free,kg\n".utf8)).form.isTariff(of: Fixtures.market(market))
    }
    let american = "HTS Number,General Rate of Duty,Unit"
    #expect(try isTariff(american, of: "US"))
    #expect(try !isTariff(american, of: "ID"))
    #expect(try isTariff("HS Code,Import Duty MFN pct,Unit", of: "ID"))
    #expect(try !isTariff("HS Code,Import Duty MFN pct,Unit", of: "MY"))
    #expect(try isTariff("CN8,Name,Unit", of: "DE"))
    #expect(try !isTariff("CN8,Name,Unit", of: "SG"))
    #expect(try isTariff("code,rate,unit", of: "SG"))
  }

  private static func tariff(_ rates: [String: String]) throws -> OfficialTariff {
    let rows = rates.sorted { $0.key < $1.key }.map { "\($0.key),u,\($0.value)" }
    let lines = try OfficialTariffFile(Array((["code,unit,rate"] + rows).joined(separator: "\n").utf8)).lines
    return OfficialTariff(
      source: RuleSource(authority: "A", instrument: "I"), from: Fixtures.date("2026-01-01"), lines: lines)
  }

  @Test func `a difference names the lines, and means something only for the codes that it touches`() throws {
    let before = try OfficialTariffTests.tariff([
      "61091010": "5 %", "61091020": "5 %", "61099010": "10 %", "42022200": "0 %",
    ])
    let after = try OfficialTariffTests.tariff([
      "61091010": "5 %", "61091020": "7 %", "61099090": "10 %", "42022200": "0 %",
    ])
    let difference = TariffDifference(
      from: before.schedule(version: "1"), to: after.schedule(version: "2"), of: Fixtures.market("SG"),
      on: Fixtures.today)
    #expect(difference.added.map(\.digits) == ["61099090"] && difference.removed.map(\.digits) == ["61099010"])
    #expect(difference.changed.map(\.code.digits) == ["61091020"])
    func effect(_ code: String) -> String? { difference.effect(on: Fixtures.code(code)) }
    #expect(effect("61091010") == nil && effect("42022200") == nil && effect("420222") == nil)
    #expect(effect("61091020") == "the duty of 6109.10.20 was 5 % and is 7 %")
    #expect(effect("61099010") == "6109.90.10 is no line of the tariff any more")
    #expect(effect("610910")?.contains("was 5 % and is 5 % for") == true, "its lines are not alike any more")
    #expect(try OfficialTariff(json: JSONCursor(JSONParser.parse(after.json.canonicalBytes))) == after)
  }

  @Test(.enabled(if: SharedData.isPresent, Comment(rawValue: SharedData.absence)))
  func `the published files are read whole`() throws {
    let indonesia = try OfficialTariffFile(try SharedData.read("tariffs/id_btki_2022.csv"))
    #expect(indonesia.form == .indonesia && indonesia.unread.isEmpty)
    #expect(indonesia.lines.count > 11_000)
    #expect(indonesia.lines.count { $0.rate?.percent == nil } == 30)
    let america = try OfficialTariffFile(try SharedData.read("tariffs/us_hts_2026rev4.csv"))
    #expect(america.lines.count > 19_000)
    #expect(america.lines.count { $0.rate != nil } * 100 > america.lines.count * 90)
    let europe = try OfficialTariffFile(try SharedData.read("tariffs/eu_cn_2023_en.csv"))
    #expect(europe.lines.count > 9_500 && europe.lines.allSatisfy { $0.rate == nil })
  }
}
