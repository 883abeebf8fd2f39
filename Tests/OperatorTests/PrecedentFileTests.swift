import Domain
import Testing

@testable import OperatorCommands

struct PrecedentFileTests {
  private func read(_ text: String, _ kind: PrecedentFile.Kind = .submissions) throws -> PrecedentFile {
    try PrecedentFile(Array(text.utf8), kind)
  }

  @Test func `rows that cannot be used are named with their line, the others are read`() throws {
    let file = try read(
      """
      title,code,outcome,market,date,reason
      "Mug, printed",6912.00,approved,SG,2026-03-31,
      Mug,69,approved,SG,2026-03-31,
      Mug,691200,maybe,SG,2026-03-31,
      Mug,691200,rejected,Singapore,2026-03-31,
      Mug,691200,rejected,SG,31/03/2026,
      ,691200,rejected,SG,2026-03-31,

      Horse,10121,Refused,MY,2026-04-01,Not pure-bred.
      """)
    #expect(file.rows.map(\.precedent.description.title) == ["Mug, printed", "Horse"])
    #expect(file.rows.map(\.precedent.code.digits) == ["691200", "010121"])
    #expect(file.rows[1].precedent.outcome == .rejected)
    #expect(file.rows[1].precedent.reason == "Not pure-bred.")
    #expect(file.rows[0].precedent.decidedAt.date == CalendarDate("2026-03-31"))
    #expect(file.problems.map(\.line) == [3, 4, 5, 6, 7])
    #expect(
      file.problems.map(\.text) == [
        "code '69' is not a code of six digits or more", "outcome 'maybe' is none of approved, corrected, rejected",
        "market 'Singapore' is not a country's two letters", "date '31/03/2026' is not a date such as 2026-03-31",
        "title is empty",
      ])
    #expect(Set(file.rows.map(\.digest)).count == 2)
  }

  private static func editions() throws -> HSEditions? {
    let text = """
      edition 1
      source 2022-01-01 Somebody | Tables | 2026-11-20
      040310 Yoghurt
        => 040320
      851712 Phones
        ask: Does it run apps?
          yes => 851713
          no => 851714
      """
    let correlation = try HSCorrelationFile.read(text, from: HSEdition("2017")!, to: HSEdition("2022")!)
    return try HSEditions(
      [correlation], codes: Set(["040320", "691200", "851713", "851714"].compactMap { HSCode($0) }))
  }

  @Test func `a code of an older edition is converted where one is meant, else refused with question and codes`() throws
  {
    let head = "title,code,outcome,market,date,edition\n"
    let tail = ",approved,SG,2021-03-31,"
    let rows = [
      "Yoghurt,0403.10.20\(tail)2017", "Mug,6912.00\(tail)", "Phone,851712\(tail)HS 2017",
      "Phone,851713.0000\(tail)2022",
      "Mug,6912.00\(tail)1996", "Phone,851713\(tail)2017",
    ]
    let file = try PrecedentFile(
      Array((head + rows.joined(separator: "\n")).utf8), .submissions, editions: PrecedentFileTests.editions)
    #expect(file.rows.map(\.precedent.code.digits) == ["040320", "691200", "8517130000"])
    #expect(file.problems.map(\.line) == [4, 6, 7])
    #expect(
      file.problems.map(\.text) == [
        "code '8517.12' of HS 2017 may be any of 8517.13, 8517.14. Does it run apps? yes → 8517.13; no → 8517.14",
        "edition '1996' is none that is known: 2017, 2022", "code '8517.13' is no code of HS 2017",
      ])
  }

  @Test func `a row that names no edition is known again in a file that has the column`() throws {
    let old = try read("title,code,outcome,market,date\nMug,691200,approved,SG,2021-03-31\n")
    let new = try PrecedentFile(
      Array("title,code,outcome,market,date,edition\nMug,691200,approved,SG,2021-03-31,\n".utf8), .submissions,
      editions: PrecedentFileTests.editions)
    #expect(old.rows.map(\.digest) == new.rows.map(\.digest))
  }

  @Test func `rulings need an authority and a reference`() throws {
    let head = "authority,reference,title,code,market,date\n"
    let file = try read(
      head + "Customs,R 1,Cat tower,940389,SG,2026-01-02\n,R 2,Cat tower,940389,SG,2026-01-02\n", .rulings)
    #expect(file.rows.map(\.precedent.source) == [.ruling])
    #expect(file.rows[0].precedent.authority == "Customs")
    #expect(file.problems.map(\.text) == ["authority is empty"])
  }

  @Test func `a file without the columns is refused with those it needs`() {
    #expect {
      _ = try read("title,code\nMug,691200\n")
    } throws: { "\($0)".contains("does not name the column outcome, market, date") }
    #expect(throws: (any Error).self) { try read("") }
  }
}
