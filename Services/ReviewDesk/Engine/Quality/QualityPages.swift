import Domain

/// How good the decisions are: second looks by people who are not shown what was decided.
public struct QualityPage {
  private let looks: SecondLooks
  private let visitor: Visitor
  private let notice: Phrase?
  private let refusal: Refusal?

  public init(_ looks: SecondLooks, _ visitor: Visitor, notice: Phrase? = nil, refusal: Refusal? = nil) {
    self.looks = looks
    self.visitor = visitor
    self.notice = notice
    self.refusal = refusal
  }

  public var html: HTML {
    Page(title: "Quality", visitor: visitor).render {
      HTML.element("h1") { "Second looks" }
      HTML.element("p", .class("sum")) {
        """
        Decisions are drawn by lot and judged once more by somebody who had no part in them and is not shown what was \
        decided. What cleared by itself counts for the accuracy by confidence, too.
        """
      }
      if let notice { HTML.element("p", .class("notice"), .init("role", "status")) { notice } }
      if let refusal { AttemptFault(refusal).html }
      tiles
      if KnowledgeRights(visitor.reviewer).mayKeepPrecedents {
        HTML.element("p") { HTML.element("a", .init("href", "/quality/next")) { "Take the next second look" } }
      }
      agreements
      differences
      if let gold = looks.gold { GoldSection(figures: gold).html }
      if KnowledgeRights(visitor.reviewer).mayActivate { setting }
    }
  }

  private var tiles: HTML {
    .element("dl", .class("tiles")) {
      tile("Wait for a second look", "\(looks.waiting)", drawn)
      let (automatic, decided) = (looks.agreed(isAutomatic: true), looks.agreed(isAutomatic: false))
      tile(
        "Cleared by itself, confirmed", automatic.percent, "of \(automatic.whole) judged in \(SecondLooks.days) days")
      tile("Decided by people, confirmed", decided.percent, "of \(decided.whole) judged in \(SecondLooks.days) days")
      tile("Two people, one answer", looks.pairs.percent, "of \(looks.pairs.whole) cases that two had to decide")
    }
  }

  private var drawn: Phrase {
    guard let shares = looks.shares else { return "nothing is drawn" }
    return "drawn: \(share(shares.automatic)) % automatic, \(share(shares.decided)) % decided"
  }

  /// In percent.
  private func share(_ millionths: Int64) -> Decimal { Decimal(Int128(millionths), scale: 4) }

  private func tile(_ name: Phrase, _ figure: Phrase, _ hint: Phrase) -> HTML {
    .element("div", .class("tile")) {
      HTML.element("dt") { name }
      HTML.element("dd", .class("value")) { figure }
      HTML.element("dd", .class("hint")) { hint }
    }
  }

  private var agreements: HTML {
    .element("section", .init("aria-labelledby", "agreements")) {
      HTML.element("h2", .id("agreements")) { "Who agrees with whom" }
      Table(
        name: "Who agrees with whom", columns: ["Decided by", "Second look by", "Judged", "Agreed"],
        rows: looks.agreements.map {
          [
            $0.decider.map { .text($0.words) } ?? .phrase("by itself"), .text($0.reviewer.words),
            .number("\($0.agreed.whole)"),
            .number($0.agreed.percent),
          ]
        }
      ).html
    }
  }

  private var differences: HTML {
    .element("section", .init("aria-labelledby", "differences")) {
      HTML.element("h2", .id("differences")) { "What was found otherwise" }
      HTML.element("p", .class("hint")) { "Whoever decides the case may correct it there." }
      Table(
        name: "What was found otherwise", columns: ["Case", "Market", "Decided", "Second look", "Why", "When"],
        rows: looks.differences.map { difference in
          [
            .html(.element("a", [HTMLAttribute("href", "/cases/\(difference.caseID)")], [.text(difference.sku)])),
            .text(difference.market.code), .phrase(words(difference.decision)), .phrase(found(difference)),
            .text(difference.reason ?? ""), .phrase("\(difference.at)"),
          ]
        }
      ).html
    }
  }

