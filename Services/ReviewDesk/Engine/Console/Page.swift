/// The frame around every page of the console.
struct Page {
  var title: Phrase
  /// Who is signed in; nil on the sign-in page.
  var visitor: Visitor?
  private let language: Language

  /// - Parameter language: where nobody is signed in who has one.
  init(title: Phrase, visitor: Visitor? = nil, language: Language = .english) {
    self.title = title
    self.visitor = visitor
    self.language = visitor?.language ?? language
  }

  func render(@HTMLBuilder content: () -> [HTML]) -> HTML {
    .localized(language, [whole(content)])
  }

  private func whole(_ content: () -> [HTML]) -> HTML {
    .element("html", .init("lang", language.tag)) {
      HTML.element("head") {
        HTML.element("meta", .init("charset", "utf-8"))
        HTML.element("meta", .init("name", "viewport"), .init("content", "width=device-width, initial-scale=1"))
        HTML.element("meta", .init("name", "color-scheme"), .init("content", "light dark"))
        HTML.element("title") { "\(title) · Pabean" }
        HTML.element("link", .init("rel", "stylesheet"), .init("href", "/assets/desk.css"))
        if visitor != nil { HTML.element("script", .init("src", "/assets/desk.js"), .init("defer")) }
      }
      HTML.element("body") {
        HTML.element("a", .class("skip"), .init("href", "#main")) { "Skip to the content" }
        header
        if visitor != nil { NewsLine.html }
        HTML.element("main", .id("main"), content: content)
        if visitor != nil { KeysDialog.html }
      }
    }
  }

  private var header: HTML {
    .element("header", .class("bar")) {
      HTML.element("a", .class("brand"), .init("href", "/queue")) { "Pabean review desk" }
      if let visitor {
        SiteLinks.html
        if visitor.isSandbox { HTML.element("strong", .class("sandbox")) { "Sandbox" } }
        HTML.element("a", .class("who"), .init("href", "/account")) { "\(visitor.account), \(visitor.tenant)" }
        HTML.element("form", .init("method", "post"), .init("action", "/sign-out")) {
          visitor.token
          HTML.element("button", .class("quiet")) { "Sign out" }
        }
        HTML.element(
          "button", .id("help"), .class("quiet"), .init("type", "button"), .init("data-script"), .init("hidden")
        ) { "Keys (?)" }
      }
    }
  }
}

/// Who looks at a page, and the token that proves that a form came from a page of ours.
public struct Visitor: Sendable {
  public static let tokenField = "token"
  public static let followingField = "following"

  public var account: String
  public var tenant: String
  public var isSandbox: Bool
  public var formToken: String
  public var reviewer: Reviewer
  public var language: Language
  /// The part of the queue that the visitor works through: the next case is of it.
  public var following = QueueQuery()

  public init(
    account: String, tenant: String, isSandbox: Bool, formToken: String, reviewer: Reviewer,
    language: Language = .english
  ) {
    self.account = account
    self.tenant = tenant
    self.isSandbox = isSandbox
    self.formToken = formToken
    self.reviewer = reviewer
    self.language = language
  }

  /// What every form of a page carries.
  var token: HTML {
    .fragment([
      hidden(Visitor.tokenField, formToken),
      following.isFiltered ? hidden(Visitor.followingField, QueryString.encoded(following.parameters)) : .empty,
    ])
  }

  private func hidden(_ name: String, _ value: String) -> HTML {
    .element("input", .init("type", "hidden"), .init("name", name), .init("value", value))
  }
}
