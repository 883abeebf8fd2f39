/// The ways from every page to the others.
enum SiteLinks {
  static let html = HTML.element("nav", .class("site"), .init("aria-label", "Pages")) {
    for (path, name) in [
      ("/queue", "Queue"), ("/shipments", "Shipments"), ("/dashboard", "Dashboard"), ("/knowledge", "Knowledge"),
    ] {
      HTML.element("a", .init("href", path)) { name }
    }
  }
}
