import Domain
import JSON

/// A tenant's policy or own rules: what is in force, what was, and the drafts.
public struct RulesShelfPage {
  private let shelf: RulesShelf
  private let visitor: Visitor

  public init(_ shelf: RulesShelf, _ visitor: Visitor) {
    self.shelf = shelf
    self.visitor = visitor
  }

  private var kind: RulesKind { shelf.kind }

  public var html: HTML {
    Page(title: kind.title, visitor: visitor).render {
      KnowledgeLinks(current: kind.path).html
      HTML.element("h1") { kind.title }
      HTML.element("p", .class("sum")) { about }
      HTML.element("p") { self.standing }
      if KnowledgeRights(visitor.reviewer).mayDraft {
        HTML.element("p") {
          HTML.element("a", .init("href", "\(kind.path)/draft")) { "Write a draft" }
        }
      }
      versions
      history
    }
  }

  private var about: Phrase {
    switch kind {
    case .policy:
      """
      When a case may clear without a person, who is asked, and what every product must say. Whoever writes a version \
      does not put it into force.
      """
    case .ownRules:
      "What the house asks beside what the authorities ask. Whoever writes a version does not put it into force."
    }
  }

  private var standing: [HTML] {
    guard let number = shelf.inForce else { return [.phrase("None is in force.")] }
    return [
      .element("a", [HTMLAttribute("href", "\(kind.path)/versions/\(number)")], [.phrase("Version \(number)")]),
      .text(" "),
      .phrase(shelf.history.first.map { "is in force since \($0.at), by \($0.by.words):" } ?? "is in force"),
      .text(" "),
      .element("span", [HTMLAttribute("dir", "auto")], [.text(shelf.history.first?.reason ?? "")]),
    ]
  }

  private var versions: HTML {
    .element("section", .init("aria-labelledby", "versions")) {
      HTML.element("h2", .id("versions")) { "Versions" }
      Table(
        name: "Versions", columns: ["Version", "Standing", "Written by", "Written"],
        rows: shelf.versions.map { version in
          [
            .html(
              .element(
                "a", [HTMLAttribute("href", "\(kind.path)/versions/\(version.number)")],
                [.phrase("Version \(version.number)")])),
            .phrase(standing(version)), .text(version.createdBy.words), .phrase("\(version.createdAt)"),
          ]
        }
      ).html
    }
  }

  private func standing(_ version: RulesVersion) -> Phrase {
    version.number == shelf.inForce ? "in force" : version.wasInForce ? "was in force" : "draft"
  }

  private var history: HTML {
    .element("section", .init("aria-labelledby", "history")) {
      HTML.element("h2", .id("history")) { "What was in force when" }
      Table(
        name: "History", columns: ["Version", "In force since", "By", "Why"],
        rows: shelf.history.map { entry in
          [
            .phrase(entry.number.map { "\($0)" } ?? "none"), .phrase("\(entry.at)"), .text(entry.by.words),
            .text(entry.reason),
          ]
        }
      ).html
    }
  }
}

/// Where a draft is written, and told what must be corrected.
public struct RulesDraftPage {
  private let kind: RulesKind
  private let text: String
  private let faults: [RulesDraft.Fault]
  private let visitor: Visitor

  /// - Parameter text: as it was sent, or the version to begin with.
  public init(_ kind: RulesKind, text: String, faults: [RulesDraft.Fault] = [], _ visitor: Visitor) {
    self.kind = kind
    self.text = text
    self.faults = faults
    self.visitor = visitor
  }

  public var html: HTML {
    Page(title: kind.draftTitle, visitor: visitor).render {
      KnowledgeLinks(current: kind.path).html
      HTML.element("h1") { kind.draftTitle }
      if !faults.isEmpty { self.faultList }
      HTML.element("form", .init("method", "post"), .init("action", "\(kind.path)/draft"), .class("stack")) {
        visitor.token
        HTML.element("label", .init("for", "text")) {
          kind == .policy ? "The whole policy, as JSON" : "All own rules, as JSON"
        }
        HTML.element(
          "textarea",
          [
            .id("text"), HTMLAttribute("name", "text"), HTMLAttribute("rows", "28"), .class("source"),
            HTMLAttribute("spellcheck", "false"), HTMLAttribute("required"),
            HTMLAttribute("aria-describedby", faults.isEmpty ? "text-hint" : "text-hint faults"),
            // A parser drops the first line break after the tag.
          ], [.text("\n" + text)])
        HTML.element("p", .class("hint"), .id("text-hint")) {
          "Keeping it puts nothing into force: you can try it on the latest cases, and somebody else activates it."
        }
        HTML.element("button", .class("main")) { "Check and keep as a draft" }
      }
    }
  }

