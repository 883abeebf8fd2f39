/// A table that scrolls by itself where it is wider or longer than its place. On a phone each row stands by itself, its cells
/// under each other with the names of their columns.
struct Table {
  enum Cell {
    /// What somebody wrote, or a code.
    case text(String)
    case phrase(Phrase)
    /// Set to the right, so that digits stand under digits.
    case number(Phrase)
    case html(HTML)
  }

  var name: Phrase
  var columns: [Phrase]
  var rows: [[Cell]]

  var html: HTML {
    guard !rows.isEmpty else { return .element("p", .class("empty")) { "Nothing yet." } }
    return .element(
      "div", .class("scroll"), .init("role", "region"), .init("aria-label", says: "Table: \(name)"),
      .init("tabindex", "0")
    ) {
      HTML.element("table", .class("stacks")) {
        HTML.element("thead") {
          HTML.element("tr") {
            for (index, column) in columns.enumerated() {
              HTML.element(
                "th", [HTMLAttribute("scope", "col")] + (isNumber(index) ? [.class("figure")] : []), [.phrase(column)])
            }
          }
        }
        HTML.element("tbody") {
          for row in rows {
            HTML.element("tr") { for (cell, column) in zip(row, columns) { Table.html(cell, of: column) } }
          }
        }
      }
    }
  }

  private func isNumber(_ column: Int) -> Bool {
    guard let cell = rows.first?.dropFirst(column).first, case .number = cell else { return false }
    return true
  }

  private static func html(_ cell: Cell, of column: Phrase) -> HTML {
    let label = HTMLAttribute("data-label", says: column)
    return switch cell {
    case .text(let text): .element("td", label, .init("dir", "auto")) { text }
    case .phrase(let phrase): .element("td", label) { phrase }
    case .number(let phrase): .element("td", label, .class("figure")) { phrase }
    case .html(let html): .element("td", label) { html }
    }
  }
}
