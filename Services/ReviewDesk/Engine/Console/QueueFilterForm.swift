import Domain

/// What of the queue is shown: search and filters.
struct QueueFilterForm {
  let query: QueueQuery

  var html: HTML {
    .element(
      "form", .init("method", "get"), .init("action", "/queue"), .class("filter"), .init("role", "search")
    ) {
      field("q", "Search", size: "28", maxLength: "200", value: query.text ?? "", hint: "SKU, title, code or shipment")
      field("market", "Market", size: "4", maxLength: "2", value: query.market?.code ?? "", hint: "all")
      select("role", "For", query.role?.rawValue, ReviewerRole.allCases.map { ($0.rawValue, $0.phrase) })
      select("state", "State", query.state?.rawValue, QueueQuery.states.map { ($0.rawValue, $0.phrase) })
      select("kind", "Held for", query.kind?.rawValue, QueueQuery.kinds.map { ($0.rawValue, $0.phrase) })
      select(
        "lane", "Lane", query.lane?.rawValue, Lane.allCases.filter { $0 != .auto }.map { ($0.rawValue, $0.phrase) })
      field("chapter", "Chapter", size: "4", maxLength: "2", value: query.chapter ?? "", hint: "all")
      field(
        "hours", "Hours at least", size: "5", maxLength: "5", value: query.hours.map(String.init) ?? "", hint: "any")
      HTML.element("label", .class("choice")) {
        HTML.element(
          "input", .init("type", "checkbox"), .init("name", "assigned"), .init("value", "me"),
          .init("checked", if: query.isMine))
        "Given to me"
      }
      HTML.element("button") { "Show" }
      if query.isFiltered {
        HTML.element("a", .init("href", "/queue?q=")) { "Show all" }
        HTML.element("a", .init("href", "/bulk?\(QueryString.encoded(query.parameters))")) { "Decide these together" }
      }
      HTML.element("a", .init("href", "/queue.csv?\(QueryString.encoded(query.parameters))")) { "Download as a table" }
    }
  }

  private func field(
    _ name: String, _ label: Phrase, size: String, maxLength: String, value: String, hint: Phrase
  ) -> HTML {
    .element("label", .class("field")) {
      HTML.element("span") { label }
      HTML.element(
        "input", .id("filter-\(name)"), .init("name", name), .init("value", value), .init("size", size),
        .init("maxlength", maxLength), .init("placeholder", says: hint), .init("dir", "auto"),
        .init("autocomplete", "off"),
        name == "q" ? .init("data-key", "/") : .init("data-key", if: false))
    }
  }

  private func select(_ name: String, _ label: Phrase, _ chosen: String?, _ options: [(String, Phrase)]) -> HTML {
    .element("label", .class("field")) {
      HTML.element("span") { label }
      HTML.element("select", .id("filter-\(name)"), .init("name", name)) {
        HTML.element("option", .init("value", "")) { "all" }
        for (value, words) in options {
          HTML.element("option", .init("value", value), .init("selected", if: value == chosen)) { words }
        }
      }
    }
  }
}
