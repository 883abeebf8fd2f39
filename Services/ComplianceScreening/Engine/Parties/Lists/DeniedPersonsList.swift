import CSV
import Domain
import Names

/// The US Denied Persons List: a table with tabs, without numbers, so that an entry is known by its name and the day its
/// order began.
struct DeniedPersonsList {
  let entries: [ListedParty]

  init(_ text: [UInt8]) throws(PartyList.FormatError) {
    var rows = DelimitedText(text, delimiter: "\t").rows[...]
    guard let header = rows.popFirst() else { throw PartyList.FormatError(line: 1, reason: "the list is empty") }
    let columns = DelimitedText.columns(header)
    guard let name = columns["name"], let effective = columns["effectivedate"] else {
      throw PartyList.FormatError(line: 1, reason: "the columns Name and Effective_Date must be there")
    }
    var used: [String: Int] = [:]
    entries = rows.compactMap { row in
      let text = ListText.trimmed(row[name])
      guard !text.isEmpty else { return nil }
      let base = "\(text) \(row[effective])"
      used[base, default: 0] += 1
      let count = used[base] ?? 1
      return ListedParty(
        id: count == 1 ? base : "\(base) \(count)", names: [ListedName(text)],
        countries: ListText.countries([row[columns["country"]]]), programmes: ["denied persons"])
    }
  }
}
