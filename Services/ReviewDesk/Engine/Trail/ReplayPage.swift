import Domain

/// What would be decided about a case today, and whether it would differ.
public struct ReplayPage {
  private let file: CaseFile
  private let replay: Replay
  private let visitor: Visitor

  public init(_ file: CaseFile, _ replay: Replay, _ visitor: Visitor) {
    self.file = file
    self.replay = replay
    self.visitor = visitor
  }

  public var html: HTML {
    Page(title: "Replay of \(file.product.sku)", visitor: visitor).render {
      HTML.element("div", .class("why-here \(replay.wouldDiffer ? "waits" : "done")")) {
        HTML.element("p") {
          HTML.element("strong") {
            replay.wouldDiffer ? "Today something would differ." : "Today the same would come out."
          }
        }
      }
      HTML.element("h1") {
        "Replay of"
        HTML.text(" ")
        HTML.element("a", .init("href", "/cases/\(file.id)")) { "\(file.product.sku) in \(file.market)" }
      }
      HTML.element("p", .class("hint")) {
        """
        The case was classified and screened once more with the model, packs, lists, rules and policy in force. Its own \
        decisions were left out of the precedents. No second opinion was asked for. Nothing was stored and nobody was told.
        """
      }
      if let decision = file.decision { HTML.element("p") { self.decided(decision) } }
      differences
      findings("New today", replay.new)
      findings("Gone since then", replay.gone)
      versions
    }
  }

  private func decided(_ decision: Decision) -> [HTML] {
    let code: Phrase = decision.code.map { .verbatim($0.dotted) } ?? "no code"
    let agrees = decision.code.map { code in
      replay.today.classification.best.map { $0.code.agrees(with: code) } ?? false
    }
    let verdict: Phrase? = agrees.map {
      $0 ? "Today's best candidate agrees with it." : "Today's best candidate is another."
    }
    return [
      .phrase("Decision: \(decision.kind.phrase), \(code), \(decision.decidedBy.words)."), .text(" "),
      .phrase(verdict ?? ""),
    ]
  }

  private var differences: HTML {
    .element("section", .init("aria-labelledby", "differences")) {
      HTML.element("h2", .id("differences")) { "What would differ" }
      if replay.differences.isEmpty {
        HTML.element("p", .class("empty")) { "Neither code, lane, roles, duty nor risk." }
      } else {
        table("What would differ", replay.differences)
      }
    }
  }

  private func findings(_ title: Phrase, _ findings: [Finding]) -> HTML {
    guard !findings.isEmpty else { return .empty }
    return .element("section") {
      HTML.element("h2") { title }
      HTML.element("ul", .class("findings")) { for finding in findings { FindingsSection.item(finding) } }
    }
  }

  private var versions: HTML {
    .element("section", .init("aria-labelledby", "versions")) {
      HTML.element("h2", .id("versions")) { "What was in force" }
      table("What was in force", replay.versions)
    }
  }

  private func table(_ name: Phrase, _ differences: [Replay.Difference]) -> HTML {
    Table(
      name: name, columns: ["What", "Then", "Today"],
      rows: differences.map { difference in
        [.phrase(difference.what), .phrase(difference.then), changed(difference)]
      }
    ).html
  }

  private func changed(_ difference: Replay.Difference) -> Table.Cell {
    difference.then == difference.today
      ? .phrase(difference.today) : .html(.element("strong", [], [.phrase(difference.today)]))
  }
}
