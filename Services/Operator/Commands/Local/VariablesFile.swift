/// A file of `export NAME=value` lines, which a shell can read too.
struct VariablesFile: Sendable {
  var values: [String: String]

  init(_ values: [String: String] = [:]) { self.values = values }

  init(reading path: String) throws(LocalFile.Problem) {
    values = [:]
    for line in try LocalFile.readText(path).split(separator: "\n") {
      let text = line.hasPrefix("export ") ? line.dropFirst("export ".count) : line
      guard !text.hasPrefix("#"), let equals = text.firstIndex(of: "=") else { continue }
      values[String(text[..<equals])] = VariablesFile.unquoted(text[text.index(after: equals)...])
    }
  }

  func write(to path: String, isSecret: Bool) throws(LocalFile.Problem) {
    let lines = values.sorted { $0.key < $1.key }.map { "export \($0.key)=\(VariablesFile.quoted($0.value))\n" }
    try LocalFile.write(lines.joined(), to: path, isSecret: isSecret)
  }

  private static func quoted(_ value: String) -> String {
    let plain = value.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "_-./:,@%+=".utf8.contains(byte)
    }
    return plain
      ? value : "'" + value.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }

  private static func unquoted(_ text: Substring) -> String {
    var result = ""
    var isQuoted = false
    var isEscaped = false
    for character in text {
      switch character {
      case "'" where !isEscaped: isQuoted.toggle()
      case "\\" where !isQuoted && !isEscaped: isEscaped = true
      default:
        result.append(character)
        isEscaped = false
      }
    }
    return result
  }
}
