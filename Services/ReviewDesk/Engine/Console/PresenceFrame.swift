import Domain

/// Who has the case in hand, in a frame of its own that loads itself anew while the page is open: so the page stays true,
/// and the case with whoever looks at it, without a script.
public struct PresenceFrame {
  private let file: CaseFile
  private let visitor: Visitor
  private let now: Instant

  public init(_ file: CaseFile, _ visitor: Visitor, now: Instant) {
    self.file = file
    self.visitor = visitor
    self.now = now
  }

  /// How a page shows it.
  static func html(of file: CaseFile, for visitor: Visitor) -> HTML {
    .element(
      "iframe", .class("presence"), .init("src", visitor.following.address("/cases/\(file.id)/presence")),
      .init("data-version", "\(file.version)"), .init("title", says: "Who has this case in hand"))
  }

  public var html: HTML {
    .localized(visitor.language, [whole])
  }

  private var whole: HTML {
    .element("html", .init("lang", visitor.language.tag)) {
      HTML.element("head") {
        HTML.element("meta", .init("charset", "utf-8"))
        HTML.element("meta", .init("name", "color-scheme"), .init("content", "light dark"))
        HTML.element("title") { "Who has this case in hand" }
        HTML.element("link", .init("rel", "stylesheet"), .init("href", "/assets/desk.css"))
      }
      HTML.element("body", .class("presence-line")) {
        HTML.element("main", .init("data-version", "\(file.version)")) {
          HTML.element("p", .init("role", "status"), .init("dir", "auto")) { sentence }
          action
        }
      }
    }
  }

  private var sentence: Phrase {
    guard file.state.waitsForPerson else { return "The case does not wait any more." }
    if let pending = file.pending {
      let seconds = pending.seconds(at: now)
      return pending.person == visitor.reviewer.actor
        ? "You have decided this case. It takes effect within \(seconds) s."
        : "\(pending.name) has decided this case. It takes effect within \(seconds) s."
    }
    guard let hold = file.handling.hold else { return "Nobody has this case in hand." }
    let remaining = hold.remaining(at: now)
    return hold.holder == visitor.reviewer.actor
      ? "You have this case in hand for \(remaining)." : "\(hold.name) has this case in hand for \(remaining)."
  }

  private var action: HTML {
    let rules = HandlingRules(file, visitor.reviewer)
    if file.pending != nil { return .empty }
    if file.handling.hold == nil { return (try? rules.requireTakeable()) == nil ? .empty : form("claim", "Take it") }
    return (try? rules.requireReleasable()) == nil ? .empty : form("release", "Let it go")
  }

  private func form(_ action: String, _ label: Phrase) -> HTML {
    .element(
      "form", .init("method", "post"), .init("action", "/cases/\(file.id)/\(action)"), .init("target", "_top")
    ) {
      visitor.token
      HTML.element("button", .class("quiet")) { label }
    }
  }
}
