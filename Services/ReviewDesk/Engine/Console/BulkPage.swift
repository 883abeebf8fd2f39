import Domain
import JSON

/// Deciding many cases alike: what, then exactly what would happen to each, then what happened.
public struct BulkPage {
  public enum Step: Sendable {
    case form
    case preview([BulkItem], BulkRequest, hasMore: Bool)
    case results([BulkItem])
  }

  private let step: Step
  private let query: QueueQuery
  private let visitor: Visitor
  private let attempt: CasePage.Attempt?
  private let now: Instant

  public init(
    _ step: Step, of query: QueueQuery, _ visitor: Visitor, attempt: CasePage.Attempt? = nil, now: Instant
  ) {
    self.step = step
    self.query = query
    self.visitor = visitor
    self.attempt = attempt
    self.now = now
  }

  public var html: HTML {
    Page(title: "Decide together", visitor: visitor).render {
      HTML.element("h1") { "Decide cases together" }
      HTML.element("p", .class("sum"), .init("dir", "auto")) { pattern }
      if let attempt { AttemptFault(attempt.refusal).html }
      switch step {
      case .form: form
      case .preview(let items, let request, let hasMore): preview(items, request, hasMore)
      case .results(let items): results(items)
      }
      HTML.element("p") { HTML.element("a", .init("href", queueLink)) { "Back to the queue" } }
    }
  }

  private var pattern: Phrase {
    "Cases with \(Phrase.list(query.parameters.map { "\(FieldFault.name(of: $0.name)) “\($0.value)”" }))."
  }

  private var queueLink: String { "/queue?" + QueryString.encoded(query.parameters) }

  // MARK: What

  private var form: HTML {
    .element("form", .init("method", "post"), .init("action", "/bulk/preview"), .class("stack action narrow-form")) {
      visitor.token
      hidden("query", QueryString.encoded(query.parameters))
      HTML.element("fieldset") {
        HTML.element("legend") { "Decision for each" }
        choice("approve", "Approve its best candidate, or the code below if it is one of its candidates")
        choice("override", "Override with the code below")
        choice("reject", "Reject")
        choice("ask", "Ask the supplier")
      }
      HTML.element("label", .init("for", "bulk-code")) { "Code" }
      HTML.element(
        "input", .id("bulk-code"), .init("name", "code"), .init("value", typed("code")), .init("inputmode", "decimal"),
        .init("size", "14"), .init("maxlength", "16"), .init("autocomplete", "off"))
      area("reason", "Reason")
      area("evidence", "Documents, where they are asked for: number of each, or where it is kept")
      area("question", "Question to the supplier")
      HTML.element("button", .class("main")) { "Show what would happen" }
      HTML.element("p", .class("hint")) {
        "At most \(BulkRequest.casesMax) at a time. Each case keeps to the rules that a single decision keeps to."
      }
    }
  }

  private func choice(_ action: String, _ words: Phrase) -> HTML {
    .element("label", .class("choice")) {
      HTML.element(
        "input", .init("type", "radio"), .init("name", "action"), .init("value", action), .init("required"),
        .init("checked", if: typed("action") == action))
      HTML.element("span") { words }
    }
  }

  private func area(_ name: String, _ label: Phrase) -> HTML {
    .fragment([
      .element("label", .init("for", "bulk-\(name)")) { label },
      .element(
        "textarea", .id("bulk-\(name)"), .init("name", name), .init("rows", "2"), .init("maxlength", "4000"),
        .init("dir", "auto")
      ) { typed(name) },
    ])
  }

  private func typed(_ name: String) -> String { attempt?.fields[name] ?? "" }

  // MARK: What would happen

  private func preview(_ items: [BulkItem], _ request: BulkRequest, _ hasMore: Bool) -> HTML {
    .element("form", .init("method", "post"), .init("action", "/bulk/decisions")) {
      visitor.token
      hidden("query", QueryString.encoded(query.parameters))
      hidden("action", request.action.rawValue)
      if let code = request.code { hidden("code", code.digits) }
      if let reason = request.reason { hidden("reason", reason) }
      if let evidence = request.evidence { hidden("evidence", evidence) }
      if let question = request.question { hidden("question", question) }
      HTML.element("p", .init("role", "status")) { summary(items, hasMore) }
      table(items, ["", "Product", "Market", "Now", "What would happen"]) { item in
        [box(item), product(item), .text(item.entry?.market.code ?? ""), .rule(item.entry?.reason ?? ""), words(item)]
      }
      if items.contains(where: \.isPossible) {
        HTML.element("button", .class("main")) { "Do this to the cases that are ticked" }
      }
    }
  }