  private func words(_ decision: Decision?) -> Phrase {
    guard let decision else { return "" }
    return "\(decision.kind.phrase) \(decision.code?.dotted ?? ""), \(decision.decidedBy.words)"
  }

  private func found(_ difference: SecondLooks.Difference) -> Phrase {
    let code: Phrase = difference.code.map { .verbatim($0.dotted) } ?? "not to be cleared"
    return "\(code), \(difference.reviewer.words)"
  }

  private var setting: HTML {
    .element("section", .class("action"), .init("aria-labelledby", "setting")) {
      HTML.element("h2", .id("setting")) { "How many are drawn" }
      HTML.element("form", .init("method", "post"), .init("action", "/quality/setting"), .class("filter")) {
        visitor.token
        for (name, label, value) in [
          ("automatic", "Of what clears by itself, %" as Phrase, looks.shares?.automatic ?? 0),
          ("decided", "Of what people decide, %", looks.shares?.decided ?? 0),
          ("gold", "Gold cases among second looks, %", looks.shares?.gold ?? 0),
        ] {
          HTML.element("label", .init("for", name)) { label }
          HTML.element(
            "input", .id(name), .init("name", name), .init("value", share(value).description),
            .init("inputmode", "decimal"),
            .init("maxlength", "6"), .init("size", "6"), .init("required"))
        }
        HTML.element("button") { "Draw so many from now on" }
      }
    }
  }
}

/// One second look: what the seller said, and nothing of what was made of it.
public struct SecondLookPage {
  private let decisionID: DecisionID
  private let product: Product
  private let file: CaseFile
  private let refusal: Refusal?
  private let fields: FormFields?
  private let visitor: Visitor

  public init(
    _ decisionID: DecisionID, of file: CaseFile, _ visitor: Visitor, refusal: Refusal? = nil, fields: FormFields? = nil
  ) {
    self.decisionID = decisionID
    // Whatever was classified, found or decided stays out of the page.
    self.file = CaseFile(
      id: file.id, revision: file.revision, product: file.product, market: file.market, state: file.state,
      version: file.version, openedAt: file.openedAt)
    product = file.product
    self.visitor = visitor
    self.refusal = refusal
    self.fields = fields
  }

  public var html: HTML {
    Page(title: "Second look", visitor: visitor).render {
      if let refusal { AttemptFault(refusal).html }
      HTML.element("p", .class("sum")) {
        "A second look. You are shown what the seller said, and not what was decided."
      }
      LocalizedTitle(product.titles.first).heading
      HTML.element("p", .class("meta")) { HTML.element("span") { "market \(file.market.code)" } }
      HTML.element("div", .class("columns")) {
        FactsSection(file: file).html
        form
      }
    }
  }

  private var form: HTML {
    .element("section", .class("action"), .init("aria-labelledby", "judge")) {
      HTML.element("h2", .id("judge")) { "What do you find?" }
      HTML.element("form", .init("method", "post"), .init("action", "/quality/\(decisionID)"), .class("stack")) {
        visitor.token
        HTML.element("fieldset") {
          HTML.element("legend") { "The product" }
          choice("code", "has this code:")
          choice("rejected", "should not be cleared")
        }
        HTML.element("label", .init("for", "code")) { "Code, six digits or more" }
        HTML.element(
          "input", .id("code"), .init("name", "code"), .init("maxlength", "20"), .init("value", fields?["code"] ?? ""))
        HTML.element("label", .init("for", "reason")) { "Why" }
        HTML.element("textarea", .id("reason"), .init("name", "reason"), .init("rows", "3"), .init("maxlength", "500"))
        {
          "\n\(fields?["reason"] ?? "")"
        }
        HTML.element("button", .class("main")) { "Keep my finding" }
        HTML.element("p", .class("hint")) {
          HTML.element("a", .init("href", "/knowledge/codes")) { "Look a code up" }
        }
      }
    }
  }

  private func choice(_ value: String, _ label: Phrase) -> HTML {
    .element("label", .class("choice")) {
      HTML.element(
        "input", .init("type", "radio"), .init("name", "verdict"), .init("value", value),
        .init("checked", if: (fields?["verdict"] ?? "code") == value))
      label
    }
  }
}
