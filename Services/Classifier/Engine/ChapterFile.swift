import Domain

/// Reads one chapter of the knowledge. A code starts at the margin, what belongs to it is indented:
///
///     851713 Smartphones
///       frequency: daily
///       names: smartphone; mobile phone; 手机
///       note: Phones with an app store; keypad phones are 851714.
///       - listing as a seller writes it
enum ChapterFile {
  static func topics(_ text: String, file: String) throws -> [Topic] {
    var topics: [Topic] = []
    var number = 0
    for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      let content = trimmed(line)
      guard let first = content.first, first != UInt8(ascii: "#") else { continue }
      let isIndented = line.first == UInt8(ascii: " ")
      do throws(ChapterFileProblem) {
        if isIndented {
          guard !topics.isEmpty else { throw ChapterFileProblem(reason: "belongs to no code") }
          try read(content, into: &topics[topics.count - 1])
        } else {
          topics.append(try topic(content))
        }
      } catch {
        throw KnowledgeError(file: file, line: number, reason: error.reason)
      }
    }
    return topics
  }

  private struct ChapterFileProblem: Error { var reason: String }

  private static func topic(_ line: Substring.UTF8View) throws(ChapterFileProblem) -> Topic {
    let digits = line.prefix { $0 != UInt8(ascii: " ") }
    guard digits.count == 6, let code = HSCode(string(digits)), code.digits.utf8.count == 6 else {
      throw ChapterFileProblem(reason: "does not start with a code of six digits")
    }
    let title = string(trimmed(line.dropFirst(6)))
    guard !title.isEmpty else { throw ChapterFileProblem(reason: "has no title") }
    return Topic(code: code, title: title, frequency: .common, names: [], note: "", examples: [])
  }

  private static func read(_ line: Substring.UTF8View, into topic: inout Topic) throws(ChapterFileProblem) {
    if line.first == UInt8(ascii: "-") {
      topic.examples.append(string(trimmed(line.dropFirst())))
      return
    }
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else {
      throw ChapterFileProblem(reason: "is neither a field nor an example")
    }
    let value = trimmed(line[line.index(after: colon)...])
    switch string(line[..<colon]) {
    case "names":
      topic.names += value.split(separator: UInt8(ascii: ";")).map { string(trimmed($0)) }.filter { !$0.isEmpty }
    case "note": topic.note = string(value)
    case "frequency":
      guard let frequency = Topic.Frequency(rawValue: string(value)) else {
        throw ChapterFileProblem(reason: "frequency is daily, common or rare")
      }
      topic.frequency = frequency
    case let field: throw ChapterFileProblem(reason: "has the unknown field '\(field)'")
    }
  }

  private static func string(_ bytes: Substring.UTF8View) -> String { String(Substring(bytes)) }

  private static func trimmed(_ bytes: Substring.UTF8View) -> Substring.UTF8View {
    let isBlank: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") }
    var rest = bytes.drop(while: isBlank)
    while let last = rest.last, isBlank(last) { rest = rest.dropLast() }
    return rest
  }
}
