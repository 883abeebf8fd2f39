/// What the single keys do, and whether they do it. The script shows it.
enum KeysDialog {
  private static let keys: [(Phrase, Phrase)] = [
    ("q", "to the queue"), ("n", "the next case, in the queue"), ("/", "search, in the queue"),
    ("j, k", "down and up in the queue"), ("1, 2, 3", "choose a candidate"),
    ("a", "approve what is chosen"), ("o", "override with another code"), ("r", "reject"), ("i", "ask the supplier"),
    ("e", "escalate"), ("s", "skip"), ("z", "undo the decision before"), ("Ctrl Enter", "send what is typed"),
    ("Escape", "leave a field"), ("?", "this list"),
  ]

  static let html: HTML = .element("dialog", .id("keys"), .init("aria-labelledby", "keys-title")) {
    HTML.element("h2", .id("keys-title")) { "Keys" }
    HTML.element("dl", .class("keys")) {
      for (key, words) in keys {
        HTML.element("dt") { HTML.element("kbd") { key } }
        HTML.element("dd") { words }
      }
    }
    HTML.element("label", .class("choice")) {
      HTML.element("input", .init("type", "checkbox"))
      "Use single keys"
    }
    HTML.element("form", .init("method", "dialog")) { HTML.element("button") { "Close" } }
  }
}
