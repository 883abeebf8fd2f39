import Domain
import Testing

@testable import OperatorCommands

struct PrecedentFileTests {
  private func read(
    _ text: String, _ kind: PrecedentFile.Kind = .submissions, within frame: PrecedentFile.Frame = .init()
  ) throws -> PrecedentFile {
    try PrecedentFile(Array(text.utf8), kind, within: frame)
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
        "code '69' is not a code of six to twelve digits", "outcome 'maybe' is none of approved, corrected, rejected",
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
      Array((head + rows.joined(separator: "\n")).utf8), .submissions,
      within: .init(editions: PrecedentFileTests.editions()))
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
      within: .init(editions: PrecedentFileTests.editions()))
    #expect(old.rows.map(\.digest) == new.rows.map(\.digest))
  }

  @Test func `a code that there is not, a market that is not served and a day to come are left out`() throws {
    let frame = PrecedentFile.Frame(
      editions: try PrecedentFileTests.editions(), markets: [Market("SG")!], today: CalendarDate("2026-04-01"))
    let file = try read(
      """
      title,code,outcome,market,date
      Mug,691200,approved,SG,2026-04-01
      Mug,691299,approved,SG,2026-03-31
      Mug,691200,approved,ZZ,2026-03-31
      Mug,691200,approved,SG,2026-04-02
      Yoghurt,040310,approved,SG,2026-03-31
      Phone,851712,approved,SG,2026-03-31
      """, within: frame)
    #expect(file.rows.map(\.precedent.code.digits) == ["691200", "040320"], "the second as what it became")
    #expect(
      file.problems.map(\.text) == [
        "code '6912.99' is no code of HS 2022", "market 'ZZ' is not served; use one of SG",
        "date '2026-04-02' is in the future",
        "code '8517.12' of HS 2017 may be any of 8517.13, 8517.14. Does it run apps? yes → 8517.13; no → 8517.14",
      ])
    let head = "authority,reference,title,code,market,date\n"
    let rulings = try read(
      head + "CBP,N1,Mug,691200,US,2026-01-02\nBTI,DE1,Mug,691200,EU,2026-01-02\nX,1,Mug,691200,ZZ,2026-01-02\n",
      .rulings,
      within: frame)
    #expect(rulings.rows.map(\.precedent.market.code) == ["US", "EU"], "authorities elsewhere rule too")
    #expect(rulings.problems.map(\.text) == ["market 'ZZ' is no country"])
  }

  @Test func `columns and cells are read as other programs write them`() throws {
    let file = try read("Title ; HS6; Outcome;market; Date\n Mug ; 6912.00 ;approved; sg ;2026-03-31\n")
    #expect(file.problems.isEmpty)
    #expect(file.rows.first?.precedent.description.title == "Mug")
    #expect(file.rows.first?.precedent.market.code == "SG")
    let latin = try PrecedentFile(
      Array("title,code,outcome,market,date\nCaf".utf8) + [0xE9] + Array(",691200,approved,SG,2026-03-31\n".utf8),
      .submissions)
    #expect(latin.problems.map(\.text) == ["it is not UTF-8; save the file as 'CSV UTF-8'"])
  }

  @Test func `approvals of one product with different codes are told, a correction among them is not`() throws {
    let file = try read(
      """
      title,code,outcome,market,date
      Mug,691200,approved,SG,2026-03-30
      Mug,691110,approved,SG,2026-03-31
      Mug,691200,approved,MY,2026-03-31
      Cup,691200,approved,SG,2026-03-30
      Cup,691110,corrected,SG,2026-03-31
      """)
    #expect(file.contradictions.map { [$0.0, $0.1] } == [[2, 3]])
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
    } throws: { "\($0)".contains("does not name the columns outcome, market, date") }
    #expect(throws: (any Error).self) { try read("") }
  }
}
