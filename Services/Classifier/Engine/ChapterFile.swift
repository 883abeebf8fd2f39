import Domain

/// Reads one chapter of the knowledge. A code starts at the margin, what belongs to it is indented; chapters (two
/// digits) and headings (four) carry titles and guidance, the codes of six digits also names and examples:
///
///     8517 Telephones and other apparatus that sends or receives data
///       ask: Does it run apps? | yes => 851713 | no => 851714
///     851713 Smartphones
///       frequency: daily
///       names: smartphone; mobile phone; 手机
///       note: Phones with an app store; keypad phones are 851714.
///       not: phone case; casing hp => 392690 (GRI 1)
///       - listing as a seller writes it [material: silicone; category: Phones > Cases]
struct ChapterFile {
  private(set) var topics: [Topic] = []
  private(set) var sections: [Section] = []

  init(_ text: String, file: String) throws {
    var text = text
    try text.withUTF8 { bytes in
      var lines = LineReader(bytes)
      while let line = lines.next() {
        do throws(Problem) {
          try take(line)
        } catch {
          throw KnowledgeError(file: file, line: lines.number, reason: error.reason)
        }
      }
    }
    for (topic, lines) in exampleLines.enumerated() {
      let (start, end) = (lines?.lowerBound ?? 0, lines?.upperBound ?? 0)
      let bytes = text.utf8
      topics[topic].exampleLines =
        text[bytes.index(bytes.startIndex, offsetBy: start)..<bytes.index(bytes.startIndex, offsetBy: end)]
    }
  }

  /// By topic: from its first example to the end of its last.
  private var exampleLines: [Range<Int>?] = []

  /// The examples in lines of a file, whatever stands between them.
  static func examples(_ lines: Substring) -> [String] {
    var lines = lines
    return lines.withUTF8 { bytes in
      var examples: [String] = []
      var reader = LineReader(bytes)
      while let line = reader.next() {
        if line.first == UInt8(ascii: "-") { examples.append(line.dropping(1).text) }
      }
      return examples
    }
  }

  private struct Problem: Error { var reason: String }
  private enum Target { case none, section, topic }
  private var target = Target.none

  private mutating func take(_ line: Line) throws(Problem) {
    guard let first = line.first, first != UInt8(ascii: "#") else { return }
    guard line.isIndented else { return try open(line) }
    switch target {
    case .none: throw Problem(reason: "belongs to no code")
    case .section: try ChapterFile.read(line, into: &sections[sections.count - 1])
    case .topic:
      if line.first == UInt8(ascii: "-") {
        let last = exampleLines.count - 1
        exampleLines[last] = (exampleLines[last]?.lowerBound ?? line.range.lowerBound)..<line.range.upperBound
      } else {
        try ChapterFile.read(line, into: &topics[topics.count - 1])
      }
    }
  }

  private mutating func open(_ line: Line) throws(Problem) {
    let digits = line.word
    guard [2, 4, 6].contains(digits.count), let code = HSCode(digits.text), code.digits.utf8.count == digits.count
    else { throw Problem(reason: "does not start with a code of two, four or six digits") }
    let title = line.dropping(digits.count).text
    guard !title.isEmpty else { throw Problem(reason: "has no title") }
    if digits.count == 6 {
      topics.append(Topic(code: code, title: title))
      exampleLines.append(nil)
      target = .topic
    } else {
      sections.append(Section(code: code, title: title))
      target = .section
    }
  }

  // What follows is static: a method of the file, called with one of its topics to change, would copy all of them first.

  private static func read(_ line: Line, into topic: inout Topic) throws(Problem) {
    let (field, value) = try self.field(line)
    switch field {
    case "names": topic.names += value.split(";")
    case "frequency":
      guard let frequency = Topic.Frequency(rawValue: value.text) else {
        throw Problem(reason: "frequency is daily, common or rare")
      }
      topic.frequency = frequency
    default: try read(field, value, into: &topic.guidance)
    }
  }

  private static func read(_ line: Line, into section: inout Section) throws(Problem) {
    if line.first == UInt8(ascii: "-") {
      throw Problem(reason: "is an example of \(section.code), which is no full code")
    }
    let (field, value) = try self.field(line)
    switch field {
    case "names": section.names += value.split(";")
    case "frequency": break
    default: try read(field, value, into: &section.guidance)
    }
  }

  private static func field(_ line: Line) throws(Problem) -> (String, Line) {
    guard let (name, value) = line.cut(":") else { throw Problem(reason: "is neither a field nor an example") }
    return (name.text, value)
  }

