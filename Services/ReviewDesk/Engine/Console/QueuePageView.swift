import Domain

/// The queue as a table: gravest first, then oldest.
public struct QueuePageView {
  private let page: QueuePage
  private let visitor: Visitor
  private let previous: CaseID?
  private let now: Instant

  /// - Parameter previous: the case that was dealt with a moment ago, when no other is next.
  public init(_ page: QueuePage, _ visitor: Visitor, previous: CaseID? = nil, now: Instant) {
    self.page = page
    self.visitor = visitor
    self.previous = previous
    self.now = now
  }

  public var html: HTML {
    Page(title: "Queue", visitor: visitor).render {
      HTML.element("h1") { "Cases that wait for a person" }
      HTML.element("p", .class("sum")) { summary }
      if let previous {
        PreviousCase(id: previous).html
        HTML.element("p") { "No other case is next for you." }
      }
      HTML.element("div", .class("tools")) {
        if visitor.reviewer.servedRoles?.isEmpty != true { next }
        filter
      }
      if page.entries.isEmpty {
        HTML.element("p", .class("empty")) { "Nothing waits here." }
      } else {
        table
      }
      pager
    }
  }

  private var summary: Phrase {
    page.waitingCount == 1
      ? "1 case waits. The gravest come first, then the oldest."
      : "\(page.waitingCount) cases wait. The gravest come first, then the oldest."
  }

  private var next: HTML {
    .element("form", .init("method", "post"), .init("action", "/next")) {
      visitor.token
      HTML.element("button", .class("main")) { "Next case" }
    }
  }

  // MARK: Filter

  private var filter: HTML {
    .element("form", .init("method", "get"), .init("action", "/queue"), .class("filter")) {
      HTML.element("label", .init("for", "market")) { "Market" }
      HTML.element(
        "input", .id("market"), .init("name", "market"), .init("value", page.query.market?.code ?? ""),
        .init("maxlength", "2"), .init("size", "4"), .init("placeholder", says: "all"))
      HTML.element("label", .init("for", "role")) { "Role" }
      HTML.element("select", .id("role"), .init("name", "role")) {
        HTML.element("option", .init("value", "")) { "all" }
        for role in ReviewerRole.allCases {
          HTML.element("option", .init("value", role.rawValue), .init("selected", if: role == page.query.role)) {
            role.words
          }
        }
      }
      HTML.element("button") { "Show" }
    }
  }

  // MARK: Table

  private static let columns: [Phrase] = [
    "Risk", "Market", "Product", "Why it waits", "Lane", "For", "In hand", "Age",
  ]

  private var table: HTML {
    .element(
      "div", .class("scroll"), .init("role", "region"), .init("aria-label", says: "Queue"), .init("tabindex", "0")
    ) {
      HTML.element("table", .class("queue")) {
        HTML.element("thead") {
          HTML.element("tr") {
            for name in Self.columns {
              HTML.element("th", .init("scope", "col")) { name }
            }
          }
        }
        HTML.element("tbody") { for entry in page.entries { row(entry) } }
      }
    }
  }

  private func row(_ entry: QueueEntry) -> HTML {
    .element("tr") {
      HTML.element("td", .class("number")) { RiskBadge(entry.riskScore).html }
      HTML.element("td") { entry.market.code }
      HTML.element("td", .class("product")) {
        HTML.element("a", .init("href", "/cases/\(entry.caseID)"), .init("dir", "auto")) { entry.title }
        HTML.element("span", .class("sku")) { entry.sku }
      }
      HTML.element("td", .class("why")) { HTML.rule(entry.reason) }
      HTML.element("td") { entry.lane.words }
      HTML.element("td") { Phrase.list(entry.roles.map(\.words)) }
      HTML.element("td", .class("in-hand"), .init("dir", "auto")) { inHand(entry.handling) }
      HTML.element("td", .class("age")) {
        HTML.element("time", .init("datetime", entry.openedAt.description)) { Age(from: entry.openedAt, to: now).text }
      }
    }
  }

  private func inHand(_ handling: CaseHandling) -> Phrase {
    if let hold = handling.hold {
      let who: Phrase = hold.holder == visitor.reviewer.actor ? "you" : .verbatim(hold.name)
      return "\(who), \(hold.remaining(at: now))"
    }
    if let until = handling.snoozedUntil, until > now { return "put off until \(until)" }
    if let assignment = handling.assignment { return "given to \(assignment.name)" }
    return ""
  }

  // MARK: Pages

  private var pager: HTML {
    guard page.query.offset > 0 || page.hasMore else { return .empty }
    return .element("nav", .class("pager"), .init("aria-label", says: "Pages of the queue")) {
      if page.query.offset > 0 {
        HTML.element("a", .init("href", link(offset: max(0, page.query.offset - page.query.limit)))) { "Before" }
      }
      if page.hasMore {
        HTML.element("a", .init("href", link(offset: page.query.offset + page.query.limit))) { "Next" }
      }
    }
  }

  private func link(offset: Int) -> String {
    let market = page.query.market?.code ?? ""
    return "/queue?market=\(market)&role=\(page.query.role?.rawValue ?? "")&offset=\(offset)"
  }
}

/// The risk as a figure and a word, never as a colour alone.
struct RiskBadge {
  private let score: Int

  init(_ score: Int) { self.score = score }

  private var level: String { score >= 70 ? "high" : score >= 40 ? "medium" : "low" }

  private var word: Phrase { score >= 70 ? "high" : score >= 40 ? "medium" : "low" }

  var html: HTML {
    .element("span", .class("risk \(level)")) {
      HTML.text("\(score)")
      HTML.element("span", .class("word")) { " \(word)" as Phrase }
    }
  }
}

/// How long ago, in the largest unit that fits.
struct Age {
  private let minutes: Int64

  init(from start: Instant, to now: Instant) { minutes = max(0, now.timeIntervalMilliseconds(since: start) / 60_000) }

  var text: Phrase {
    switch minutes {
    case 0: "just now"
    case ..<60: "\(minutes) min"
    case ..<2880: "\(minutes / 60) h"
    default: "\(minutes / 1440) days"
    }
  }

  var ago: Phrase { minutes == 0 ? text : "\(text) ago" }
}