  private var faultList: HTML {
    .element("div", .class("fault"), .init("role", "alert"), .id("faults")) {
      HTML.element("p") { HTML.element("strong") { "Nothing was kept. Correct this first:" } }
      HTML.element("ul") {
        for fault in faults {
          HTML.element("li") {
            if let line = fault.line { "Line \(line)" }
            if !fault.field.isEmpty {
              HTML.text(fault.line == nil ? "" : ", ")
              HTML.element("code") { fault.field }
            }
            HTML.text(": ")
            "\(fault.problem) \(fault.remedy)"
          }
        }
      }
    }
  }
}

/// One version: what it says, what it would change, and the way into force.
public struct RulesVersionPage {
  /// What was refused a moment ago.
  public struct Attempt: Sendable {
    public var refusal: Refusal
    public var reason: String

    public init(refusal: Refusal, reason: String) {
      self.refusal = refusal
      self.reason = reason
    }
  }

  private let shelf: RulesShelf
  private let version: RulesVersion
  private let content: JSONValue
  private let inForce: JSONValue?
  private let simulation: SimulationResult?
  private let attempt: Attempt?
  private let visitor: Visitor

  public init(
    _ shelf: RulesShelf, _ version: RulesVersion, content: JSONValue, inForce: JSONValue?,
    simulation: SimulationResult? = nil, attempt: Attempt? = nil, _ visitor: Visitor
  ) {
    self.shelf = shelf
    self.version = version
    self.content = content
    self.inForce = inForce
    self.simulation = simulation
    self.attempt = attempt
    self.visitor = visitor
  }

  private var kind: RulesKind { shelf.kind }
  private var path: String { "\(kind.path)/versions/\(version.number)" }
  private var isInForce: Bool { version.number == shelf.inForce }

  public var html: HTML {
    Page(title: "\(kind.title) \(version.number)", visitor: visitor).render {
      KnowledgeLinks(current: kind.path).html
      HTML.element("h1") { "\(kind.title), version \(version.number)" }
      HTML.element("p", .class("sum"), .init("dir", "auto")) {
        "Written by \(version.createdBy.words), \(version.createdAt). \(standing)"
      }
      if let attempt { AttemptFault(attempt.refusal).html }
      if !isInForce {
        difference
        trial
        activation
      }
      if KnowledgeRights(visitor.reviewer).mayDraft {
        HTML.element("p") {
          HTML.element("a", .init("href", "\(kind.path)/draft?from=\(version.number)")) {
            "Write a draft from this version"
          }
        }
      }
      HTML.element("section", .init("aria-labelledby", "content")) {
        HTML.element("h2", .id("content")) { "What it says" }
        source(
          "All lines",
          JSONLayout.text(content).split(separator: "\n", omittingEmptySubsequences: false).map { .same(String($0)) })
      }
    }
  }

  private var standing: Phrase {
    isInForce ? "It is in force." : version.wasInForce ? "It was in force before." : "It is a draft."
  }

  // MARK: Difference

  private var difference: HTML {
    .element("section", .init("aria-labelledby", "difference")) {
      HTML.element("h2", .id("difference")) { "What it changes" }
      if let inForce {
        let difference = LineDifference(lines(inForce), lines(content))
        if difference.isEmpty {
          HTML.element("p", .class("empty")) { "Nothing: it says the same as the version in force." }
        } else {
          source("Changed lines", difference.excerpt())
        }
      } else {
        HTML.element("p", .class("empty")) { "None is in force yet." }
      }
    }
  }

