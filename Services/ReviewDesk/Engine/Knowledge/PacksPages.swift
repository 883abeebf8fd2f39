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
              .text(pack.name), .text(pack.version), .number("\(pack.rules.count)"), .number("\(pack.nationalDigits)"),
              .text("\(pack.validFrom)"),
              .text("\(pack.reviewBy)\(pack.reviewBy < today ? ", overdue" : "")"),
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
      HTML.element("h1") { "\(pack.name), \(pack.version)" }
      HTML.element("dl", .class("facts")) {
        fact("Market", pack.market.code)
        fact("Currency", pack.currency.code)
        fact("Languages", pack.languages.joined(separator: ", "))
        fact("National digits", "\(pack.nationalDigits)")
        fact("Every product must say", pack.requiredFields.map(\.words).joined(separator: ", "))
        fact("Valid from", "\(pack.validFrom)")
        fact("To be checked by", "\(pack.reviewBy)")
        fact("Duty regimes", pack.taxation.regimes.map(\.name).joined(separator: "; "))
      }
      rules
      activations
    }
  }

  private func fact(_ name: String, _ value: String) -> HTML {
    .fragment([.element("dt", [], [.text(name)]), .element("dd", [], [.text(value.isEmpty ? "none" : value)])])
  }

  private var rules: HTML {
    .element("section", .init("aria-labelledby", "rules")) {
      HTML.element("h2", .id("rules")) { "Rules" }
      Table(
        name: "Rules", columns: ["Rule", "Effect", "What it says", "Asked", "Source"],
        rows: pack.rules.map { rule in
          [
            .text("\(rule.id), version \(rule.version)"), .text(rule.effect.words),
            .text(
              [rule.summary, rule.requiredDocument.map { "Asks for: \($0)." }].compactMap { $0 }.joined(separator: " ")),
            .text(rule.roles.map(\.words).joined(separator: ", ")),
            .text(
              "\(rule.source.authority): \(rule.source.instrument)\(rule.source.asOf.map { ", as of \($0)" } ?? "")"),
          ]
        }
      ).html
    }
  }

  private var activations: HTML {
    .element("section", .init("aria-labelledby", "history")) {
      HTML.element("h2", .id("history")) { "What was in force when" }
      Table(
        name: "History", columns: ["Version", "From", "By", "Why"],
        rows: history.map { [.text($0.version), .text($0.at.words), .text($0.by.words), .text($0.reason)] }
      ).html
    }
  }
}
