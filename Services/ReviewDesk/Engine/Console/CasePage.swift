import Domain

/// One case: why it is here, what is known, what is proposed, and the forms to decide it. Shows the visitor only forms that
/// can succeed, and says why the others are absent.
public struct CasePage {
  /// What was refused a moment ago, and what had been typed.
  public struct Attempt: Sendable {
    public var refusal: Refusal
    public var fields: FormFields

    public init(refusal: Refusal, fields: FormFields) {
      self.refusal = refusal
      self.fields = fields
    }
  }

  let file: CaseFile
  let visitor: Visitor
  let attempt: Attempt?
  let colleagues: [Colleague]
  let previous: PreviousCase?
  let now: Instant

  /// - Parameters:
  ///   - colleagues: to whom the visitor can give the case.
  ///   - previous: the case that was dealt with a moment ago, when this one came up by itself.
  public init(
    _ file: CaseFile, _ visitor: Visitor, attempt: Attempt? = nil, colleagues: [Colleague] = [],
    previous: PreviousCase? = nil, now: Instant
  ) {
    self.file = file
    self.visitor = visitor
    self.attempt = attempt
    self.colleagues = colleagues
    self.previous = previous
    self.now = now
  }

  var rules: DecisionRules { DecisionRules(file, visitor.reviewer) }

  public var html: HTML {
    Page(title: .verbatim(file.product.sku), visitor: visitor).render {
      if let previous { previous.html }
      whyHere
      heading
      if file.state.waitsForPerson { PresenceFrame.html(of: file, for: visitor) }
      if let pending = file.pending, pending.person == visitor.reviewer.actor {
        UndoForm(pending: pending, caseID: file.id, visitor: visitor, now: now).html
      }
      HandlingSection(page: self).html
      if let attempt { AttemptFault(attempt.refusal).html }
      CandidatesSection(file: file).html
      HTML.element("div", .class("columns")) {
        HTML.element("div") {
          FactsSection(file: file).html
          FindingsSection(file: file).html
          QuestionsSection(file: file).html
        }
        HTML.element("div") {
          DecisionForms(page: self).html
          HandOverForms(page: self).html
        }
      }
      if let markets = file.markets { MarketsSection(matrix: markets, current: file.id).html }
      RecordSection(file: file).html
    }
  }

  private var whyHere: HTML {
    .element("div", .class("why-here \(file.state.waitsForPerson ? "waits" : "done")")) {
      HTML.element("p") {
        HTML.element("strong") { "\(lead) " as Phrase }
        sentence
      }
      if file.state == .awaitingDecision, file.reasons.count > 1 {
        HTML.element("ul") {
          for reason in file.reasons.dropFirst() { HTML.element("li") { HTML.rule(reason) } }
        }
      }
    }
  }

  private var lead: Phrase {
    switch file.state {
    case .awaitingDecision: "Why it is here:"
    case .awaitingInformation: "Waiting:"
    case .undeliverable: "Not delivered:"
    case .conflicted: "In conflict with the ERP:"
    default: "Status:"
    }
  }

  private var sentence: HTML {
    switch file.state {
    case .awaitingDecision: file.reasons.first.map { .rule($0) } ?? .phrase("it was held for a decision.")
    case .undeliverable, .conflicted: file.deliveryFault.map { .rule($0) } ?? .phrase(file.standing)
    default: .phrase(file.standing)
    }
  }

  private var lane: Phrase? { file.routing.map { "lane \($0.lane.phrase)" } }
  private var opened: Phrase { "opened \(Age(from: file.openedAt, to: now).ago)" }

  private var waitingFor: Phrase {
    let roles = Phrase.list(file.roles.map { $0.phrase })
    return "waiting for \(roles)"
  }

  private var ways: HTML {
    let product = HTML.element("a", .class("sku"), .init("href", ProductPage.path(of: file.product.sku))) {
      HTML.text(file.product.sku)
    }
    guard file.screening != nil else { return product }
    let replay = HTML.element("a", .init("href", "/cases/\(file.id)/replay")) { "replay" }
    guard !file.decisions.isEmpty, KnowledgeRights(visitor.reviewer).mayActivate else {
      return .fragment([product, replay])
    }
    let gold = HTML.element("a", .init("href", "/quality/gold?case=\(file.id)")) { "make it a gold case" }
    return .fragment([product, replay, gold])
  }

  private var clock: HTML {
    guard let clock = file.clock else { return .empty }
    let name = clock.isOverdue(at: now) ? "clock overdue" : "clock"
    return .element("span", .class(name)) { clock.words(at: now) }
  }

  private var awaited: HTML {
    .element("p", .class("meta")) {
      "Held up by it:"
      for use in file.awaitedBy {
        HTML.element("a", .init("href", "/shipments/\(use.shipmentID)"), .init("dir", "auto")) {
          "Shipment \(use.reference)"
        }
      }
    }
  }

  private var heading: HTML {
    .element("div", .class("heading")) {
      LocalizedTitle(file.product.titles.first).heading
      HTML.element("p", .class("meta")) {
        ways
        HTML.element("span") { "market \(file.market.code)" }
        HTML.element("span") { "revision \(file.revision)" }
        if let lane { HTML.element("span") { lane } }
        if let risk = file.screening?.riskScore {
          HTML.element("span") {
            "risk "
            RiskBadge(risk).html
          }
        }
        HTML.element("span") { waitingFor }
        clock
        HTML.element("span") { opened }
      }
      if !file.awaitedBy.isEmpty { awaited }
    }
  }
}

/// A title in the seller's language, marked as such for whoever reads it aloud.
struct LocalizedTitle {
  private let title: LocalizedText?

  init(_ title: LocalizedText?) { self.title = title }

  var heading: HTML {
    guard let title, !title.text.isEmpty else { return .element("h1", [], [.phrase("Untitled")]) }
    return .element("h1", attributes, [.text(title.text)])
  }
  var inline: HTML { .element("span", attributes, [.text(title?.text ?? "")]) }

  /// A tag that is no language tag would be worse than none.
  private var attributes: [HTMLAttribute] {
    guard let language = title?.language, language != "und" else { return [HTMLAttribute("dir", "auto")] }
    return [HTMLAttribute("lang", language), HTMLAttribute("dir", "auto")]
  }
}

/// What was refused, at the top of the page where it is read first.
struct AttemptFault {
  private let refusal: Refusal

  init(_ refusal: Refusal) { self.refusal = refusal }

  var html: HTML {
    .element("div", .class("fault"), .init("role", "alert")) {
      HTML.element("p") {
        HTML.element("strong") { "Nothing was changed. " }
        refusal.detail
      }
      if !refusal.issues.isEmpty {
        HTML.element("ul") {
          for issue in refusal.issues {
            HTML.element("li") { "\(issue.name): \(issue.problem) \(issue.remedy)" }
          }
        }
      }
    }
  }
}
