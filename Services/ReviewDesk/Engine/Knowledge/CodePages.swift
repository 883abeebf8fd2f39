import Domain

/// The chapters, or what a search found.
public struct CodesPage {
  private let entries: [CodeSummary]
  private let query: String
  private let visitor: Visitor

  public static let foundMax = 100

  public init(_ entries: [CodeSummary], query: String, _ visitor: Visitor) {
    self.entries = entries
    self.query = query
    self.visitor = visitor
  }

  public var html: HTML {
    Page(title: "Codes", visitor: visitor).render {
      KnowledgeLinks(current: "/knowledge/codes").html
      HTML.element("h1") { query.isEmpty ? "Chapters" : "Codes for “\(query)”" }
      HTML.element("form", .init("method", "get"), .init("action", "/knowledge/codes"), .class("filter")) {
        HTML.element("label", .init("for", "q")) { "Words or a code" }
        HTML.element(
          "input", .id("q"), .init("name", "q"), .init("type", "search"), .init("value", query),
          .init("maxlength", "200"))
        HTML.element("button") { "Search" }
      }
      if entries.isEmpty {
        HTML.element("p", .class("empty")) { "No code has all of these words. Try fewer, or what it is made of." }
      } else {
        CodeList(entries: entries).html
      }
      if entries.count == CodesPage.foundMax {
        HTML.element("p", .class("hint")) { "The first \(CodesPage.foundMax). More words find fewer." }
      }
    }
  }
}

struct CodeList {
  let entries: [CodeSummary]

  var html: HTML {
    .element("ul", .class("codes")) {
      for entry in entries {
        HTML.element("li") {
          HTML.element("a", .class("code"), .init("href", "/knowledge/codes/\(entry.code)")) { entry.code.dotted }
          HTML.rule(entry.title)
          if let frequency = entry.frequency { HTML.element("span", .class("hint")) { frequency.phrase } }
        }
      }
    }
  }
}

/// One chapter, heading or code.
public struct CodePage {
  private let entry: CodeEntry
  private let visitor: Visitor

  public init(_ entry: CodeEntry, _ visitor: Visitor) {
    self.entry = entry
    self.visitor = visitor
  }

  public var html: HTML {
    Page(title: .verbatim(entry.code.dotted), visitor: visitor).render {
      KnowledgeLinks(current: "/knowledge/codes").html
      HTML.element("nav", .class("parents"), .init("aria-label", says: "Around this code")) {
        HTML.element("a", .init("href", "/knowledge/codes")) { "Chapters" }
        for parent in entry.parents {
          HTML.text(" › ")
          HTML.element("a", .init("href", "/knowledge/codes/\(parent.code)")) {
            HTML.text("\(parent.code.dotted) ")
            HTML.rule(parent.title)
          }
        }
      }
      HTML.element("h1") {
        HTML.element("span", .class("code")) { entry.code.dotted }
        HTML.text(" ")
        HTML.rule(entry.title)
      }
      if let frequency = entry.frequency {
        HTML.element("p", .class("hint")) { "Sellers ship it: \(frequency.phrase)." }
      }
      list("notes", "Notes", entry.notes.map { HTML.rule($0) })
      exclusions
      questions
      if !entry.children.isEmpty {
        section("below", "Below it") { CodeList(entries: entry.children).html }
      }
      national
      names
      list("listings", "Listings as sellers write them", entry.examples.map { .text($0) })
    }
  }

  private func section(_ id: String, _ title: Phrase, @HTMLBuilder _ content: () -> [HTML]) -> HTML {
    .element(
      "section", [HTMLAttribute("aria-labelledby", id)], [.element("h2", [.id(id)], [.phrase(title)])] + content())
  }

  private func list(_ id: String, _ title: Phrase, _ items: [HTML]) -> HTML {
    guard !items.isEmpty else { return .empty }
    return section(id, title) {
      HTML.element("ul", .class(items.count > 6 ? "wide" : "few")) {
        for item in items { HTML.element("li", .init("dir", "auto")) { item } }
      }
    }
  }

  private var names: HTML {
    guard !entry.names.isEmpty else { return .empty }
    return section("names", "Called") {
      HTML.element("ul", .class("names")) {
        for name in entry.names { HTML.element("li", .init("dir", "auto")) { name } }
      }
    }
  }

  private var exclusions: HTML {
    guard !entry.exclusions.isEmpty else { return .empty }
    return section("not-here", "Not here") {
      HTML.element("ul") {
        for exclusion in entry.exclusions {
          HTML.element("li") {
            HTML.rule(exclusion.phrases.joined(separator: "; "))
            if !exclusion.codes.isEmpty { HTML.text(" → ") }
            codes(exclusion.codes)
            if !exclusion.rule.isEmpty {
              HTML.text(" ")
              HTML.element("span", .class("hint")) { HTML.rule(exclusion.rule) }
            }
          }
        }
      }
    }
  }

  private var questions: HTML {
    guard !entry.questions.isEmpty else { return .empty }
    return section("questions", "Deciding questions") {
      HTML.element("dl", .class("questions")) {
        for question in entry.questions {
          HTML.element("dt") { HTML.rule(question.text) }
          for (text, codes) in question.answers {
            HTML.element("dd") {
              HTML.rule(text)
              HTML.text(" → ")
              self.codes(codes)
            }
          }
        }
      }
    }
  }

  private func codes(_ codes: [HSCode]) -> [HTML] {
    codes.enumerated().flatMap { index, code -> [HTML] in
      let link = HTML.element("a", .class("code"), .init("href", "/knowledge/codes/\(code)")) { code.dotted }
      return index == 0 ? [link] : [.text(", "), link]
    }
  }

  private var national: HTML {
    guard !entry.national.isEmpty else { return .empty }
    return section("national", "National lines and ordinary duty") {
      for national in entry.national where !national.lines.isEmpty {
        HTML.element("details", .class("action")) {
          HTML.element("summary") {
            national.lines.count == 1
              ? "\(national.market): 1 national line" : "\(national.market): \(national.lines.count) national lines"
          }
          table(national)
        }
      }
    }
  }

  private func table(_ national: CodeEntry.National) -> HTML {
    Table(
      name: "National lines of \(national.market)", columns: ["Code", "Ordinary duty", "Source"],
      rows: national.lines.map { line in
        [
          .html(.element("span", [.class("code")], [.text(line.code.dotted)])),
          line.duty.map { .text($0) } ?? .phrase("not known"), .html(.rule(line.source ?? "")),
        ]
      }
    ).html
  }
}

extension CodeEntry.Frequency {
  fileprivate var phrase: Phrase {
    switch self {
    case .daily: "daily"
    case .common: "common"
    case .rare: "rare"
    }
  }
}
