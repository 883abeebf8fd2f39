/// A piece of a page. Text can only come in as text, and is escaped when the page is written; tags and attribute names are
/// literals of ours. There is no way to put markup in from outside.
public indirect enum HTML: Sendable {
  case text(String)
  case element(StaticString, [HTMLAttribute], [HTML])
  case fragment([HTML])

  public static let empty = HTML.fragment([])

  public static func element(
    _ name: StaticString, _ attributes: HTMLAttribute..., @HTMLBuilder content: () -> [HTML] = { [] }
  ) -> HTML {
    .element(name, attributes, content())
  }

  /// A whole page.
  public var document: [UInt8] {
    var text = "<!doctype html>\n"
    write(to: &text)
    return Array(text.utf8)
  }

  public var source: String {
    var text = ""
    write(to: &text)
    return text
  }

  private static let voidElements: Set<String> = ["br", "hr", "input", "link", "meta"]

  private func write(to page: inout String) {
    switch self {
    case .text(let text): page += HTMLText.escaped(text)
    case .fragment(let parts): for part in parts { part.write(to: &page) }
    case .element(let name, let attributes, let content):
      page += "<\(name)"
      for attribute in attributes { attribute.write(to: &page) }
      page += ">"
      if HTML.voidElements.contains("\(name)") { return }
      for part in content { part.write(to: &page) }
      page += "</\(name)>"
    }
  }
}

public struct HTMLAttribute: Sendable {
  let name: StaticString
  /// nil for one that stands alone, such as `required`.
  let value: String?
  let isPresent: Bool

  public init(_ name: StaticString, _ value: String) {
    self.name = name
    self.value = value
    isPresent = true
  }

  public init(_ name: StaticString, if isPresent: Bool = true) {
    self.name = name
    value = nil
    self.isPresent = isPresent
  }

  public static func `class`(_ value: String) -> HTMLAttribute { HTMLAttribute("class", value) }
  public static func id(_ value: String) -> HTMLAttribute { HTMLAttribute("id", value) }

  func write(to page: inout String) {
    guard isPresent else { return }
    page += " \(name)"
    if let value { page += "=\"\(HTMLText.escaped(value))\"" }
  }
}

@resultBuilder public enum HTMLBuilder {
  public static func buildExpression(_ part: HTML) -> [HTML] { [part] }
  public static func buildExpression(_ text: String) -> [HTML] { [.text(text)] }
  public static func buildExpression(_ parts: [HTML]) -> [HTML] { parts }
  public static func buildBlock(_ parts: [HTML]...) -> [HTML] { parts.flatMap { $0 } }
  public static func buildOptional(_ parts: [HTML]?) -> [HTML] { parts ?? [] }
  public static func buildEither(first: [HTML]) -> [HTML] { first }
  public static func buildEither(second: [HTML]) -> [HTML] { second }
  public static func buildArray(_ parts: [[HTML]]) -> [HTML] { parts.flatMap { $0 } }
}
