import Domain

/// Which precedents are asked for.
public struct PrecedentQuery: Hashable, Sendable {
  public enum Standing: String, Sendable, CaseIterable { case standing, withdrawn, all }

  public static let limit = 50

  public var text = ""
  public var market: Market?
  public var standing = Standing.standing
  public var offset = 0

  public init() {}

  /// What cannot be read is as if it were not there: a search form is no place for faults.
  public init(_ parameters: [(name: String, value: String)]) {
    for (name, value) in parameters {
      switch name {
      case "q": text = String(value.prefix(200))
      case "market": market = Market(value)
      case "standing": standing = Standing(rawValue: value) ?? .standing
      case "offset": offset = Int(value).flatMap { (0...1_000_000).contains($0) ? $0 : nil } ?? 0
      default: break
      }
    }
  }
}

/// What was decided before, and what the classifier follows: to be found, entered and retired.
public struct PrecedentsPage {
  /// What was refused a moment ago, and what had been typed.
  public struct Attempt: Sendable {
    public var refusal: Refusal
    public var fields: FormFields

    public init(refusal: Refusal, fields: FormFields) {
      self.refusal = refusal
      self.fields = fields
    }
  }

  private let precedents: [KnownPrecedent]
  private let query: PrecedentQuery
  private let hasMore: Bool
  private let attempt: Attempt?
  private let visitor: Visitor

  public init(
    _ precedents: [KnownPrecedent], query: PrecedentQuery, hasMore: Bool, attempt: Attempt? = nil, _ visitor: Visitor
  ) {
    self.precedents = precedents
    self.query = query
    self.hasMore = hasMore
    self.attempt = attempt
    self.visitor = visitor
  }

  private var mayKeep: Bool { KnowledgeRights(visitor.reviewer).mayKeepPrecedents }

  public var html: HTML {
    Page(title: "Precedents", visitor: visitor).render {
      KnowledgeLinks(current: "/knowledge/precedents").html
      HTML.element("h1") { "Precedents" }
      HTML.element("p", .class("sum")) {
        "What was decided about a product holds for the same product when it comes again. The newest counts."
      }
      if let attempt { AttemptFault(attempt.refusal).html }
      search
      if mayKeep { form }
      list
      pager
    }
  }

  // MARK: Finding

  private var search: HTML {
    .element("form", .init("method", "get"), .init("action", "/knowledge/precedents"), .class("filter")) {
      HTML.element("label", .init("for", "q")) { "Title or code" }
      HTML.element(
        "input", .id("q"), .init("name", "q"), .init("type", "search"), .init("value", query.text),
        .init("maxlength", "200"))
      HTML.element("label", .init("for", "market")) { "Market" }
      HTML.element(
        "input", .id("market"), .init("name", "market"), .init("value", query.market?.code ?? ""),
        .init("maxlength", "2"),
        .init("size", "4"), .init("placeholder", says: "all"))
      HTML.element("label", .init("for", "standing")) { "Standing" }
      HTML.element("select", .id("standing"), .init("name", "standing")) {
        for standing in PrecedentQuery.Standing.allCases {
          HTML.element(
            "option", .init("value", standing.rawValue), .init("selected", if: standing == query.standing)
          ) { standing.phrase }
        }
      }
      HTML.element("button") { "Search" }
    }
  }

  private var list: HTML {
    guard !precedents.isEmpty else {
      return .element("p", .class("empty")) {
        query == PrecedentQuery()
          ? "No precedent stands yet. Each decision of a person leaves one." : "There is no such precedent."
      }
    }
    let columns: [Phrase] = ["Market", "Code", "Outcome", "Title", "When", "From", "Standing"]
    return Table(name: "Precedents", columns: columns, rows: precedents.map(row)).html
  }

  private func row(_ precedent: KnownPrecedent) -> [Table.Cell] {
    [
      .text(precedent.market.code),
      .html(
        .element(
          "a", [.class("code"), HTMLAttribute("href", "/knowledge/codes/\(precedent.code.subheading)")],
          [.text(precedent.code.dotted)])),
      .phrase(precedent.outcome.phrase), .text(precedent.title), .phrase("\(precedent.decidedAt)"),
      .html(note(precedent.entered.map { "entered by \($0.by.words): \($0.because)" } ?? "a decision")),
      .html(standing(precedent)),
    ]
  }

