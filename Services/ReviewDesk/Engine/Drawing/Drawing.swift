/// A picture, made of what our style sheet colours: shapes and words, in units of a pixel at its natural size.
struct Drawing {
  var width: Double
  var height: Double
  /// What whoever does not see it is told; the table beside it has the rest.
  var words: Phrase
  var parts: [HTML]

  var html: HTML {
    .element(
      "svg",
      [
        .class("drawing"), HTMLAttribute("viewBox", "0 0 \(width.drawn) \(height.drawn)"), HTMLAttribute("role", "img"),
        HTMLAttribute("aria-label", says: words),
      ], parts)
  }

  static func rectangle(_ style: String, x: Double, y: Double, width: Double, height: Double) -> HTML {
    .element(
      "rect", .class(style), .init("x", x.drawn), .init("y", y.drawn), .init("width", max(0, width).drawn),
      .init("height", max(0, height).drawn))
  }

  static func line(_ style: String, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> HTML {
    .element(
      "line", .class(style), .init("x1", x1.drawn), .init("y1", y1.drawn), .init("x2", x2.drawn), .init("y2", y2.drawn))
  }

  static func circle(_ style: String, _ x: Double, _ y: Double, radius: Double) -> HTML {
    .element("circle", .class(style), .init("cx", x.drawn), .init("cy", y.drawn), .init("r", radius.drawn))
  }

  enum Anchor: String { case start, middle, end }

  static func text(_ text: Phrase, _ x: Double, _ y: Double, _ anchor: Anchor = .start, style: String = "label")
    -> HTML
  {
    .element(
      "text", .class(style), .init("x", x.drawn), .init("y", y.drawn), .init("text-anchor", anchor.rawValue)
    ) { text }
  }

  /// A line through points; broken where there is none.
  static func path(_ style: String, _ points: [(x: Double, y: Double)?]) -> HTML {
    .element("path", .class(style), .init("d", pathData(points)))
  }

  static func pathData(_ points: [(x: Double, y: Double)?]) -> String {
    var data = ""
    var isOpen = false
    for point in points {
      guard let point else {
        isOpen = false
        continue
      }
      data += "\(isOpen ? "L" : "M")\(point.x.drawn) \(point.y.drawn)"
      isOpen = true
    }
    return data
  }
}
