import Domain

/// Somebody to whom a case can be given.
public struct Colleague: Hashable, Sendable {
  public var email: String
  public var name: String

  public init(email: String, name: String) {
    self.email = email
    self.name = name
  }
}

/// The forms to pass a case on instead of deciding it.
struct HandOverForms {
  let page: CasePage

  private var file: CaseFile { page.file }

  var html: HTML {
    guard mayHandOver else { return .empty }
    return .element("details", .class("action hand-over"), .init("open", if: wasTried)) {
      HTML.element("summary") { "Skip, put off, or pass on" }
      skip
      snooze
      if !page.colleagues.isEmpty { assign }
      if file.roles != [.complianceLead] { escalate }
    }
  }

  private var mayHandOver: Bool {
    let rules = HandlingRules(file, page.visitor.reviewer)
    return (try? rules.require(.skip(reason: ""), at: page.now)) != nil
  }

  private var wasTried: Bool {
    page.attempt?.fields["handOver"] != nil
  }

  private var skip: HTML {
    form("skip") {
      reason("skip", "Skip it, because", isRequired: true, key: "s")
      HTML.element("button") { "Skip" }
    }
  }

  private var snooze: HTML {
    form("snooze") {
      HTML.element("label", .init("for", "snooze-hours")) { "Put it off for" }
      HTML.element("select", .id("snooze-hours"), .init("name", "hours")) {
        for (hours, words) in HandOverForms.delays {
          HTML.element("option", .init("value", "\(hours)")) { words }
        }
      }
      reason("snooze", "Reason (not required)", isRequired: false)
      HTML.element("button") { "Put it off" }
    }
  }

  private static let delays: [(Int, Phrase)] = [
    (1, "an hour"), (4, "four hours"), (24, "a day"), (72, "three days"), (168, "a week"),
  ]

  private var assign: HTML {
    form("assign") {
      HTML.element("label", .init("for", "assign-to")) { "Give it to" }
      HTML.element("select", .id("assign-to"), .init("name", "to")) {
        for colleague in page.colleagues {
          HTML.element("option", .init("value", colleague.email)) { HTML.text(colleague.name) }
        }
      }
      reason("assign", "Reason (not required)", isRequired: false)
      HTML.element("button") { "Give it" }
    }
  }

  private var escalate: HTML {
    form("escalate") {
      reason("escalate", "Escalate to the compliance lead, because", isRequired: true, key: "e")
      HTML.element("button") { "Escalate" }
    }
  }

  private func form(_ action: String, @HTMLBuilder content: () -> [HTML]) -> HTML {
    .element(
      "form", .init("method", "post"), .init("action", "/cases/\(file.id)/\(action)"), .class("stack"),
      .init("data-goes-on")
    ) {
      page.visitor.token
      HTML.element("input", .init("type", "hidden"), .init("name", "handOver"), .init("value", action))
      content()
    }
  }

  private func reason(_ action: String, _ label: Phrase, isRequired: Bool, key: String? = nil) -> HTML {
    let typed = page.attempt?.fields["handOver"] == action ? page.attempt?.fields["reason"] ?? "" : ""
    return .fragment([
      .element("label", .init("for", "\(action)-why")) { label },
      .element(
        "input", .id("\(action)-why"), .init("name", "reason"), .init("value", typed), .init("maxlength", "4000"),
        .init("dir", "auto"), .init("autocomplete", "off"), .init("required", if: isRequired),
        key.map { .init("data-key", $0) } ?? .init("data-key", if: false)),
    ])
  }
}