  private func summary(_ items: [BulkItem], _ hasMore: Bool) -> Phrase {
    let possible = items.count(where: \.isPossible)
    let more: Phrase = hasMore ? " There are more; these come first." : ""
    return
      "Nothing has happened yet. Of \(items.count) cases \(possible) would be decided, and the others left alone.\(more)"
  }

  private func box(_ item: BulkItem) -> HTML {
    guard item.isPossible else { return .text("") }
    return .element(
      "input", .init("type", "checkbox"), .init("name", "case"), .init("value", "\(item.caseID).\(item.version)"),
      .init("checked"), .init("aria-label", says: "Decide \(item.entry.map { .verbatim($0.sku) } ?? "this case")"))
  }

  private func product(_ item: BulkItem) -> HTML {
    .fragment([
      .element("a", .init("href", "/cases/\(item.caseID)"), .init("dir", "auto")) {
        item.entry.map { HTML.text($0.title) } ?? .phrase("the case")
      },
      .element("span", .class("sku")) { item.entry?.sku ?? "" },
    ])
  }

  // MARK: What happened

  private func results(_ items: [BulkItem]) -> HTML {
    .fragment([
      .element("p", .init("role", "status")) {
        "\(items.count(where: \.isDone)) of \(items.count) cases were decided."
      },
      table(items, ["Case", "What happened"]) { item in
        [.element("a", .init("href", "/cases/\(item.caseID)")) { item.entry?.sku ?? "\(item.caseID)" }, words(item)]
      },
    ])
  }

  // MARK: Parts

  private func words(_ item: BulkItem) -> HTML {
    switch item.outcome {
    case .would(let ruling): .phrase(would(ruling))
    case .refused(let refusal): .element("span", .class("refused"), .init("dir", "auto")) { "No. \(refusal.detail)" }
    case .done(let standing): .phrase(done(standing["state"]?.stringValue, canBeUndone: standing["undoUntil"] != nil))
    case .unknown: .element("span", .class("refused")) { BulkItem.unknownDetail }
    }
  }

  private func would(_ ruling: Ruling) -> Phrase {
    let code: Phrase = ruling.code.map { " with \($0.dotted)" } ?? ""
    switch ruling {
    case .decide(let kind, _, _): return "It is \(kind.phrase)\(code)."
    case .opine: return "Your opinion\(code) is the first of two."
    case .differ: return "Your opinion\(code) differs from the first: the compliance lead decides."
    case .ask: return "The supplier is asked."
    }
  }

  private func done(_ state: String?, canBeUndone: Bool) -> Phrase {
    if canBeUndone { return "Decided; it can still be undone on its page." }
    return "Done: it is \((state.flatMap(CaseState.init(rawValue:)) ?? .decided).phrase)."
  }

  private func hidden(_ name: String, _ value: String) -> HTML {
    .element("input", .init("type", "hidden"), .init("name", name), .init("value", value))
  }

  private func table(_ items: [BulkItem], _ columns: [Phrase], _ cells: (BulkItem) -> [HTML]) -> HTML {
    .element(
      "div", .class("scroll"), .init("role", "region"), .init("aria-label", says: "Cases"), .init("tabindex", "0")
    ) {
      HTML.element("table", .class("queue bulk stacks")) {
        HTML.element("thead") {
          HTML.element("tr") {
            for name in columns {
              if name.key.isEmpty { HTML.element("td") } else { HTML.element("th", .init("scope", "col")) { name } }
            }
          }
        }
        HTML.element("tbody") {
          for item in items {
            HTML.element("tr") {
              for (cell, column) in zip(cells(item), columns) {
                HTML.element("td", .init("data-label", says: column)) { cell }
              }
            }
          }
        }
      }
    }
  }
}

extension BulkItem {
  var isPossible: Bool { if case .would = outcome { true } else { false } }
  var isDone: Bool { if case .done = outcome { true } else { false } }
}