  private func lines(_ json: JSONValue) -> [String] {
    JSONLayout.text(json).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  private func source(_ name: Phrase, _ lines: [LineDifference.Line]) -> HTML {
    .element(
      "div", .class("scroll"), .init("role", "region"), .init("aria-label", says: name), .init("tabindex", "0")
    ) {
      HTML.element("pre", .class("source")) {
        for line in lines {
          switch line {
          case .same(let text): HTML.text("  \(text)\n")
          case .removed(let text): HTML.element("del") { HTML.text("− \(text)\n") }
          case .added(let text): HTML.element("ins") { HTML.text("+ \(text)\n") }
          }
        }
      }
    }
  }

  // MARK: Trial

  private var trial: HTML {
    .element("section", .init("aria-labelledby", "trial")) {
      HTML.element("h2", .id("trial")) { "What it would change over the latest cases" }
      HTML.element("form", .init("method", "get"), .init("action", path), .class("filter")) {
        HTML.element("label", .init("for", "last")) { "The latest" }
        HTML.element("select", .id("last"), .init("name", "last")) {
          for count in SimulationResult.counts {
            HTML.element("option", .init("value", "\(count)")) { "\(count) cases" }
          }
        }
        HTML.element("button") { "Try it" }
      }
      if let simulation { SimulationSection(result: simulation).html }
    }
  }

  // MARK: Activation

  private var activation: HTML {
    .element("section", .class("action"), .init("aria-labelledby", "activation")) {
      HTML.element("h2", .id("activation")) {
        version.wasInForce ? "Put it into force again" : "Put it into force"
      }
      if let obstacle {
        HTML.element("p", .class("hint")) { obstacle }
      } else {
        HTML.element("form", .init("method", "post"), .init("action", "\(path)/activate"), .class("stack")) {
          visitor.token
          HTML.element("label", .init("for", "reason")) { "Why, for the history" }
          HTML.element(
            "input", .id("reason"), .init("name", "reason"), .init("maxlength", "500"), .init("required"),
            .init("value", attempt?.reason ?? ""))
          HTML.element("button", .class("main")) { "Put version \(version.number) into force" }
        }
      }
    }
  }

  private var obstacle: Phrase? {
    do throws(Refusal) {
      try KnowledgeRights(visitor.reviewer).requireActivating(version, inForce: shelf.inForce)
      return nil
    } catch {
      return error.detail
    }
  }
}

/// The same cases decided by what is in force and by what is proposed.
struct SimulationSection {
  let result: SimulationResult

  var html: HTML {
    .element("div", .init("role", "status")) {
      HTML.element("p") {
        summary
      }
      if result.count > 0 {
        Table(
          name: "Totals", columns: ["What", "In force", "This version"],
          rows: result.rows.map { [.phrase($0.what), .number($0.before), .number($0.after)] }
        ).html
      }
      if !result.changes.isEmpty {
        HTML.element("h3") {
          result.changed > result.changes.count
            ? "The gravest \(result.changes.count) changes" : "The changes"
        }
        Table(
          name: "Changes", columns: ["Case", "Market", "In force", "This version", "Why"],
          rows: result.changes.map { change in
            [
              .html(.element("a", [HTMLAttribute("href", "/cases/\(change.caseID)")], [.text(change.sku)])),
              .text(change.market.code), .phrase(change.before.phrase), .phrase(change.after.phrase),
              .html(.rule(change.why)),
            ]
          }
        ).html
      }
    }
  }
}

extension SimulationSection {
  private var summary: Phrase {
    guard result.count > 0 else { return "There are no classified cases to try it on." }
    return """
      Of \(result.count) cases \(result.moved) would take another lane, and \(result.changed - result.moved) more would \
      differ in reasons, roles, findings or duty. Nothing was stored.
      """
  }
}

/// The ways between the pages of what the desk decides by.
struct KnowledgeLinks {
  let current: String

  static let pages: [(path: String, name: Phrase, about: Phrase)] = [
    (
      "/knowledge/codes", "Codes", "Chapters, headings and codes with their notes, look-alikes, questions and examples."
    ),
    ("/knowledge/rulings", "Rulings", "What authorities ruled about kinds of goods, where they do not agree."),
    ("/knowledge/precedents", "Precedents", "What was decided before, and what the classifier follows."),
    ("/knowledge/policy", "Policy", "When a case may clear without a person, and who is asked."),
    ("/knowledge/rules", "Own rules", "What the house asks beside what the authorities ask."),
    ("/knowledge/lists", "Party lists", "With whom trade is denied or restricted, and how fresh each list is."),
    ("/knowledge/packs", "Market packs", "What each market asks, charges and forbids."),
  ]

  var html: HTML {
    .element("nav", .class("tabs"), .init("aria-label", says: "Knowledge")) {
      for (path, name, _) in KnowledgeLinks.pages {
        HTML.element(
          "a", [HTMLAttribute("href", path)] + (path == current ? [HTMLAttribute("aria-current", "page")] : []),
          [.phrase(name)])
      }
    }
  }
}

/// The way in to what the desk decides by.
public struct KnowledgePage {
  private let visitor: Visitor

  public init(_ visitor: Visitor) { self.visitor = visitor }

  public var html: HTML {
    Page(title: "Knowledge", visitor: visitor).render {
      HTML.element("h1") { "What the desk decides by" }
      HTML.element("dl", .class("tiles")) {
        for (path, name, about) in KnowledgeLinks.pages {
          HTML.element("div", .class("tile")) {
            HTML.element("dt") { HTML.element("a", .init("href", path)) { name } }
            HTML.element("dd", .class("hint")) { about }
          }
        }
      }
    }
  }
}
