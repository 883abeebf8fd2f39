/// The ways from every page to the others.
enum SiteLinks {
  private static let pages: [(path: String, name: Phrase)] = [
    ("/queue", "Queue"), ("/shipments", "Shipments"), ("/dashboard", "Dashboard"), ("/quality", "Quality"),
    ("/knowledge", "Knowledge"),
  ]

  static let html = HTML.element("nav", .class("site"), .init("aria-label", says: "Pages")) {
    for (path, name) in pages {
      HTML.element("a", .init("href", path), path == "/queue" ? .init("data-key", "q") : .init("data-key", if: false)) {
        name
      }
    }
  }
}
