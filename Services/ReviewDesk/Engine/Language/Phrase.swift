import Domain

/// Words of ours, to be read in the reader's language. Written in the code in English, which is also the key under which
/// the catalogue has the other languages: what is interpolated becomes `{0}`, `{1}`, … and is written as the language
/// writes numbers, dates and amounts.
public struct Phrase: Sendable, Hashable, ExpressibleByStringInterpolation {
  public enum Argument: Sendable, Hashable {
    /// What somebody wrote, or a code: the same in every language.
    case text(String)
    case phrase(Phrase)
    case number(Int64)
    case instant(Instant)
    case date(CalendarDate)
    case money(Money)
    /// Digits, with a point and a minus where there is one.
    case decimal(String)
    /// Without its year.
    case day(CalendarDate)
  }

  public let key: String
  let arguments: [Argument]

  public init(stringLiteral value: String) {
    key = value
    arguments = []
  }

  public init(stringInterpolation: Interpolation) {
    key = stringInterpolation.key
    arguments = stringInterpolation.arguments
  }

  /// The same with other texts in its places.
  func filled(_ texts: [String]) -> Phrase { Phrase(key: key, arguments: texts.map { .text($0) }) }

  /// The same with something else for some of its texts.
  func mapTexts(_ change: (String) -> Argument?) -> Phrase {
    Phrase(
      key: key,
      arguments: arguments.map { argument in
        if case .text(let text) = argument { change(text) ?? argument } else { argument }
      })
  }

  private init(key: String, arguments: [Argument]) {
    self.key = key
    self.arguments = arguments
  }

  /// As it is, in no language.
  public static func verbatim(_ text: String) -> Phrase { "\(text)" }

  public static func list(_ phrases: [Phrase], separator: String = ", ") -> Phrase {
    guard let first = phrases.first else { return "" }
    return phrases.dropFirst().reduce(first) { "\($0)\(separator)\($1)" }
  }

  public struct Interpolation: StringInterpolationProtocol {
    var key = ""
    var arguments: [Argument] = []

    public init(literalCapacity: Int, interpolationCount: Int) {
      key.reserveCapacity(literalCapacity + 3 * interpolationCount)
      arguments.reserveCapacity(interpolationCount)
    }

    public mutating func appendLiteral(_ literal: String) { key += literal }
    public mutating func appendInterpolation(_ text: String) { append(.text(text)) }
    public mutating func appendInterpolation(_ phrase: Phrase) { append(.phrase(phrase)) }
    public mutating func appendInterpolation(_ number: Int) { append(.number(Int64(number))) }
    public mutating func appendInterpolation(_ number: Int64) { append(.number(number)) }
    public mutating func appendInterpolation(_ instant: Instant) { append(.instant(instant)) }
    public mutating func appendInterpolation(_ date: CalendarDate) { append(.date(date)) }
    public mutating func appendInterpolation(_ money: Money) { append(.money(money)) }
    public mutating func appendInterpolation(_ number: Decimal) { append(.decimal(number.description)) }
    public mutating func appendInterpolation(_ number: Decimal, places: Int) {
      append(.decimal(number.text(places: places)))
    }
    public mutating func appendInterpolation(day date: CalendarDate) { append(.day(date)) }
    @_disfavoredOverload
    public mutating func appendInterpolation<Value: CustomStringConvertible>(_ value: Value) {
      append(.text(value.description))
    }

    private mutating func append(_ argument: Argument) {
      key += "{\(arguments.count)}"
      arguments.append(argument)
    }
  }
}

extension Phrase {
  /// For programs, and for logs.
  public var english: String { text(in: .english) }

  public func text(in language: Language) -> String {
    filled(in: language, words: { $0 }, argument: { $0.text(in: language) })
  }

  /// Times by themselves, so that a script can say them in the reader's own time.
  func markup(in language: Language) -> String {
    filled(in: language, words: HTMLText.escaped, argument: { $0.markup(in: language) })
  }

  private func filled(
    in language: Language, words: (String) -> String, argument: (Argument) -> String
  ) -> String {
    let pattern = Catalogue.words(for: key, in: language) ?? key
    guard !arguments.isEmpty else { return words(pattern) }
    var text = ""
    var rest = pattern[...]
    while let brace = rest.firstIndex(of: "{") {
      text += words(String(rest[..<brace]))
      let after = rest.index(after: brace)
      guard let end = rest[after...].firstIndex(of: "}"), let place = Int(rest[after..<end]),
        arguments.indices.contains(place)
      else {
        text += "{"
        rest = rest[after...]
        continue
      }
      text += argument(arguments[place])
      rest = rest[rest.index(after: end)...]
    }
    return text + words(String(rest))
  }

  /// Its own key and those of the phrases in it.
  var keys: [String] {
    arguments.reduce(into: [key]) { keys, argument in
      if case .phrase(let phrase) = argument { keys += phrase.keys }
    }
  }
}

extension Phrase.Argument {
  fileprivate func markup(in language: Language) -> String {
    switch self {
    case .phrase(let phrase): phrase.markup(in: language)
    case .instant(let instant):
      "<time data-clock datetime=\"\(instant)\">\(HTMLText.escaped(language.words(instant)))</time>"
    case .text, .number, .date, .money, .decimal, .day: HTMLText.escaped(text(in: language))
    }
  }

  fileprivate func text(in language: Language) -> String {
    switch self {
    case .text(let text): text
    case .phrase(let phrase): phrase.text(in: language)
    case .number(let number): language.words(number)
    case .instant(let instant): language.words(instant)
    case .date(let date): language.words(date)
    case .money(let money): language.words(money)
    case .decimal(let plain): language.decimal(plain)
    case .day(let date): language.day(date)
    }
  }
}
