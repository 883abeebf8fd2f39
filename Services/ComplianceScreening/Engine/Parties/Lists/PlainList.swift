import CSV
import Domain
import Names

/// A list that anyone can write: CSV with the columns `id` and `name`, and any of `type`, `aliases`, `weak_aliases`,
/// `country`, `date_of_birth`, `identifiers`, `programme`; several values of one cell stand between semicolons.
enum PlainList {
  static func entries(_ csv: [UInt8]) throws(PartyList.FormatError) -> [ListedParty] {
    guard String(validating: csv, as: UTF8.self) != nil else {
      throw PartyList.FormatError(line: 1, reason: "the list is not UTF-8")
    }
    var rows = DelimitedText(csv).rows[...]
    guard let header = rows.popFirst() else { throw PartyList.FormatError(line: 1, reason: "the list is empty") }
    let columns = DelimitedText.columns(header)
    guard columns["id"] != nil, columns["name"] != nil else {
      throw PartyList.FormatError(line: 1, reason: "the columns id and name must be there")
    }
    var entries: [ListedParty] = []
    for row in rows { entries.append(try entry(row, columns)) }
    return entries
  }

  private static func entry(_ row: DelimitedText.Row, _ columns: [String: Int]) throws(PartyList.FormatError)
    -> ListedParty
  {
    let (id, name) = (row[columns["id"]], row[columns["name"]])
    guard !id.isEmpty, !name.isEmpty else {
      throw PartyList.FormatError(line: row.line, reason: "an entry needs an id and a name")
    }
    func values(_ column: String) -> [String] { ListText.values(row[columns[column]]) }
    return ListedParty(
      id: id, kind: ListText.kind(row[columns["type"]]),
      names: [ListedName(name)] + values("aliases").map { ListedName($0, .strong) }
        + values("weakaliases").map { ListedName($0, .weak) },
      births: values("dateofbirth").compactMap(BirthDate.init(text:)),
      countries: ListText.countries(values("country")),
      identifiers: values("identifiers").compactMap(ListedParty.identifier), programmes: values("programme"))
  }
}
