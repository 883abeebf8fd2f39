/// Where a person signs in: by e-mail and password, or by the key that their administrator made.
public struct SignInPage {
  public enum Way: Sendable { case password, key }

  private let fault: Phrase?
  private let notice: Phrase?
  private let way: Way
  private let email: String
  private let hasProvider: Bool
  private let language: Language

  /// - Parameters:
  ///   - way: how it was tried last.
  ///   - email: as it was typed.
  ///   - hasProvider: people can sign in by their organisation's provider, too.
  public init(
    _ language: Language, fault: Phrase? = nil, notice: Phrase? = nil, way: Way = .password, email: String = "",
    hasProvider: Bool = false
  ) {
    self.language = language
    self.fault = fault
    self.notice = notice
    self.way = way
    self.email = email
    self.hasProvider = hasProvider
  }

  public var html: HTML {
    Page(title: "Sign in", language: language).render {
      HTML.element("div", .class("narrow")) {
        HTML.element("h1") { "Sign in" }
        if let fault { HTML.element("p", .class("fault"), .init("role", "alert")) { fault } }
        if let notice { HTML.element("p", .class("notice"), .init("role", "status")) { notice } }
        if hasProvider {
          HTML.element("a", .class("provider"), .init("href", "/sign-in/provider")) {
            "Sign in with your organisation's account"
          }
        }
        passwordForm
        HTML.element("details", .class("other-way"), .init("open", if: way == .key)) {
          HTML.element("summary") { "Sign in with a key" }
          keyForm
        }
      }
    }
  }

  private var passwordForm: HTML {
    .element("form", .init("method", "post"), .init("action", "/sign-in"), .class("stack")) {
      HTML.element("label", .init("for", "email")) { "E-mail" }
      HTML.element(
        "input", .id("email"), .init("name", "email"), .init("type", "email"), .init("autocomplete", "username"),
        .init("maxlength", "254"), .init("value", email), .init("required"),
        .init("autofocus", if: way == .password && email.isEmpty))
      HTML.element("label", .init("for", "password")) { "Password" }
      HTML.element(
        "input", .id("password"), .init("name", "password"), .init("type", "password"),
        .init("autocomplete", "current-password"), .init("required"),
        .init("autofocus", if: way == .password && !email.isEmpty))
      HTML.element("button", .class("main")) { "Sign in" }
      HTML.element("p", .class("hint")) { "Forgotten? Your administrator gives you a link to choose a new one." }
    }
  }

  private var keyForm: HTML {
    .element("form", .init("method", "post"), .init("action", "/sign-in"), .class("stack")) {
      HTML.element("label", .init("for", "key")) { "Your key" }
      HTML.element(
        "input", .id("key"), .init("name", "key"), .init("type", "password"), .init("autocomplete", "off"),
        .init("aria-describedby", "key-hint"), .init("required"), .init("autofocus", if: way == .key))
      HTML.element("p", .class("hint"), .id("key-hint")) {
        "It begins with pbn_. Your administrator made it for you alone."
      }
      HTML.element("button") { "Sign in with the key" }
    }
  }
}

/// Between the provider and the queue: it is the desk's own, so that what follows is not from another site.
public struct SignedInPage {
  private let language: Language

  public init(_ language: Language) { self.language = language }

  public var html: HTML {
    Page(title: "Signed in", language: language).render {
      HTML.element("h1") { "Signed in" }
      HTML.element("p") { HTML.element("a", .init("href", "/queue")) { "Go to the queue" } }
    }
  }
}

/// A page that says what went wrong and where to go.
public struct FaultPage {
  private let title: Phrase
  private let detail: Phrase
  private let visitor: Visitor?
  private let language: Language

  /// - Parameter language: where nobody is signed in.
  public init(title: Phrase, detail: Phrase, visitor: Visitor? = nil, language: Language = .english) {
    self.language = language
    self.title = title
    self.detail = detail
    self.visitor = visitor
  }

  /// What is said of every page alike.
  /// - Parameter detail: of what nothing better can be said.
  public init(status: Int, detail: String, visitor: Visitor?, language: Language) {
    let (title, words): (Phrase, Phrase) =
      switch status {
      case 404: ("Not found", "There is no page at this address.")
      case 405: ("This cannot be shown", "This address takes what a form sends, and has no page of its own.")
      case 503:
        (
          "The desk cannot answer now",
          "Whether what you sent was done is not known: look at the case, or send it again in a moment."
        )
      case 500...:
        ("Something went wrong", "The desk has noted it. Look whether what you sent was done before you send it again.")
      default: ("This cannot be shown", .verbatim(detail))
      }
    self.init(title: title, detail: words, visitor: visitor, language: language)
  }

  public var html: HTML {
    Page(title: title, visitor: visitor, language: language).render {
      HTML.element("h1") { title }
      HTML.element("p") { detail }
      HTML.element("p") { HTML.element("a", .init("href", "/queue")) { "Go to the queue" } }
    }
  }
}
