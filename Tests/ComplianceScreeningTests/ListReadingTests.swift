import ComplianceScreeningEngine
import Domain
import JSON
import Names
import Testing

/// Lists in the authorities' forms, with parties that nobody ever met.
struct ListReadingTests {
  private func lists(_ files: [String: String], published: CalendarDate? = nil) throws -> [PartyList] {
    try ListFolder(files.map { ListFile(name: $0.key, bytes: Array($0.value.utf8)) }, published: published).lists()
  }

  private let ofac = [
    "sdn.csv": """
    101,"FERRINAND, Tobias",individual,"TEST1] [TEST2",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"DOB 05 Jan 1971; alt. DOB circa 1973; nationality Iran; Passport J-123 456 (Iran); a.k.a. 'TOBY'; Linked To: ORV"
    102,"ORVANTA STAR",vessel,"TEST1",-0- ,"CALL7X",Tanker,-0- ,-0- ,Panama,-0- ,"Vessel Registration Identification IMO 9123456."
    103,"ORVANTA TRADING",-0- ,"TEST1",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- 
    \u{1A}
    """,
    "alt.csv": "101,1,\"aka\",\"FERINAND, Tob\",-0- \n",
    "add.csv": "103,9,\"1 Street\",\"Pyongyang\",\"Korea, North\",-0- \n103,10,-0- ,-0- ,\"Atlantis\",-0- \n",
    "sdn_comments.csv": "101,\"ANTA; Tax ID No. 99887766 (Iran).\"\n",
  ]

