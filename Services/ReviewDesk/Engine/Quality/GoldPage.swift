import Domain

/// The cases whose right answer is known, and what reviewers made of them. Whoever may see it takes none of them as a second
/// look.
public struct GoldPage {
  public struct Entry: Sendable {
    public var caseID: CaseID
    public var sku: String
    public var market: Market
    /// nil where the product is not to be cleared.
    public var code: HSCode?
    public var why: String
    public var by: Actor
    public var isRetired: Bool
    public var agreed: Share

    public init(
      caseID: CaseID, sku: String, market: Market, code: HSCode?, why: String, by: Actor, isRetired: Bool, agreed: Share
    ) {
      self.caseID = caseID
      self.sku = sku
      self.market = market
      self.code = code
      self.why = why
      self.by = by
      self.isRetired = isRetired
      self.agreed = agreed
    }
  }

  /// What a reviewer found who found something else.
  public struct Difference: Sendable {
    public var caseID: CaseID
    public var sku: String
    public var right: HSCode?
    public var found: HSCode?
    public var reviewer: Actor
    public var reason: String?
    public var at: Instant

    public init(
      caseID: CaseID, sku: String, right: HSCode?, found: HSCode?, reviewer: Actor, reason: String?, at: Instant
    ) {
      self.caseID = caseID
      self.sku = sku
      self.right = right
      self.found = found
      self.reviewer = reviewer
      self.reason = reason
      self.at = at
    }
  }

  /// The decided case that is to be made one.
  public struct Subject: Sendable {
    public var caseID: CaseID
    public var sku: String
    public var title: String
    public var market: Market
    public var decision: Decision

    public init(caseID: CaseID, sku: String, title: String, market: Market, decision: Decision) {
      self.caseID = caseID
      self.sku = sku
      self.title = title
      self.market = market
      self.decision = decision
    }
  }

  private let entries: [Entry]
  private let differences: [Difference]
  private let subject: Subject?
  private let visitor: Visitor
  private let refusal: Refusal?
  private let fields: FormFields?

  public init(
    _ entries: [Entry], _ differences: [Difference], marking subject: Subject?, _ visitor: Visitor,
    refusal: Refusal? = nil, fields: FormFields? = nil
  ) {
    self.entries = entries
    self.differences = differences
    self.subject = subject
    self.visitor = visitor
    self.refusal = refusal
    self.fields = fields
  }

  public var html: HTML {
    Page(title: "Gold cases", visitor: visitor).render {
      HTML.element("h1") { "Gold cases" }
      HTML.element("p", .class("sum")) {
        """
        Cases whose right answer is known. Reviewers meet them among their second looks and are not told; what they answer \
        changes nothing about the case. How many is set on the quality page. Open a decided case to make it one.
        """
      }
      if let refusal { AttemptFault(refusal).html }
      if let subject { form(subject) }
      list
      found
      HTML.element("p") { HTML.element("a", .init("href", "/quality")) { "To the quality page" } }
    }
  }

  private func form(_ subject: Subject) -> HTML {
    let decided = subject.decision.code?.dotted ?? ""
    return .element("section", .class("action"), .init("aria-labelledby", "mark")) {
      HTML.element("h2", .id("mark")) { "Make it a gold case" }
      HTML.element("p") {
        HTML.element("strong", .init("dir", "auto")) { HTML.text(subject.title) }
        HTML.text(" ")
        HTML.element("a", .class("sku"), .init("href", "/cases/\(subject.caseID)")) { HTML.text(subject.sku) }
        HTML.text(", \(subject.market.code)")
      }
      HTML.element("form", .init("method", "post"), .init("action", "/quality/gold"), .class("stack")) {
        visitor.token
        HTML.element("input", .init("type", "hidden"), .init("name", "case"), .init("value", "\(subject.caseID)"))
        HTML.element("label", .init("for", "code")) { "Its right code" }
        HTML.element(
          "input", .id("code"), .init("name", "code"), .init("maxlength", "20"),
          .init("value", fields?["code"] ?? decided), .init("aria-describedby", "code-hint"))
        HTML.element("p", .class("hint"), .id("code-hint")) {
          "Six digits or more; empty where the product is not to be cleared."
        }
        HTML.element("label", .init("for", "why")) { "Why" }
        HTML.element(
          "textarea", .id("why"), .init("name", "why"), .init("rows", "3"), .init("maxlength", "500"),
          .init("required")
        ) { HTML.text("\n\(fields?["why"] ?? "")") }
        HTML.element("button", .class("main")) { "Make it a gold case" }
      }
    }
  }

  private var list: HTML {
    .element("section", .init("aria-labelledby", "list")) {
      HTML.element("h2", .id("list")) { "All of them" }
      Table(
        name: "Gold cases", columns: ["Case", "Market", "Right code", "Why", "Judged", "Agreed", "Shown"],
        rows: entries.map { entry in
          [
            .html(link(entry.caseID, entry.sku)), .text(entry.market.code), .html(answer(entry.code)),
            .text("\(entry.why) (\(entry.by.words))"), .number("\(entry.agreed.whole)"),
            .number("\(entry.agreed.percent)"), .html(shown(entry)),
          ]
        }
      ).html
    }
  }

  private func shown(_ entry: Entry) -> HTML {
    guard !entry.isRetired else { return .phrase("no more") }
    guard KnowledgeRights(visitor.reviewer).mayActivate else { return .phrase("yes") }
    return .element("form", .init("method", "post"), .init("action", "/quality/gold/retire")) {
      visitor.token
      HTML.element("input", .init("type", "hidden"), .init("name", "case"), .init("value", "\(entry.caseID)"))
      HTML.element("button", .class("quiet"), .init("aria-label", says: "Show \(entry.sku) to nobody any more")) {
        "Show no more"
      }
    }
  }

  private var found: HTML {
    .element("section", .init("aria-labelledby", "found")) {
      HTML.element("h2", .id("found")) { "What reviewers found otherwise" }
      Table(
        name: "What reviewers found otherwise", columns: ["Case", "Right code", "Second look", "Why", "When"],
        rows: differences.map { difference in
          [
            .html(link(difference.caseID, difference.sku)), .html(answer(difference.right)),
            .html(.fragment([answer(difference.found), .text(", \(difference.reviewer.words)")])),
            .text(difference.reason ?? ""), .html(.phrase("\(difference.at)")),
          ]
        }
      ).html
    }
  }

  private func link(_ id: CaseID, _ sku: String) -> HTML {
    .element("a", [HTMLAttribute("href", "/cases/\(id)")], [.text(sku)])
  }

  private func answer(_ code: HSCode?) -> HTML { code.map { .text($0.dotted) } ?? .phrase("not to be cleared") }
}
