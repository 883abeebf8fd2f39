import Domain
import Names

/// What the lists' texts have in common.
enum ListText {
  /// The values of a cell, between semicolons.
  static func values(_ cell: String) -> [String] {
    cell.split(separator: ";").map { trimmed($0) }.filter { !$0.isEmpty }
  }

  static func trimmed(_ text: some StringProtocol) -> String {
    var text = text[...]
    while text.first?.isWhitespace == true { text = text.dropFirst() }
    while text.last?.isWhitespace == true { text = text.dropLast() }
    return String(text)
  }

  static func kind(_ text: String) -> NameKind {
    switch text.lowercased() {
    case "person", "individual": .person
    case "organisation", "organization", "entity", "company", "aircraft": .organisation
    case "vessel", "ship": .vessel
    default: .unknown
    }
  }

  /// Each country once; names that are none are left out.
  static func countries(_ texts: [String]) -> [CountryCode] {
    var countries: [CountryCode] = []
    for text in texts {
      guard let country = CountryReading.country(text), !countries.contains(country) else { continue }
      countries.append(country)
    }
    return countries
  }

  static func unique(_ texts: [String]) -> [String] {
    var seen: Set<String> = []
    return texts.filter { seen.insert($0).inserted }
  }

  static func unique(_ names: [ListedName]) -> [ListedName] {
    var seen: Set<String> = []
    return names.filter { !$0.text.isEmpty && seen.insert($0.text).inserted }
  }
}
