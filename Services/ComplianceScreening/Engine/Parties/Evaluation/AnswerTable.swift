import CSV

/// A CSV file of questions with their known answers: a file that cannot be measured by is refused, never measured as nothing.
struct AnswerTable {
  let rows: ArraySlice<DelimitedText.Row>
  private let columns: [String: Int]

  /// - Parameter required: columns as they are called, such as `is_match`.
  init(csv: [UInt8], required: [String]) throws(PartyList.FormatError) {
    if csv.starts(with: [0xFF, 0xFE]) || csv.starts(with: [0xFE, 0xFF]) || csv.prefix(64).contains(0) {
      throw PartyList.FormatError(line: 1, reason: "the text is UTF-16 or no text; save it as CSV in UTF-8")
    }
    var rows = DelimitedText(csv).rows[...]
    columns = rows.popFirst().map(DelimitedText.columns) ?? [:]
    self.rows = rows.filter { $0.cells.contains { !$0.isEmpty } }[...]
    let missing = required.filter { column($0) == nil }
    guard missing.isEmpty else {
      throw PartyList.FormatError(
        line: 1,
        reason: "the columns \(AnswerTable.list(required)) must be there; \(AnswerTable.list(missing)) "
          + (missing.count == 1 ? "is missing" : "are missing"))
    }
    guard !self.rows.isEmpty else { throw PartyList.FormatError(line: 2, reason: "there is no row below the header") }
  }

  func text(_ row: DelimitedText.Row, _ name: String) -> String { ListText.trimmed(row[column(name)]) }

  func truth(_ row: DelimitedText.Row, _ column: String) throws(PartyList.FormatError) -> Bool {
    switch text(row, column).lowercased() {
    case "true", "t", "yes", "y", "1": return true
    case "false", "f", "no", "n", "0": return false
    default:
      throw PartyList.FormatError(
        line: row.line, reason: "\(column) is '\(text(row, column))'; write true or false")
    }
  }

  private func column(_ name: String) -> Int? { columns[name.filter { $0 != "_" }] }

  private static func list(_ names: [String]) -> String {
    names.count < 2 ? names.joined() : "\(names.dropLast().joined(separator: ", ")) and \(names[names.count - 1])"
  }
}
