import Domain
import JSON

/// One thing that happened to a product, a case or a shipment.
public struct TrailEntry: Hashable, Sendable {
  public var at: Instant
  /// Which of several it happened to: `SG`, `revision 2`.
  public var subject: Phrase
  public var caseID: CaseID?
  public var actor: Actor?
  public var kind: String
  public var data: JSONValue

  public init(
    at: Instant, subject: Phrase, caseID: CaseID? = nil, actor: Actor? = nil, kind: String, data: JSONValue = [:]
  ) {
    self.at = at
    self.subject = subject
    self.caseID = caseID
    self.actor = actor
    self.kind = kind
    self.data = data
  }

  public init(_ entry: HistoryEntry, subject: Phrase, caseID: CaseID? = nil) {
    self.init(
      at: entry.at, subject: subject, caseID: caseID, actor: entry.actor, kind: entry.kind, data: entry.data)
  }
}

/// The way from message to write-back, the newest on top.
struct TrailSection {
  /// The newest first.
  var entries: [TrailEntry]
  /// Older ones are left out.
  var isCut: Bool

  var html: HTML {
    .element("section", .init("aria-labelledby", "trail")) {
      HTML.element("h2", .id("trail")) { "From message to write-back" }
      if isCut { HTML.element("p", .class("hint")) { "The newest \(entries.count) entries." } }
      HTML.element("ol", .class("trail")) { for entry in entries { item(entry) } }
    }
  }

  private func item(_ entry: TrailEntry) -> HTML {
    .element("li") {
      HTML.element("div", .class("trail-head")) {
        "\(entry.at)" as Phrase
        HTML.element("strong") { HistoryWords.phrase(of: entry.kind) }
        if let id = entry.caseID {
          HTML.element("a", .init("href", "/cases/\(id)")) { entry.subject }
        } else {
          HTML.element("span") { entry.subject }
        }
        if let actor = entry.actor {
          HTML.element("span", .class("hint"), .init("dir", "auto")) { "by \(actor.words)" }
        }
      }
      if entry.data.objectValue?.isEmpty == false {
        HTML.element("details") {
          HTML.element("summary") { "Details" }
          HistoryData(entry.data).html
        }
      }
    }
  }
}