  @Test func `OFAC's files are joined by number`() throws {
    let list = try #require(try lists(ofac, published: Fixtures.date("2026-11-01")).first)
    #expect(list.id == "us-ofac-sdn" && list.version.hasPrefix("2026-11-01-") && list.entries.count == 3)
    let person = list.entries[0]
    #expect(person.kind == .person && person.programmes == ["TEST1", "TEST2"])
    #expect(
      person.names == [
        ListedName("FERRINAND, Tobias"), ListedName("FERINAND, Tob", .strong), ListedName("TOBY", .weak),
      ])
    #expect(person.births.first == BirthDate(Fixtures.date("1971-01-05")) && person.births.count == 2)
    #expect(person.countries.map(\.code) == ["IR"] && person.identifiers == ["J123456", "99887766"])
    #expect(list.entries[1].kind == .vessel && list.entries[1].identifiers == ["CALL7X", "9123456"])
    #expect(list.entries[2].kind == .organisation && list.entries[2].countries.map(\.code) == ["KP"])
  }

  @Test func `the UN's list is read from XML`() throws {
    let xml = """
      <?xml version="1.0"?><!-- none --><CONSOLIDATED_LIST dateGenerated="2026-10-02T00:00:09Z"><INDIVIDUALS><INDIVIDUAL>
      <DATAID>7</DATAID><FIRST_NAME>TOBIAS</FIRST_NAME><SECOND_NAME>FERRINAND &amp; <![CDATA[CO]]></SECOND_NAME>
      <UN_LIST_TYPE>TEST</UN_LIST_TYPE><REFERENCE_NUMBER>TEi.001</REFERENCE_NUMBER>
      <NAME_ORIGINAL_SCRIPT>توبياس</NAME_ORIGINAL_SCRIPT><NATIONALITY><VALUE>Iran (Islamic Republic of)</VALUE></NATIONALITY>
      <INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Toby</ALIAS_NAME></INDIVIDUAL_ALIAS>
      <INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>
      <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1973</FROM_YEAR><TO_YEAR>1974</TO_YEAR></INDIVIDUAL_DATE_OF_BIRTH>
      <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>A 998877</NUMBER></INDIVIDUAL_DOCUMENT>
      </INDIVIDUAL></INDIVIDUALS><ENTITIES><ENTITY><FIRST_NAME>ORVANTA</FIRST_NAME><REFERENCE_NUMBER>TEe.001</REFERENCE_NUMBER>
      <ENTITY_ADDRESS><COUNTRY>Cuba</COUNTRY></ENTITY_ADDRESS></ENTITY></ENTITIES></CONSOLIDATED_LIST>
      """
    let list = try #require(try lists(["list.xml": xml]).first)
    #expect(list.id == "un-consolidated" && list.published == Fixtures.date("2026-10-02"))
    let person = list.entries[0]
    #expect(person.id == "TEi.001" && person.name == "TOBIAS FERRINAND & CO" && person.programmes == ["TEST"])
    #expect(person.names.dropFirst() == [ListedName("توبياس", .strong), ListedName("Toby", .weak)])
    #expect(person.births == [BirthDate(years: 1973...1974)] && person.countries.map(\.code) == ["IR"])
    #expect(person.identifiers == ["A998877"])
    #expect(list.entries[1].kind == .organisation && list.entries[1].countries.map(\.code) == ["CU"])
  }

  @Test func `denied persons are known by name and day`() throws {
    let text = """
      "Name"\t"City"\t"Country"\t"Effective_Date"\t"Last_Update"
      "TOBIAS FERRINAND"\t"X"\t"US"\t"06/19/2003"\t"2026-01-31"
      "TOBIAS FERRINAND"\t"Y"\t""\t"06/19/2003"\t"2026-01-31"
      """
    let list = try #require(try lists(["dpl.txt": text]).first)
    #expect(list.id == "us-denied-persons")
    #expect(list.entries.map(\.id) == ["TOBIAS FERRINAND 06/19/2003", "TOBIAS FERRINAND 06/19/2003 2"])
    #expect(list.entries[0].countries.map(\.code) == ["US"])
  }

  @Test func `the US consolidated list is read`() throws {
    let text = """
      _id,source,entity_number,type,programs,name,addresses,alt_names,nationalities,dates_of_birth,ids
      abc1,Test List,7,Individual,T1; T2,"FERRINAND, Tobias","1 Street, Havana, CU",Toby F; Tob Ferrinand,IR,1971-01-05; 1972,"Passport, A998877, IR, 2020-01-01"
      """
    let list = try #require(try lists(["consolidated.csv": text]).first)
    #expect(list.id == "us-consolidated")
    let party = list.entries[0]
    #expect(party.id == "abc1" && party.kind == .person && party.programmes == ["T1", "T2", "Test List"])
    #expect(party.names.map(\.text) == ["FERRINAND, Tobias", "Toby F", "Tob Ferrinand"])
    #expect(party.countries.map(\.code) == ["IR", "CU"] && party.identifiers == ["A998877"] && party.births.count == 2)
  }

  @Test func `a plain list says as much as it likes`() throws {
    let text = """
      id,name,type,aliases,weak_aliases,country,date_of_birth,identifiers,programme
      1,Tobias Ferrinand,person,Tob Ferrinand; T. Ferrinand,Toby,IR; Cuba,1971-01,AB-12345,own
      2,Orvanta Ltd
      """
    let list = try #require(try lists(["my list.csv": text]).first)
    #expect(list.id == "my-list")
    #expect(list.entries[0].names.map(\.strength) == [.primary, .strong, .strong, .weak])
    #expect(list.entries[0].births.map(\.description) == ["1971-01-01/1971-01-31"])
    #expect(list.entries[0].countries.map(\.code) == ["IR", "CU"] && list.entries[0].identifiers == ["AB12345"])
    #expect(list.entries[1].name == "Orvanta Ltd")
  }

  @Test func `a version changes with the content and with nothing else`() throws {
    let first = try lists(ofac, published: Fixtures.date("2026-11-01"))[0]
    #expect(try lists(ofac, published: Fixtures.date("2026-11-01"))[0] == first)
    var changed = ofac
    changed["alt.csv"] = "101,1,\"aka\",\"FERINAND, Toby\",-0- \n"
    #expect(try lists(changed, published: Fixtures.date("2026-11-01"))[0].version != first.version)
  }

  @Test func `what is no list is refused with its name`() throws {
    for (name, text) in ["x.csv": "a,b\n1,2", "y.xml": "<other/>", "z.txt": "", "w.csv": "1,2,3\n"] {
      #expect(throws: ListFolder.Problem.self, "\(name)") { try lists([name: text]) }
    }
    #expect {
      _ = try lists(["u.xml": "<CONSOLIDATED_LIST><A></B></CONSOLIDATED_LIST>"])
    } throws: {
      "\($0)".hasPrefix("u.xml: byte ")
    }
    #expect(throws: ListFolder.Problem.self) {
      try lists(["v.xml": "<!DOCTYPE a [<!ENTITY x \"y\">]><CONSOLIDATED_LIST>&x;</CONSOLIDATED_LIST>"])
    }
  }

  @Test func `a version is compared with the one before`() throws {
    let before = [ListedParty(id: "1", name: "A"), ListedParty(id: "2", name: "B"), ListedParty(id: "3", name: "C")]
    let after = [ListedParty(id: "1", name: "A"), ListedParty(id: "3", name: "CC"), ListedParty(id: "4", name: "D")]
    let difference = ListDifference(from: before, to: after)
    #expect(difference.added.map(\.id) == ["4"] && difference.removed.map(\.id) == ["2"])
    #expect(difference.changed.map(\.after.id) == ["3"])
    #expect(ListDifference(from: before, to: before).isEmpty)
  }

  @Test(arguments: [
    ("1971", "1971-01-01/1971-12-31"), ("05 Jan 1971", "1971-01-05"), ("Jan 1971", "1971-01-01/1971-01-31"),
    ("1971-01-05", "1971-01-05"), ("1971 to 1973", "1971-01-01/1973-12-31"), ("circa 1971", "1969-12-31/1972-12-31"),
    ("01 Jan 1970 to 31 Dec 1972", "1970-01-01/1972-12-31"),
  ])
  func `dates of birth are read as lists write them`(_ text: String, _ expected: String) {
    #expect(BirthDate(text: text)?.description == expected)
  }

  @Test func `what is no date of birth is none`() {
    for text in ["", "unknown", "31 Feb 1971", "71", "1971 to", "1973 to 1971"] {
      #expect(BirthDate(text: text) == nil)
    }
  }

  @Test func `a list is kept and read again unchanged`() throws {
    let list = try lists(ofac)[0]
    let kept = try PartyList(
      id: list.id, version: list.version, source: list.source, ageMaxDays: list.ageMaxDays, content: list.content)
    #expect(kept == list)
  }
}
