import Domain

/// A list of parties in force.
public struct PartyListEntry: Hashable, Sendable {
  public var list: String
  public var version: String
  public var isOwn: Bool
  public var source: RuleSource
  public var ageMaxDays: Int64
  public var entryCount: Int64
  public var activatedBy: Actor
  public var activatedAt: Instant

  public init(
    list: String, version: String, isOwn: Bool, source: RuleSource, ageMaxDays: Int64, entryCount: Int64,
    activatedBy: Actor, activatedAt: Instant
  ) {
    self.list = list
    self.version = version
    self.isOwn = isOwn
    self.source = source
    self.ageMaxDays = ageMaxDays
    self.entryCount = entryCount
    self.activatedBy = activatedBy
    self.activatedAt = activatedAt
  }

  /// nil where the list does not say when it was published.
  func ageDays(on date: CalendarDate) -> Int64? { source.asOf.map { max(0, date.daysSinceEpoch - $0.daysSinceEpoch) } }

  func isStale(on date: CalendarDate) -> Bool { ageDays(on: date).map { $0 > ageMaxDays } ?? false }
}

/// With whom trade is denied or restricted, and how fresh each list is.
public struct ListsPage {
  private let lists: [PartyListEntry]
  private let visitor: Visitor
  private let today: CalendarDate

  public init(_ lists: [PartyListEntry], _ visitor: Visitor, today: CalendarDate) {
    self.lists = lists
    self.visitor = visitor
    self.today = today
  }

  public var html: HTML {
    Page(title: "Party lists", visitor: visitor).render {
      KnowledgeLinks(current: "/knowledge/lists").html
      HTML.element("h1") { "Party lists" }
      let stale = lists.filter { $0.isStale(on: today) }
      if !stale.isEmpty {
        HTML.element("p", .class("fault")) {
          """
          \(stale.map(\.list).joined(separator: ", ")): older than allowed. Everything it should screen is held until a newer \
          one is in force.
          """
        }
      }
      if lists.isEmpty {
        HTML.element("p", .class("empty")) {
          "No list is in force but the sample of fictitious parties. The operator loads published lists."
        }
      } else {
        Table(
          name: "Party lists",
          columns: ["List", "Whose", "Version", "Entries", "Published", "Age", "Allowed", "In force since", "By"],
          rows: lists.map(row)
        ).html
      }
    }
  }

  private func row(_ list: PartyListEntry) -> [Table.Cell] {
    let isStale = list.isStale(on: today)
    let age: Phrase = list.ageDays(on: today).map { isStale ? "\($0) days, too old" : days($0) } ?? "not told"
    return [
      .text(list.list),
      list.isOwn ? .phrase("your own") : .html(.rule("\(list.source.authority): \(list.source.instrument)")),
      .text(list.version), .number("\(list.entryCount)"), .phrase(list.source.asOf.map { "\($0)" } ?? "not told"),
      .number(age), .number(days(list.ageMaxDays)), .phrase("\(list.activatedAt)"), .text(list.activatedBy.words),
    ]
  }

  private func days(_ count: Int64) -> Phrase { count == 1 ? "1 day" : "\(count) days" }
}
