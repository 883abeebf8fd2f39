import Domain

/// That the case before was dealt with, the way back to it, and the way to undo it while there is one.
public struct PreviousCase {
  private let id: CaseID
  private let pending: PendingDecision?
  private let visitor: Visitor
  private let now: Instant

  /// - Parameter pending: the visitor's own decision that has not taken effect.
  public init(id: CaseID, pending: PendingDecision?, visitor: Visitor, now: Instant) {
    self.id = id
    self.pending = pending
    self.visitor = visitor
    self.now = now
  }

  public var html: HTML {
    .element("div", .class("notice"), .init("role", "status")) {
      HTML.element("p") {
        "Saved. "
        HTML.element("a", .init("href", "/cases/\(id)")) { "Look at the case before again" }
      }
      if let pending { UndoForm(pending: pending, caseID: id, visitor: visitor, now: now).html }
    }
  }
}

/// Takes back what has not taken effect yet.
struct UndoForm {
  let pending: PendingDecision
  let caseID: CaseID
  let visitor: Visitor
  let now: Instant

  var html: HTML {
    .element(
      "form", .init("method", "post"), .init("action", "/cases/\(caseID)/undo"), .class("undo"), .init("data-key", "z")
    ) {
      visitor.token
      HTML.element("span") { "\(words) It takes effect in \(pending.seconds(at: now)) s." }
      HTML.element("button") { "Undo" }
    }
  }

  private var words: Phrase {
    let code: Phrase = pending.request.code.map { " \($0.dotted)" } ?? ""
    switch pending.request.action {
    case .approve: return "You approved\(code)."
    case .override: return "You chose\(code)."
    case .reject: return "You rejected it."
    case .ask: return "You asked."
    }
  }
}
