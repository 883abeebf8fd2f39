/// A table that scrolls by itself where it is wider or longer than its place.
struct Table {
  enum Cell: ExpressibleByStringInterpolation {
    case text(String)
    /// Set to the right, so that digits stand under digits.
    case number(String)
    case html(HTML)

    init(stringLiteral text: String) { self = .text(text) }
  }

  var name: String
  var columns: [String]
  var rows: [[Cell]]

  var html: HTML {
    guard !rows.isEmpty else { return .element("p", .class("empty")) { "Nothing yet." } }
    return .element(
      "div", .class("scroll"), .init("role", "region"), .init("aria-label", "Table: \(name)"), .init("tabindex", "0")
    ) {
      HTML.element("table") {
        HTML.element("thead") {
          HTML.element("tr") {
            for (index, column) in columns.enumerated() {
              HTML.element(
                "th", [HTMLAttribute("scope", "col")] + (isNumber(index) ? [.class("figure")] : []), [.text(column)])
            }
          }
        }
        HTML.element("tbody") {
          for row in rows { HTML.element("tr") { for cell in row { Table.html(cell) } } }
        }
      }
    }
  }

  private func isNumber(_ column: Int) -> Bool {
    guard let cell = rows.first?.dropFirst(column).first, case .number = cell else { return false }
    return true
  }

  private static func html(_ cell: Cell) -> HTML {
    switch cell {
    case .text(let text): .element("td", .init("dir", "auto")) { text }
    case .number(let text): .element("td", .class("figure")) { text }
    case .html(let html): .element("td") { html }
    }
  }
}
