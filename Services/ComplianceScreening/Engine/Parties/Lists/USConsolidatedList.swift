import CSV
import Domain
import Names

/// The US consolidated screening list as CSV: the lists of several agencies with one header.
struct USConsolidatedList {
  let entries: [ListedParty]

  init(_ text: [UInt8]) throws(PartyList.FormatError) {
    var rows = DelimitedText(text).rows[...]
    guard let header = rows.popFirst() else { throw PartyList.FormatError(line: 1, reason: "the list is empty") }
    let columns = DelimitedText.columns(header)
    guard columns["name"] != nil, columns["source"] != nil else {
      throw PartyList.FormatError(line: 1, reason: "the columns source and name must be there")
    }
    var entries: [ListedParty] = []
    for row in rows {
      let name = ListText.trimmed(row[columns["name"]])
      guard !name.isEmpty else { throw PartyList.FormatError(line: row.line, reason: "an entry needs a name") }
      func values(_ column: String) -> [String] { ListText.values(row[columns[column]]) }
      let id = [row[columns["id"]], row[columns["entitynumber"]], name].first { !$0.isEmpty } ?? name
      entries.append(
        ListedParty(
          id: id, kind: ListText.kind(row[columns["type"]]),
          names: ListText.unique([ListedName(name)] + values("altnames").map { ListedName($0, .strong) }),
          births: values("datesofbirth").compactMap(BirthDate.init(text:)),
          countries: ListText.countries(
            values("citizenships") + values("nationalities") + values("vesselflag")
              + values("addresses").compactMap { $0.split(separator: ",").last.map(ListText.trimmed) }),
          identifiers: ListText.unique(USConsolidatedList.identifiers(values("ids"))),
          programmes: values("programs") + [row[columns["source"]]].filter { !$0.isEmpty }))
    }
    self.entries = entries
  }

  /// `Passport, A123, IR`: the number is what has digits and is no date.
  private static func identifiers(_ texts: [String]) -> [String] {
    texts.flatMap { text in
      text.split(separator: ",").map(ListText.trimmed)
        .filter { CalendarDate($0) == nil && $0.contains(where: \.isNumber) }.compactMap(ListedParty.identifier)
    }
  }
}
