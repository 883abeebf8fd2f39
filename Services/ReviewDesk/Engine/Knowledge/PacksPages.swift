import Domain

/// When a market's pack came into force.
public struct PackActivation: Hashable, Sendable {
  public var market: Market
  public var version: String
  public var reason: String
  public var by: Actor
  public var at: Instant

  public init(market: Market, version: String, reason: String, by: Actor, at: Instant) {
    self.market = market
    self.version = version
    self.reason = reason
    self.by = by
    self.at = at
  }
}

/// The packs in force.
public struct PacksPage {
  private let packs: [MarketPack]
  private let visitor: Visitor
  private let today: CalendarDate

  public init(_ packs: [MarketPack], _ visitor: Visitor, today: CalendarDate) {
    self.packs = packs
    self.visitor = visitor
    self.today = today
  }

  public var html: HTML {
    Page(title: "Market packs", visitor: visitor).render {
      KnowledgeLinks(current: "/knowledge/packs").html
      HTML.element("h1") { "Market packs" }
      if packs.isEmpty { HTML.element("p", .class("empty")) { "No pack is in force, so that every case is held." } }
      if !packs.isEmpty {
        Table(
          name: "Market packs",
          columns: ["Market", "Name", "Version", "Rules", "Digits", "Valid from", "To be checked by"],
          rows: packs.map { pack in
            [
              .html(
                .element("a", [HTMLAttribute("href", "/knowledge/packs/\(pack.market)")], [.text(pack.market.code)])),
              .html(.rule(pack.name)), .text(pack.version), .number("\(pack.rules.count)"),
              .number("\(pack.nationalDigits)"),
              .phrase("\(pack.validFrom)"),
              .phrase(pack.reviewBy < today ? "\(pack.reviewBy), overdue" : "\(pack.reviewBy)"),
            ]
          }
        ).html
      }
    }
  }
}

/// One market's pack: what it asks, charges and forbids, each with its source.
public struct PackPage {
  private let pack: MarketPack
  private let history: [PackActivation]
  private let visitor: Visitor

  public init(_ pack: MarketPack, history: [PackActivation], _ visitor: Visitor) {
    self.pack = pack
    self.history = history
    self.visitor = visitor
  }

  public var html: HTML {
    Page(title: "\(pack.market) pack", visitor: visitor).render {
      KnowledgeLinks(current: "/knowledge/packs").html
      HTML.element("h1") { HTML.rule("\(pack.name), \(pack.version)") }
      HTML.element("dl", .class("facts")) {
        fact("Market", .verbatim(pack.market.code))
        fact("Currency", .verbatim(pack.currency.code))
        fact("Languages", .list(pack.languages.map { .verbatim($0) }))
        fact("National digits", "\(pack.nationalDigits)")
        fact("Every product must say", .list(pack.requiredFields.map(\.phrase)))
        fact("Valid from", "\(pack.validFrom)")
        fact("To be checked by", "\(pack.reviewBy)")
        HTML.element("dt") { "Duty regimes" }
        HTML.element("dd") { HTML.rule(pack.taxation.regimes.map(\.name).joined(separator: "; ")) }
      }
      rules
      activations
    }
  }

  private func fact(_ name: Phrase, _ value: Phrase) -> HTML {
    .fragment([.element("dt", [], [.phrase(name)]), .element("dd", [], [.phrase(value.key.isEmpty ? "none" : value)])])
  }

  private var rules: HTML {
    .element("section", .init("aria-labelledby", "rules")) {
      HTML.element("h2", .id("rules")) { "Rules" }
      Table(
        name: "Rules", columns: ["Rule", "Effect", "What it says", "Asked", "Source"],
        rows: pack.rules.map { rule in
          [
            .phrase("\(rule.id), version \(rule.version)"), .phrase(rule.effect.phrase), .html(says(rule)),
            .phrase(.list(rule.roles.map(\.phrase))), .html(source(rule.source)),
          ]
        }
      ).html
    }
  }

  private func says(_ rule: ScreeningRule) -> HTML {
    guard let document = rule.requiredDocument else { return .rule(rule.summary) }
    return .fragment([.rule(rule.summary), .text(" "), .phrase("Asked for: "), .rule(document)])
  }

  private func source(_ source: RuleSource) -> HTML {
    .fragment([
      .rule("\(source.authority): \(source.instrument)"), .phrase(source.asOf.map { ", as of \($0)" } ?? ", undated"),
    ])
  }

  private var activations: HTML {
    .element("section", .init("aria-labelledby", "history")) {
      HTML.element("h2", .id("history")) { "What was in force when" }
      Table(
        name: "History", columns: ["Version", "In force since", "By", "Why"],
        rows: history.map { [.text($0.version), .phrase("\($0.at)"), .text($0.by.words), .text($0.reason)] }
      ).html
    }
  }
}
