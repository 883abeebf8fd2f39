import Domain
import JSON
import Testing

/// What codes of one edition of the Harmonised System are in another.
struct HSEditionsTests {
  private static let head = "edition 1\nsource 2022-01-01 Somebody | Tables | 2026-11-20\n"

  private static let first = """
    \(head)
    # Phones split, accumulators merge, one part of the lamps moves.
    850740 Nickel-iron accumulators
      => 850780 with 850780
    850780 Other accumulators
      => 850780 with 850740
    851712 Wireless phones
      ask: Does it run apps?
        yes => 851713
        no, keys only => 851714
    853990 Parts of lamps
      ask: Is it a module?
        yes => 853951 with others
        no => 853990
    """
  private static let second = """
    \(head)
    850780 Other accumulators
      => 850781
    851713 Smartphones
      ask: Does it fold?
        it folds => 851715
        it does not => 851716
    851714 Keypad phones
      => 851717
    """

  private static func year(_ text: String) -> HSEdition { HSEdition(text) ?? { fatalError(text) }() }
  private static func code(_ text: String) -> HSCode { HSCode(text) ?? { fatalError(text) }() }

  private static func read(_ text: String, _ from: String = "2017", _ to: String = "2022") throws -> HSCorrelation {
    try HSCorrelationFile.read(text, from: year(from), to: year(to))
  }

  private static func editions(
    _ codes: [String] = ["610910", "850780", "851713", "851714", "853951", "853990"]
  ) throws -> HSEditions {
    let both = [try read(second, "2022", "2028"), try read(first)]
    return try #require(try HSEditions(both, codes: Set(codes.map(code))))
  }

  private static func convert(_ code: String, _ from: String, _ to: String) throws -> HSConversion? {
    try editions().convert(self.code(code), from: year(from), to: year(to))
  }

  @Test func `the codes say which edition is in force, so that a later one can stand ready`() throws {
    let editions = try HSEditionsTests.editions()
    #expect(editions.all.map(\.year) == [2017, 2022, 2028] && editions.current.year == 2022)
    let later = try HSEditionsTests.editions([
      "610910", "850781", "851715", "851716", "851717", "853951", "853990",
    ])
    #expect(later.current.year == 2028)
    #expect(later.has(HSEditionsTests.code("851712"), in: HSEditionsTests.year("2017")))
    let oneMissing = try HSEditionsTests.editions(["610910", "850780", "851713", "851714", "853990"])
    #expect(oneMissing.current.year == 2022)
  }

  @Test func `a code that became one is that one, and one that nothing is said of is the same`() throws {
    #expect(try HSEditionsTests.convert("850740", "2017", "2022")?.certain?.digits == "850780")
    #expect(try HSEditionsTests.convert("610910", "2017", "2028")?.certain?.digits == "610910")
  }

  @Test func `a code that split is none of them alone, and comes with its question`() throws {
    let conversion = try #require(try HSEditionsTests.convert("8517.12", "2017", "2022"))
    #expect(conversion.certain == nil && conversion.codes.map(\.digits) == ["851713", "851714"])
    #expect(conversion.questions.map(\.line) == ["Does it run apps? yes → 8517.13; no, keys only → 8517.14"])
  }

  @Test func `over two editions each split is asked about, and the answers lead to the last`() throws {
    let conversion = try #require(try HSEditionsTests.convert("851712", "2017", "2028"))
    #expect(conversion.codes.map(\.digits) == ["851715", "851716", "851717"])
    #expect(conversion.questions.map(\.about.digits) == ["851712", "851713"])
    #expect(conversion.questions[0].answers.map(\.code.digits) == ["851713", "851717"])
    #expect(try HSEditionsTests.convert("850740", "2017", "2028")?.certain?.digits == "850781")
  }

  @Test func `backwards a merge has several, and what is not listed is said`() throws {
    let merged = try #require(try HSEditionsTests.convert("850781", "2028", "2017"))
    #expect(merged.codes.map(\.digits) == ["850740", "850780"] && merged.certain == nil && !merged.hasOthers)
    let partial = try #require(try HSEditionsTests.convert("853951", "2022", "2017"))
    #expect(partial.codes.map(\.digits) == ["853990"] && partial.hasOthers && partial.certain == nil)
    #expect(try HSEditionsTests.convert("851716", "2028", "2017")?.certain?.digits == "851712")
  }

  @Test func `national digits do not carry over`() throws {
    let conversion = try #require(try HSEditionsTests.convert("85074000.90", "2017", "2022"))
    #expect(conversion.certain?.digits == "850780" && conversion.nationalDigits == "0090")
  }

