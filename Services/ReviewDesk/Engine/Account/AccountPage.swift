import Domain

/// A person's own account: password, language, letters, and where they are signed in.
public struct AccountPage {
  /// One of their sessions.
  public struct SignedIn: Sendable {
    public var mark: String
    public var address: String
    public var agent: String
    public var beganAt: Instant
    public var lastSeenAt: Instant
    public var isThis: Bool

    public init(
      mark: String, address: String, agent: String, beganAt: Instant, lastSeenAt: Instant, isThis: Bool
    ) {
      self.mark = mark
      self.address = address
      self.agent = agent
      self.beganAt = beganAt
      self.lastSeenAt = lastSeenAt
      self.isThis = isThis
    }
  }

  private let account: Account?
  private let sessions: [SignedIn]
  private let visitor: Visitor
  private let sendsLetters: Bool
  private let fault: Phrase?
  private let notice: Phrase?

  /// - Parameters:
  ///   - account: nil for whoever is signed in with a key, which has nothing to set.
  ///   - sendsLetters: whether this installation does.
  public init(
    _ account: Account?, _ sessions: [SignedIn], _ visitor: Visitor, sendsLetters: Bool, fault: Phrase? = nil,
    notice: Phrase? = nil
  ) {
    self.account = account
    self.sessions = sessions
    self.visitor = visitor
    self.sendsLetters = sendsLetters
    self.fault = fault
    self.notice = notice
  }

  public var html: HTML {
    Page(title: "Your account", visitor: visitor).render {
      HTML.element("h1") { "Your account" }
      if let fault { HTML.element("p", .class("fault"), .init("role", "alert")) { fault } }
      if let notice { HTML.element("p", .class("notice"), .init("role", "status")) { notice } }
      if let account {
        who(account)
        HTML.element("div", .class("columns account")) {
          settings(account)
          password(account)
        }
      } else {
        HTML.element("p") { "You are signed in with a key. Password and settings belong to accounts." }
      }
      sessionsTable
    }
  }

  private func who(_ account: Account) -> HTML {
    .element("p", .class("sum")) {
      "\(account.email): \(Phrase.list(account.roles.map(\.words)))"
      if !account.markets.isEmpty { ", markets \(account.markets.map(\.code).joined(separator: ", "))" }
    }
  }

  // MARK: Settings

  private func settings(_ account: Account) -> HTML {
    .element("section", .class("action"), .init("aria-labelledby", "settings")) {
      HTML.element("h2", .id("settings")) { "Language and letters" }
      HTML.element("form", .init("method", "post"), .init("action", "/account/settings"), .class("stack")) {
        visitor.token
        HTML.element("label", .init("for", "language")) { "Language" }
        HTML.element("select", .id("language"), .init("name", "language")) {
          option("auto", "As the browser asks", isChosen: account.language == nil)
          for language in Language.allCases { own(language, isChosen: account.language == language) }
        }
        letters(account)
        HTML.element("button", .class("main")) { "Save" }
      }
    }
  }

  /// Each language in its own words, so that whoever speaks it finds it.
  private func own(_ language: Language, isChosen: Bool) -> HTML {
    .element(
      "option", .init("value", language.rawValue), .init("lang", language.tag), .init("selected", if: isChosen)
    ) { HTML.text(language.ownName) }
  }

  private func option(_ value: String, _ words: Phrase, isChosen: Bool) -> HTML {
    .element("option", .init("value", value), .init("selected", if: isChosen)) { words }
  }

  private func letters(_ account: Account) -> HTML {
    .fragment([
      .element("fieldset") {
        HTML.element("legend") { "E-mail about your cases" }
        if !sendsLetters { HTML.element("p", .class("hint")) { "This installation sends no e-mail." } }
        wish(.immediate, "At once what is urgent, the rest once a day", account)
        wish(.digest, "Once a day", account)
        wish(.none, "Never", account)
      },
      .element("label", .init("for", "risk")) { "New cases are urgent from this risk on" },
      .element(
        "input", .id("risk"), .init("name", "risk"), .init("type", "number"), .init("min", "0"), .init("max", "100"),
        .init("value", String(account.risk)), .init("aria-describedby", "risk-hint"), .init("required")),
      .element("p", .class("hint"), .id("risk-hint")) {
        "From 0 to 100. Urgent is always what is given or escalated to you."
      },
      .element("label", .init("for", "hour")) { "The daily letter comes at (UTC)" },
      .element("select", .id("hour"), .init("name", "hour")) {
        for hour in 0..<24 {
          HTML.element(
            "option", .init("value", String(hour)), .init("data-hour"),
            .init("selected", if: Int64(hour) == account.digestHour)
          ) { HTML.text(hour < 10 ? "0\(hour):00" : "\(hour):00") }
        }
      },
    ])
  }

