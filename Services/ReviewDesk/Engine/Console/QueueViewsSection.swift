/// The views that somebody keeps of the queue.
public struct QueueViewList: Hashable, Sendable {
  public struct View: Hashable, Sendable {
    public var name: String
    /// As in the address of the page.
    public var query: String
    public var isDefault: Bool

    public init(name: String, query: String, isDefault: Bool) {
      self.name = name
      self.query = query
      self.isDefault = isDefault
    }

    public var address: String {
      "/queue?view=\(QueryString.encoded(name))" + (query.isEmpty ? "" : "&\(query)")
    }
  }

  public var views: [View]
  /// The one that is shown.
  public var current: String?

  public init(_ views: [View] = [], current: String? = nil) {
    self.views = views
    self.current = current
  }
}

/// Links to the kept views, and the forms to keep, rename and drop them.
struct QueueViewsSection {
  let views: QueueViewList
  let query: QueueQuery
  let visitor: Visitor

  var html: HTML {
    .fragment([links, forms])
  }

  private var links: HTML {
    guard !views.views.isEmpty else { return .empty }
    return .element("nav", .class("views"), .init("aria-label", says: "Your views")) {
      HTML.element("ul") {
        for view in views.views {
          HTML.element("li") {
            HTML.element("a", .init("href", view.address), .init("dir", "auto"), current(view)) { view.name }
          }
        }
      }
    }
  }

  private func current(_ view: QueueViewList.View) -> HTMLAttribute {
    view.name == views.current ? HTMLAttribute("aria-current", "page") : HTMLAttribute("aria-current", if: false)
  }

  private var forms: HTML {
    .element("details", .class("manage")) {
      HTML.element("summary") { "Views" }
      form {
        hidden("query", QueryString.encoded(query.parameters))
        HTML.element("label", .init("for", "view-name")) { "Keep what is shown as" }
        name(id: "view-name", value: "")
        HTML.element("label", .class("choice")) {
          HTML.element("input", .init("type", "checkbox"), .init("name", "default"), .init("value", "yes"))
          "Show it first"
        }
        HTML.element("button", .init("name", "act"), .init("value", "save")) { "Keep" }
      }
      for (index, view) in views.views.enumerated() { manage(view, index) }
    }
  }

  private func manage(_ view: QueueViewList.View, _ index: Int) -> HTML {
    form {
      hidden("query", view.query)
      hidden("view", view.name)
      HTML.element("label", .init("for", "view-\(index)")) { "Name of view \(index + 1)" }
      name(id: "view-\(index)", value: view.name)
      HTML.element("button", .init("name", "act"), .init("value", "rename")) { "Rename" }
      HTML.element("button", .init("name", "act"), .init("value", view.isDefault ? "plain" : "default")) {
        view.isDefault ? "Not first" : "Show first"
      }
      HTML.element("button", .class("danger"), .init("name", "act"), .init("value", "delete")) { "Drop" }
    }
  }

  private func form(@HTMLBuilder content: () -> [HTML]) -> HTML {
    .element("form", .init("method", "post"), .init("action", "/queue/views"), .class("filter")) {
      visitor.token
      content()
    }
  }

  private func hidden(_ name: String, _ value: String) -> HTML {
    .element("input", .init("type", "hidden"), .init("name", name), .init("value", value))
  }

  private func name(id: String, value: String) -> HTML {
    .element(
      "input", .id(id), .init("name", "name"), .init("value", value), .init("maxlength", "80"), .init("required"),
      .init("dir", "auto"), .init("autocomplete", "off"))
  }
}