  @Test(arguments: [("851713", "2017"), ("851712", "2022"), ("850740", "2028"), ("8517", "2017"), ("610910", "2012")])
  func `a code that an edition does not have is not converted from it`(code: String, edition: String) throws {
    #expect(try HSEditionsTests.convert(code, edition, "2022") == nil)
  }

  @Test func `a code is read as of the edition in force when that has it, else as of the nearest that does`() throws {
    let editions = try HSEditionsTests.editions()
    func reading(_ text: String) -> HSConversion? { editions.reading(of: HSEditionsTests.code(text)) }
    #expect(reading("853990") == nil, "it is a code of 2022 too")
    #expect(reading("8507.40.00")?.certain?.digits == "850780")
    #expect(reading("851712")?.from.year == 2017 && reading("851712")?.questions.count == 1)
    #expect(reading("851717")?.from.year == 2028 && reading("851717")?.certain?.digits == "851714")
    #expect(reading("999999") == nil && reading("85") == nil)
  }

  @Test func `a conversion reads back as it was written`() throws {
    let conversion = try #require(try HSEditionsTests.convert("851712", "2017", "2028"))
    #expect(try HSConversion(json: JSONCursor(JSONParser.parse(conversion.json.canonicalBytes))) == conversion)
  }

  @Test func `editions that do not follow one another are refused`() throws {
    let gap = [
      try HSEditionsTests.read(HSEditionsTests.first), try HSEditionsTests.read(HSEditionsTests.second, "2028", "2034"),
    ]
    #expect(throws: HSEditions.GapError.self) { try HSEditions(gap, codes: []) }
    #expect(try HSEditions([], codes: []) == nil)
  }

  @Test(arguments: [
    ("HS2022-HS2028.txt", [2022, 2028]), ("HS2028-HS2022.txt", nil), ("HS2017-2022.txt", nil),
    ("HS2017-HS2022.csv", nil),
    ("README.md", nil),
  ])
  func `a file is known by its name`(name: String, years: [Int]?) {
    #expect(HSCorrelationFile.editions(name: name).map { [$0.from.year, $0.to.year] } == years)
  }

  @Test(arguments: [
    ("85171 Phones\n  => 851713", 3, "'85171' is not a code of six digits"),
    ("851712\n  => 851713", 3, "851712 has no title"),
    ("851712 Phones\n850740 Cells\n  => 850780", 4, "851712, which stands before, became nothing"),
    ("851712 Phones\n  => 851713\n850740 Cells\n  => 850780", 5, "850740 does not come after 851712"),
    ("851712 Phones\n  => 851713\n851712 Phones\n  => 851713", 5, "851712 does not come after 851712"),
    ("851712 Phones\n  => 851713\n  => 851714", 5, "several codes need a question"),
    (
      "851712 Phones\n  ask: Smart?\n    yes => 851713", 5,
      "851712, which stands before, has a question with one answer"
    ),
    ("851712 Phones\n  ask: Smart\n    yes => 851713", 4, "a question ends with a question mark"),
    ("851712 Phones\n  ask: Smart?\n  ask: Fast?", 5, "851712 asks twice"),
    ("851712 Phones\n    yes => 851713", 4, "the answer stands under no question"),
    ("851712 Phones\n  ask: Smart?\n    => 851713", 5, "the answer has no words"),
    ("851712 Phones\n  ask: Smart?\n    yes => 851713\n    no => 851713", 6, "851713 stands twice"),
    ("851712 Phones\n  note: Old.", 4, "is neither 'ask: …?' nor an answer with => and a code"),
    ("851712 Phones\n  => 851713 and 851711", 4, "after the code stands nothing, or 'with' and other codes"),
    ("851712 Phones\n  => 851713 with 851711", 4, "851713 draws on 851712, which 'with' has to say"),
    (
      "850740 A\n  => 850780\n850780 B\n  => 850780 with 850740", 4,
      "850780 draws on 850740 850780, which 'with' has to say"
    ),
    ("  => 851713", 3, "belongs to no code"),
    ("source 2022-13-01 A | B | 2026-11-20", 3, "a source is written: source DATE AUTHORITY | INSTRUMENT | AS-OF"),
  ])
  func `what is not understood is refused with its line`(body: String, line: Int, reason: String) {
    let error = #expect(throws: HSCorrelationFile.FormatError.self) {
      try HSEditionsTests.read(HSEditionsTests.head + body)
    }
    #expect(error?.line == line && error?.reason == reason, "\(String(describing: error))")
  }

  @Test func `a file without an edition or a source is refused`() {
    for text in ["", "edition 1\n", "source 2022-01-01 A | B | 2026-11-20\n"] {
      #expect(throws: HSCorrelationFile.FormatError.self) { try HSEditionsTests.read(text) }
    }
  }
}