  private func wish(_ wish: NoticeWish, _ words: Phrase, _ account: Account) -> HTML {
    .element("label", .class("choice")) {
      HTML.element(
        "input", .init("type", "radio"), .init("name", "letters"), .init("value", wish.rawValue),
        .init("checked", if: account.wish == wish))
      HTML.element("span") { words }
    }
  }

  // MARK: Password

  private func password(_ account: Account) -> HTML {
    .element("section", .class("action"), .init("aria-labelledby", "password-change")) {
      HTML.element("h2", .id("password-change")) { "Change the password" }
      HTML.element("form", .init("method", "post"), .init("action", "/account/password"), .class("stack")) {
        visitor.token
        // For programs that keep passwords.
        HTML.element(
          "input", .init("type", "hidden"), .init("name", "username"), .init("autocomplete", "username"),
          .init("value", account.email))
        field("current", "Your password now", autocomplete: "current-password")
        field("password", "New password", autocomplete: "new-password", hint: "password-hint")
        HTML.element("p", .class("hint"), .id("password-hint")) {
          "At least \(PasswordRule.lengthMin) characters. You are signed out everywhere else."
        }
        field("repeated", "The same once more", autocomplete: "new-password")
        HTML.element("button") { "Change the password" }
      }
    }
  }

  private func field(_ name: String, _ label: Phrase, autocomplete: String, hint: String? = nil) -> HTML {
    .fragment([
      .element("label", .init("for", name)) { label },
      .element(
        "input",
        [
          .id(name), HTMLAttribute("name", name), HTMLAttribute("type", "password"),
          HTMLAttribute("autocomplete", autocomplete), HTMLAttribute("maxlength", "\(PasswordRule.bytesMax)"),
          HTMLAttribute("required"),
        ] + (hint.map { [HTMLAttribute("aria-describedby", $0)] } ?? []), []),
    ])
  }

  // MARK: Sessions

  private var sessionsTable: HTML {
    .element("section") {
      HTML.element("h2", .id("sessions")) { "Where you are signed in" }
      HTML.element(
        "div", .class("scroll"), .init("role", "region"), .init("aria-labelledby", "sessions"), .init("tabindex", "0")
      ) {
        HTML.element("table", .class("stacks")) {
          HTML.element("thead") {
            HTML.element("tr") {
              for name in AccountPage.columns { HTML.element("th", .init("scope", "col")) { name } }
            }
          }
          HTML.element("tbody") { for session in sessions { row(session) } }
        }
      }
      if sessions.count > 1 {
        HTML.element("form", .init("method", "post"), .init("action", "/account/sessions"), .class("spaced")) {
          visitor.token
          HTML.element("button", .class("danger")) { "End all others" }
        }
      }
    }
  }

  private static let columns: [Phrase] = ["Since", "Last seen", "From", "Browser", "End"]

  private func row(_ session: SignedIn) -> HTML {
    let label = { (column: Int) in HTMLAttribute("data-label", says: AccountPage.columns[column]) }
    return .element("tr") {
      HTML.element("td", label(0)) { "\(session.beganAt)" as Phrase }
      HTML.element("td", label(1)) { "\(session.lastSeenAt)" as Phrase }
      HTML.element("td", label(2)) { HTML.text(session.address) }
      HTML.element("td", .class("agent"), .init("dir", "auto"), label(3)) { HTML.text(session.agent) }
      HTML.element("td", label(4)) {
        if session.isThis {
          "this one"
        } else {
          HTML.element("form", .init("method", "post"), .init("action", "/account/sessions")) {
            visitor.token
            HTML.element("input", .init("type", "hidden"), .init("name", "mark"), .init("value", session.mark))
            HTML.element("button", .class("quiet")) { "End" }
          }
        }
      }
    }
  }
}
