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
