/// The lexical rules of the exposition format.
enum MetricText {
  static func labels(_ pairs: [(String, String)]) -> String {
    if pairs.isEmpty { return "" }
    return "{" + pairs.map { "\($0)=\"\(escapedLabel($1))\"" }.joined(separator: ",") + "}"
  }

  static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
    if let whole = Int64(exactly: value) { return String(whole) }
    return value.description
  }

  static func escapedHelp(_ text: String) -> String {
    escaped(text) { $0 == "\\" ? "\\\\" : $0 == "\n" ? "\\n" : nil }
  }

  static func escapedLabel(_ text: String) -> String {
    escaped(text) { $0 == "\\" ? "\\\\" : $0 == "\n" ? "\\n" : $0 == "\"" ? "\\\"" : nil }
  }

  private static func escaped(_ text: String, _ replacement: (Unicode.Scalar) -> String?) -> String {
    var output = ""
    for scalar in text.unicodeScalars {
      if let replaced = replacement(scalar) { output += replaced } else { output.unicodeScalars.append(scalar) }
    }
    return output
  }
}

enum MetricName {
  static func isValid(_ name: String) -> Bool {
    isIdentifier(name, otherThan: "_:")
  }

  static func isValidLabel(_ name: String) -> Bool {
    isIdentifier(name, otherThan: "_") && !name.hasPrefix("__") && name != "le"
  }

  private static func isIdentifier(_ name: String, otherThan marks: String) -> Bool {
    guard let first = name.first, !(first.isASCII && first.isNumber) else { return false }
    return name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || marks.contains($0)) }
  }
}
