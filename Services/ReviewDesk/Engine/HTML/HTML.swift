/// A piece of a page. Text can only come in as text, and is escaped when the page is written; tags and attribute names are
/// literals of ours. There is no way to put markup in from outside.
public indirect enum HTML: Sendable {
  /// What somebody wrote, or a code.
  case text(String)
  /// Words of ours, in the language of the page.
  case phrase(Phrase)
  case element(StaticString, [HTMLAttribute], [HTML])
  case fragment([HTML])
  /// What is in it is written in this language.
  case localized(Language, [HTML])

  public static let empty = HTML.fragment([])

  public static func element(
    _ name: StaticString, _ attributes: HTMLAttribute..., @HTMLBuilder content: () -> [HTML] = { [] }
  ) -> HTML {
    .element(name, attributes, content())
  }

  /// A whole page.
  public var document: [UInt8] {
    var text = "<!doctype html>\n"
    write(to: &text, in: .english)
    return Array(text.utf8)
  }

  public var source: String {
    var text = ""
    write(to: &text, in: .english)
    return text
  }

  private static let voidElements: Set<String> = ["br", "hr", "input", "link", "meta"]

  private func write(to page: inout String, in language: Language) {
    switch self {
    case .text(let text): page += HTMLText.escaped(text)
    case .phrase(let phrase): page += phrase.markup(in: language)
    case .fragment(let parts): for part in parts { part.write(to: &page, in: language) }
    case .localized(let inner, let parts): for part in parts { part.write(to: &page, in: inner) }
    case .element(let name, let attributes, let content):
      page += "<\(name)"
      for attribute in attributes { attribute.write(to: &page, in: language) }
      page += ">"
      if HTML.voidElements.contains("\(name)") { return }
      for part in content { part.write(to: &page, in: language) }
      page += "</\(name)>"
    }
  }
}

public struct HTMLAttribute: Sendable {
  private enum Value: Sendable {
    case text(String)
    case phrase(Phrase)
  }

  let name: StaticString
  /// nil for one that stands alone, such as `required`.
  private let value: Value?
  let isPresent: Bool

  public init(_ name: StaticString, _ value: String) {
    self.name = name
    self.value = .text(value)
    isPresent = true
  }

  /// One that people read or hear.
  public init(_ name: StaticString, says phrase: Phrase) {
    self.name = name
    value = .phrase(phrase)
    isPresent = true
  }

  public init(_ name: StaticString, if isPresent: Bool = true) {
    self.name = name
    value = nil
    self.isPresent = isPresent
  }

  public static func `class`(_ value: String) -> HTMLAttribute { HTMLAttribute("class", value) }
  public static func id(_ value: String) -> HTMLAttribute { HTMLAttribute("id", value) }

  func write(to page: inout String, in language: Language) {
    guard isPresent else { return }
    page += " \(name)"
    switch value {
    case nil: break
    case .text(let text): page += "=\"\(HTMLText.escaped(text))\""
    case .phrase(let phrase): page += "=\"\(HTMLText.escaped(phrase.text(in: language)))\""
    }
  }
}

@resultBuilder public enum HTMLBuilder {
  public static func buildExpression(_ part: HTML) -> [HTML] { [part] }
  /// A literal is words of ours; any other text is somebody's.
  public static func buildExpression(_ phrase: Phrase) -> [HTML] { [.phrase(phrase)] }
  @_disfavoredOverload
  public static func buildExpression(_ text: String) -> [HTML] { [.text(text)] }
  public static func buildExpression(_ parts: [HTML]) -> [HTML] { parts }
  public static func buildBlock(_ parts: [HTML]...) -> [HTML] { parts.flatMap { $0 } }
  public static func buildOptional(_ parts: [HTML]?) -> [HTML] { parts ?? [] }
  public static func buildEither(first: [HTML]) -> [HTML] { first }
  public static func buildEither(second: [HTML]) -> [HTML] { second }
  public static func buildArray(_ parts: [[HTML]]) -> [HTML] { parts.flatMap { $0 } }
}
