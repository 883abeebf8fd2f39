import Domain

/// What authorities ruled about kinds of goods, kept where they do not agree.
public struct RulingsPage {
  private let book: RulingBook?
  private let query: String
  private let visitor: Visitor

  public init(_ book: RulingBook?, query: String, _ visitor: Visitor) {
    self.book = book
    self.query = query
    self.visitor = visitor
  }

  private var topics: [RulingBook.Topic] {
    let wanted = query.lowercased().split(separator: " ")
    return (book?.topics ?? []).filter { topic in
      let text =
        ([topic.goods] + topic.words
        + topic.rulings.flatMap { [$0.reference, $0.code.digits, $0.code.dotted, $0.goods] })
        .joined(separator: " ").lowercased()
      return wanted.allSatisfy { text.contains($0) }
    }
  }

  public var html: HTML {
    Page(title: "Rulings", visitor: visitor).render {
      KnowledgeLinks(current: "/knowledge/rulings").html
      HTML.element("h1") { "Rulings" }
      HTML.element("p", .class("sum")) {
        book.map { "Kinds of goods about which authorities do not agree; \($0.topics.count) of them, \($0.version)." }
          ?? "No rulings are installed."
      }
      HTML.element("form", .init("method", "get"), .init("action", "/knowledge/rulings"), .class("filter")) {
        HTML.element("label", .init("for", "q")) { "Words, a code or a reference" }
        HTML.element(
          "input", .id("q"), .init("name", "q"), .init("type", "search"), .init("value", query),
          .init("maxlength", "200"))
        HTML.element("button") { "Search" }
      }
      if topics.isEmpty { HTML.element("p", .class("empty")) { "None has all of these words." } }
      for topic in topics { section(topic) }
    }
  }

  private func section(_ topic: RulingBook.Topic) -> HTML {
    .element("section", .init("aria-labelledby", "topic-\(topic.id)")) {
      HTML.element("h2", .id("topic-\(topic.id)")) { HTML.rule(topic.goods) }
      HTML.element("p", .class("hint")) {
        topic.disagrees ? "They do not agree." : "Those that stand agree."
        HTML.text(" ")
        "Found by:"
        HTML.text(" ")
        HTML.rule("\(topic.words.joined(separator: ", ")).")
      }
      Table(
        name: .verbatim(topic.goods), columns: ["Authority", "Reference", "Date", "Code", "Goods and why", "Standing"],
        rows: topic.rulings.map { ruling in
          [
            .text(ruling.authority), .text(ruling.reference), .phrase("\(ruling.date)"),
            .html(
              .element(
                "a", [.class("code"), HTMLAttribute("href", "/knowledge/codes/\(ruling.code.subheading)")],
                [.text(ruling.code.dotted)])),
            .html(.rule(ruling.goods)), .phrase(ruling.withdrawnBy.map { "taken back by \($0)" } ?? "stands"),
          ]
        }
      ).html
    }
  }
}
