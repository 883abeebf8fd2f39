/// How the text of a variable becomes a value: what is allowed, and how the value is shown.
public struct SettingType<Value: Sendable>: Sendable {
  /// What the operator is told to write, as in "a whole number from 1 to 100".
  let expectation: String
  /// Nil when the text is not of this type.
  let parse: @Sendable (String) -> Value?
  let show: @Sendable (Value) -> String
  /// Stands in for a value that could not be read, until the errors are reported. It never reaches a program.
  let placeholder: Value
  /// Secrets may come from a file and are never printed.
  let isSecret: Bool

  public init(
    expectation: String, placeholder: Value, isSecret: Bool = false,
    parse: @escaping @Sendable (String) -> Value?,
    show: @escaping @Sendable (Value) -> String = { "\($0)" }
  ) {
    self.expectation = expectation
    self.placeholder = placeholder
    self.isSecret = isSecret
    self.parse = parse
    self.show = show
  }
}

extension SettingType where Value == String {
  public static var string: Self {
    SettingType(expectation: "a text that is not empty", placeholder: "", parse: { $0.isEmpty ? nil : $0 })
  }
}

extension SettingType where Value == Int {
  public static func int(in range: ClosedRange<Int>) -> Self {
    SettingType(
      expectation: "a whole number from \(range.lowerBound) to \(range.upperBound)", placeholder: range.lowerBound,
      parse: { text in Int.strictDecimal(text).flatMap { range.contains($0) ? $0 : nil } })
  }
}

extension SettingType where Value == Bool {
  public static var bool: Self {
    SettingType(
      expectation: "true or false", placeholder: false,
      parse: { text in
        switch text {
        case "true": true
        case "false": false
        default: nil
        }
      })
  }
}

extension SettingType where Value == Endpoint {
  public static var endpoint: Self {
    SettingType(
      expectation: "a host and a port, like localhost:5672", placeholder: Endpoint(host: "", port: 1),
      parse: { Endpoint($0) })
  }
}

extension SettingType where Value == URLText {
  public static func url(schemes: [String]) -> Self {
    let example = URLText("\(schemes.first ?? "https")://host")
    guard let example else { preconditionFailure("\(schemes) must be URL schemes") }
    return SettingType(
      expectation: "a URL that begins with " + schemes.map { "\($0)://" }.joined(separator: " or "),
      placeholder: example,
      parse: { text in URLText(text).flatMap { schemes.contains($0.scheme) ? $0 : nil } })
  }
}

extension SettingType where Value == Secret {
  /// Read from the variable, or better from the file that `NAME_FILE` names.
  public static var secret: Self {
    SettingType(
      expectation: "a secret that is not empty", placeholder: Secret(""), isSecret: true,
      parse: { $0.isEmpty ? nil : Secret($0) })
  }
}

extension SettingType where Value == Duration {
  public static func duration(in range: ClosedRange<Duration> = .zero ... .seconds(31 * 86_400)) -> Self {
    let bounds = "\(DurationText.show(range.lowerBound)) to \(DurationText.show(range.upperBound))"
    return SettingType(
      expectation: "a duration like 250ms, 5s or 2m, from \(bounds)", placeholder: range.lowerBound,
      parse: { text in DurationText.parse(text).flatMap { range.contains($0) ? $0 : nil } },
      show: { DurationText.show($0) })
  }
}

extension SettingType {
  /// One of the raw values of an enumeration.
  public static func oneOf(_ choices: Value.Type) -> Self
  where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
    guard let first = choices.allCases.first else { preconditionFailure("\(choices) has no cases") }
    return SettingType(
      expectation: "one of " + choices.allCases.map(\.rawValue).joined(separator: ", "), placeholder: first,
      parse: { Value(rawValue: $0) }, show: { $0.rawValue })
  }

  /// Elements between commas. An empty text is an empty list.
  public static func list<Element>(of element: SettingType<Element>) -> Self where Value == [Element] {
    SettingType(
      expectation: "a list with commas, each \(element.expectation)", placeholder: [], isSecret: element.isSecret,
      parse: { text in
        if text.isEmpty { return [] }
        var elements: [Element] = []
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
          guard let parsed = element.parse(String(item.trimmingSpaces())) else { return nil }
          elements.append(parsed)
        }
        return elements
      },
      show: { $0.map(element.show).joined(separator: ",") })
  }
}

extension StringProtocol {
  func trimmingSpaces() -> SubSequence {
    let start = self.firstIndex { $0 != " " } ?? endIndex
    let tail = self[start...]
    let end = tail.lastIndex { $0 != " " }.map { tail.index(after: $0) } ?? start
    return tail[start..<end]
  }
}
