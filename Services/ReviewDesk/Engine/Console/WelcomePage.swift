/// Where a person chooses a password, by the link that their administrator sent.
public struct WelcomePage {
  private let email: String
  private let name: String
  private let fault: Phrase?
  private let language: Language

  public init(_ language: Language, email: String, name: String, fault: Phrase? = nil) {
    self.language = language
    self.email = email
    self.name = name
    self.fault = fault
  }

  public var html: HTML {
    Page(title: "Welcome", language: language).render {
      HTML.element("div", .class("narrow")) {
        HTML.element("h1") { "Welcome, \(name)" }
        HTML.element("p") { "Choose a password. From then on you sign in with it and your e-mail address." }
        if let fault { HTML.element("p", .class("fault"), .init("role", "alert")) { fault } }
        // Without an action it goes to where it came from: the link's token stands nowhere in the page.
        HTML.element("form", .init("method", "post"), .class("stack")) {
          HTML.element("label", .init("for", "email")) { "E-mail" }
          HTML.element(
            "input", .id("email"), .init("type", "email"), .init("autocomplete", "username"), .init("value", email),
            .init("readonly"))
          password("password", "New password", "length-hint")
          HTML.element("p", .class("hint"), .id("length-hint")) {
            "At least \(PasswordRule.lengthMin) characters. A few words that belong to nobody but you are best."
          }
          password("repeated", "The same once more", nil)
          HTML.element("button", .class("main")) { "Save the password" }
        }
      }
    }
  }

  private func password(_ name: String, _ label: Phrase, _ hint: String?) -> HTML {
    .fragment([
      .element("label", .init("for", name)) { label },
      .element(
        "input",
        [
          .id(name), HTMLAttribute("name", name), HTMLAttribute("type", "password"),
          HTMLAttribute("autocomplete", "new-password"), HTMLAttribute("minlength", "\(PasswordRule.lengthMin)"),
          HTMLAttribute("required"), HTMLAttribute("autofocus", if: hint != nil),
        ] + (hint.map { [HTMLAttribute("aria-describedby", $0)] } ?? []), []),
    ])
  }
}
