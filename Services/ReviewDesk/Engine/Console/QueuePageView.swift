import Domain

/// The queue as a table, in its order: by risk and by how much of its time a case has waited.
public struct QueuePageView {
  private let page: QueuePage
  private let visitor: Visitor
  private let views: QueueViewList
  private let previous: PreviousCase?
  private let now: Instant

  /// - Parameters:
  ///   - views: those the visitor keeps.
  ///   - previous: the case that was dealt with a moment ago, when no other is next.
  public init(
    _ page: QueuePage, _ visitor: Visitor, views: QueueViewList = QueueViewList(), previous: PreviousCase? = nil,
    now: Instant
  ) {
    self.page = page
    self.visitor = visitor
    self.views = views
    self.previous = previous
    self.now = now
  }

  public var html: HTML {
    Page(title: "Queue", visitor: visitor).render {
      HTML.element("h1") { "Cases that wait for a person" }
      if let previous {
        previous.html
        HTML.element("p") {
          page.query.isFiltered ? "No other case of these is next for you." : "No other case is next for you."
        }
      }
      HTML.element("div", .class("tools")) {
        if visitor.reviewer.servedRoles?.isEmpty != true { next }
        QueueViewsSection(views: views, query: page.query, visitor: visitor).html
      }
      QueueFilterForm(query: page.query).html
      HTML.element("div", .id("live"), .init("data-live", "queue")) {
        HTML.element("p", .class("sum"), .init("role", "status")) { summary }
        if page.entries.isEmpty {
          HTML.element("p", .class("empty")) { "Nothing waits here." }
        } else {
          table
        }
        pager
      }
    }
  }

  private var summary: Phrase {
    let waiting: Phrase = page.waitingCount == 1 ? "1 case waits" : "\(count(page.waitingCount)) cases wait"
    let matching: Phrase = page.query.isFiltered ? ", \(count(page.matchingCount)) of them as asked" : ""
    return "\(waiting)\(matching). First comes what is gravest for the time it has left."
  }

  private func count(_ number: Int64) -> Phrase {
    number < Int64(QueuePage.countMax) ? "\(number)" : "\(number) or more"
  }

  private var next: HTML {
    .element("form", .init("method", "post"), .init("action", "/next"), .init("data-key", "n")) {
      visitor.token
      HTML.element("button", .class("main")) { "Next case" }
    }
  }

  // MARK: Table

  private static let columns: [Phrase] = [
    "Risk", "Market", "Product", "Why it waits", "Lane", "For", "In hand", "Time",
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
        HTML.element("a", .init("href", page.query.address("/cases/\(entry.caseID)")), .init("dir", "auto")) {
          entry.title
        }
        HTML.element("a", .class("sku"), .init("href", ProductPage.path(of: entry.sku))) { entry.sku }
        if let code = entry.code { HTML.element("span", .class("sku")) { code.dotted } }
      }
      HTML.element("td", .class("why")) { HTML.rule(entry.reason) }
      HTML.element("td") { entry.lane.phrase }
      HTML.element("td") { Phrase.list(entry.roles.map(\.phrase)) }
      HTML.element("td", .class("in-hand"), .init("dir", "auto")) { inHand(entry.handling) }
      HTML.element("td", .class("age")) {
        HTML.element("time", .init("datetime", entry.openedAt.description)) { Age(from: entry.openedAt, to: now).text }
        HTML.element("span", .class(entry.clock.isOverdue(at: now) ? "clock overdue" : "clock")) {
          entry.clock.words(at: now)
        }
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
    guard page.query.cursor != nil || page.next != nil else { return .empty }
    return .element("nav", .class("pager"), .init("aria-label", says: "Pages of the queue")) {
      if page.query.cursor != nil { HTML.element("a", .init("href", link(nil))) { "First page" } }
      if let next = page.next { HTML.element("a", .init("href", link(next))) { "Next page" } }
    }
  }

  private func link(_ cursor: QueueCursor?) -> String {
    // What is given, even if empty, keeps a view of one's own from taking its place.
    let parameters = page.query.parameters + [("cursor", cursor?.description ?? "")]
    return "/queue?\(QueryString.encoded(parameters))"
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

  var isNow: Bool { minutes == 0 }
  var text: Phrase { minutes == 0 ? "just now" : span }
  var ago: Phrase { minutes == 0 ? text : "\(text) ago" }

  static func span(from start: Instant, to end: Instant) -> Phrase { Age(from: start, to: end).span }
  static func left(from now: Instant, to end: Instant) -> Phrase { "\(span(from: now, to: end)) left" }

  private var span: Phrase {
    switch minutes {
    case ..<60: "\(minutes) min"
    case ..<2880: "\(minutes / 60) h"
    default: "\(minutes / 1440) days"
    }
  }
}
