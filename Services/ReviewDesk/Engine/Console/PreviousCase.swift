import Domain
import JSON

/// What was done with the case before, the way back to it, and the way to undo it while there is one.
public struct PreviousCase {
  private let id: CaseID
  private let sku: String
  private let market: Market
  private let deed: HistoryEntry?
  private let pending: PendingDecision?
  private let visitor: Visitor
  private let now: Instant

  /// - Parameters:
  ///   - deed: what the visitor did last with it.
  ///   - pending: the visitor's own decision that has not taken effect.
  public init(
    id: CaseID, sku: String, market: Market, deed: HistoryEntry?, pending: PendingDecision?, visitor: Visitor,
    now: Instant
  ) {
    self.id = id
    self.sku = sku
    self.market = market
    self.deed = deed
    self.pending = pending
    self.visitor = visitor
    self.now = now
  }

  public var html: HTML {
    .element("div", .class("notice"), .init("role", "status")) {
      HTML.element("p") {
        "Saved. "
        HTML.element("strong") { HTML.text(sku) }
        HTML.text(" (\(market.code))")
        if pending == nil, let deed { ": \(PreviousCase.words(deed))" as Phrase }
        HTML.text(". ")
        HTML.element("a", .init("href", visitor.following.address("/cases/\(id)"))) { "Look at it again" }
      }
      if let pending { UndoForm(pending: pending, caseID: id, visitor: visitor, now: now).html }
    }
  }

  private static func words(_ deed: HistoryEntry) -> Phrase {
    guard let kind = deed.data["decisionKind"]?.stringValue.flatMap(Decision.Kind.init(rawValue:)) else {
      return deed.kindWords
    }
    let code: Phrase = deed.data["code"]?.stringValue.flatMap { HSCode($0) }.map { " with \($0.dotted)" } ?? ""
    return "\(kind.phrase)\(code)"
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