  private static func read(_ field: String, _ value: Line, into guidance: inout Guidance) throws(Problem) {
    switch field {
    case "note": guidance.notes.append(value.text)
    case "not": guidance.exclusions.append(try exclusion(value))
    case "ask": guidance.questions.append(try question(value))
    default: throw Problem(reason: "has the unknown field '\(field)'")
    }
  }

  private static func exclusion(_ value: Line) throws(Problem) -> Exclusion {
    let parts = value.cut("=>")
    let (phrases, rest) = parts ?? (value, value.dropping(value.count))
    let (codes, rule) = rest.cut("(") ?? (rest, rest.dropping(rest.count))
    let exclusion = Exclusion(
      phrases: phrases.split(";"), codes: codes.codes, rule: rule.withoutLast(")").text)
    guard !exclusion.phrases.isEmpty else { throw Problem(reason: "'not' names no phrase") }
    if parts != nil, exclusion.codes.isEmpty { throw Problem(reason: "'not' has no code after =>") }
    return exclusion
  }

  private static func question(_ value: Line) throws(Problem) -> DecidingQuestion {
    guard let (text, rest) = value.cut("|") else { throw Problem(reason: "'ask' has no answers") }
    var answers: [DecidingQuestion.Answer] = []
    for part in rest.parts("|") {
      guard let (answer, codes) = part.cut("=>"), !codes.codes.isEmpty else {
        throw Problem(reason: "the answer '\(part.text)' has no code after =>")
      }
      answers.append(DecidingQuestion.Answer(text: answer.text, codes: codes.codes))
    }
    guard answers.count > 1 else { throw Problem(reason: "'ask' needs two answers") }
    return DecidingQuestion(text: text.text, answers: answers)
  }
}

/// The lines of a text, numbered.
private struct LineReader {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var place = 0
  private(set) var number = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  mutating func next() -> Line? {
    guard place < bytes.count else { return nil }
    var end = place
    while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
    defer { place = end + 1 }
    number += 1
    let isIndented = end > place && bytes[place] == UInt8(ascii: " ")
    return Line(bytes: bytes, range: place..<end, isIndented: isIndented)
  }
}

/// Part of a line, without blanks at its ends.
private struct Line {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let start: Int
  private let end: Int
  let isIndented: Bool

  init(bytes: UnsafeBufferPointer<UInt8>, range: Range<Int>, isIndented: Bool = true) {
    var start = range.lowerBound
    var end = range.upperBound
    while start < end, Line.isBlank(bytes[start]) { start += 1 }
    while start < end, Line.isBlank(bytes[end - 1]) { end -= 1 }
    (self.bytes, self.start, self.end, self.isIndented) = (bytes, start, end, isIndented)
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\r") }

  var range: Range<Int> { start..<end }
  var count: Int { end - start }
  var first: UInt8? { start < end ? bytes[start] : nil }
  var text: String { String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self) }

  var word: Line {
    var stop = start
    while stop < end, bytes[stop] != UInt8(ascii: " ") { stop += 1 }
    return Line(bytes: bytes, range: start..<stop)
  }

  func dropping(_ count: Int) -> Line { Line(bytes: bytes, range: start + count..<end) }

  func withoutLast(_ mark: Unicode.Scalar) -> Line {
    start < end && bytes[end - 1] == UInt8(ascii: mark) ? Line(bytes: bytes, range: start..<end - 1) : self
  }

  /// What stands before and after the first such mark.
  func cut(_ mark: StaticString) -> (Line, Line)? {
    let width = mark.utf8CodeUnitCount
    var place = start
    while place + width <= end {
      var matched = 0
      while matched < width, bytes[place + matched] == mark.utf8Start[matched] { matched += 1 }
      if matched == width {
        return (Line(bytes: bytes, range: start..<place), Line(bytes: bytes, range: place + width..<end))
      }
      place += 1
    }
    return nil
  }

  func parts(_ mark: StaticString) -> [Line] {
    var parts: [Line] = []
    var rest = self
    while let (part, after) = rest.cut(mark) {
      parts.append(part)
      rest = after
    }
    return (parts + [rest]).filter { $0.count > 0 }
  }

  func split(_ mark: StaticString) -> [String] { parts(mark).map(\.text) }

  /// The codes named in it, whatever stands between them.
  var codes: [HSCode] {
    var codes: [HSCode] = []
    var digits = start
    for place in start...end {
      if place < end, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[place]) { continue }
      if [2, 4, 6].contains(place - digits),
        let code = HSCode(Line(bytes: bytes, range: digits..<place).text)
      {
        codes.append(code)
      }
      digits = place + 1
    }
    return codes
  }
}
