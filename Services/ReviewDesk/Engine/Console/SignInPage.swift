/// Where a person shows their key.
public struct SignInPage {
  private let fault: String?

  public init(fault: String? = nil) { self.fault = fault }

  public var html: HTML {
    Page(title: "Sign in").render {
      HTML.element("div", .class("narrow")) {
        HTML.element("h1") { "Sign in" }
        if let fault { HTML.element("p", .class("fault"), .init("role", "alert")) { fault } }
        HTML.element("form", .init("method", "post"), .init("action", "/sign-in"), .class("stack")) {
          HTML.element("label", .init("for", "key")) { "Your key" }
          HTML.element(
            "input", .id("key"), .init("name", "key"), .init("type", "password"),
            .init("autocomplete", "current-password"),
            .init("aria-describedby", "key-hint"), .init("required"), .init("autofocus"))
          HTML.element("p", .class("hint"), .id("key-hint")) {
            "It begins with pbn_. Your administrator made it for you alone."
          }
          HTML.element("button", .class("main")) { "Sign in" }
        }
      }
    }
  }
}

/// A page that says what went wrong and where to go.
public struct FaultPage {
  private let title: String
  private let detail: String
  private let visitor: Visitor?

  public init(title: String, detail: String, visitor: Visitor? = nil) {
    self.title = title
    self.detail = detail
    self.visitor = visitor
  }

  public var html: HTML {
    Page(title: title, visitor: visitor).render {
      HTML.element("h1") { title }
      HTML.element("p") { detail }
      HTML.element("p") { HTML.element("a", .init("href", "/queue")) { "Go to the queue" } }
    }
  }
}