  /// With what somebody wrote in it.
  private func note(_ phrase: Phrase) -> HTML { .element("span", .init("dir", "auto")) { phrase } }

  private func standing(_ precedent: KnownPrecedent) -> HTML {
    if let at = precedent.withdrawnAt {
      let why: Phrase =
        precedent.withdrawn.map { "retired by \($0.by.words): \($0.because)" } ?? "a later decision took its place"
      return note("\(at), \(why)")
    }
    guard mayKeep else { return .phrase("stands") }
    return .element("details") {
      HTML.element("summary") {
        "Retire"
        HTML.element("span", .class("unseen"), .init("dir", "auto")) {
          HTML.text(" ")
          "\(precedent.code.dotted) in \(precedent.market), \(precedent.title)"
        }
      }
      HTML.element(
        "form", .init("method", "post"), .init("action", "/knowledge/precedents/\(precedent.id)/retire"),
        .class("stack")
      ) {
        visitor.token
        HTML.element("label", .init("for", "why-\(precedent.id)")) { "Why" }
        HTML.element(
          "input", .id("why-\(precedent.id)"), .init("name", "reason"), .init("maxlength", "500"), .init("required"))
        HTML.element("button", .class("danger")) { "Retire it" }
      }
    }
  }

  private var pager: HTML {
    guard query.offset > 0 || hasMore else { return .empty }
    return .element("nav", .class("pager"), .init("aria-label", says: "Pages of precedents")) {
      if query.offset > 0 {
        HTML.element("a", .init("href", link(max(0, query.offset - PrecedentQuery.limit)))) { "Before" }
      }
      if hasMore { HTML.element("a", .init("href", link(query.offset + PrecedentQuery.limit))) { "Next" } }
    }
  }

  private func link(_ offset: Int) -> String {
    "/knowledge/precedents?q=\(URLText.segment(query.text))&market=\(query.market?.code ?? "")"
      + "&standing=\(query.standing.rawValue)&offset=\(offset)"
  }

  // MARK: Entering

  private var form: HTML {
    .element("details", .class("action"), .init("open", if: attempt?.fields["sku"] != nil)) {
      HTML.element("summary") { "Enter a precedent" }
      HTML.element("form", .init("method", "post"), .init("action", "/knowledge/precedents"), .class("stack")) {
        visitor.token
        field("sku", "SKU of the product", "200")
        field("into", "Market", "2")
        field("code", "Code", "20")
        HTML.element("fieldset") {
          HTML.element("legend") { "The product" }
          choice("approved", "has this code")
          choice("rejected", "does not have this code")
        }
        field("reason", "Why, such as a ruling's reference", "500")
        HTML.element("button", .class("main")) { "Enter it" }
      }
    }
  }

  private func field(_ name: String, _ label: Phrase, _ length: String) -> HTML {
    .fragment([
      .element("label", [HTMLAttribute("for", "new-\(name)")], [.phrase(label)]),
      .element(
        "input",
        [
          .id("new-\(name)"), HTMLAttribute("name", name), HTMLAttribute("maxlength", length),
          HTMLAttribute("required"),
          HTMLAttribute("value", attempt?.fields[name] ?? ""),
        ], []),
    ])
  }

  private func choice(_ value: String, _ label: Phrase) -> HTML {
    let isChosen = (attempt?.fields["outcome"] ?? "approved") == value
    return .element("label", .class("choice")) {
      HTML.element(
        "input", .init("type", "radio"), .init("name", "outcome"), .init("value", value), .init("checked", if: isChosen)
      )
      label
    }
  }
}

extension PrecedentQuery.Standing {
  fileprivate var phrase: Phrase {
    switch self {
    case .standing: "standing"
    case .withdrawn: "withdrawn"
    case .all: "all"
    }
  }
}
