import Domain

/// What the product has in each of its markets, side by side.
struct MarketsSection {
  let matrix: MarketMatrix
  /// The case in hand; nil on the product's own page.
  var current: CaseID?

  var html: HTML {
    .element("section", .init("aria-labelledby", "markets")) {
      HTML.element("h2", .id("markets")) { "In each market" }
      if matrix.codesDiffer {
        HTML.element("p", .class("fault")) {
          "The six digits differ: \(differing)."
        }
      }
      Table(name: "In each market", columns: columns, rows: matrix.rows.map(row)).html
    }
  }

  private var columns: [Phrase] {
    let all: [Phrase] = ["Market", "Code", "Confidence", "Lane", "State", "Restrictions", "Duty"]
    return current == nil ? all + ["Today"] : all
  }

  private var differing: Phrase {
    .list(matrix.codes.map { "\($0.subheading) in \($0.markets.map(\.code).joined(separator: ", "))" }, separator: "; ")
  }

  private func row(_ row: MarketMatrix.Row) -> [Table.Cell] {
    let cells: [Table.Cell] = [
      .html(market(row)), .html(code(row)), .number(.verbatim(row.candidate?.confidence.percent ?? "")),
      .phrase(row.lane?.phrase ?? ""), .phrase(row.state.phrase), .html(restrictions(row)),
      .html(row.duty.map { DutyLine($0).html } ?? .empty),
    ]
    guard current == nil else { return cells }
    let replay = HTML.element("a", .init("href", "/cases/\(row.caseID)/replay")) { "Replay \(row.market)" }
    return cells + [.html(replay)]
  }

  private func market(_ row: MarketMatrix.Row) -> HTML {
    guard row.caseID != current else {
      return .fragment([.element("strong", [], [.text(row.market.code)]), .text(" "), .phrase("(this case)")])
    }
    return .element("a", [HTMLAttribute("href", "/cases/\(row.caseID)")], [.text(row.market.code)])
  }

  private func code(_ row: MarketMatrix.Row) -> HTML {
    guard let code = row.code else { return .phrase("none") }
    return .fragment([
      .element(
        "a", [.class("code"), HTMLAttribute("href", "/knowledge/codes/\(code.subheading)")], [.text(code.dotted)]),
      .text(" "), .element("span", [.class("hint")], [.phrase(row.decision?.kind.phrase ?? "proposed")]),
    ])
  }

  private func restrictions(_ row: MarketMatrix.Row) -> HTML {
    guard !row.restrictions.isEmpty else { return .phrase("none") }
    return .element("ul", .class("plain")) {
      for finding in row.restrictions {
        HTML.element("li") {
          HTML.element("strong") { finding.effect.phrase }
          HTML.text(" ")
          HTML.rule(finding.summary)
        }
      }
    }
  }
}
