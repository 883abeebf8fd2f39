/// Reads what became of the codes of an edition. A code of the older edition starts at the margin, what it became is
/// indented; where it became several, a question stands above them and each has its answer. `with` names the other codes
/// that went into one of the newer edition, `others` stands for those that are not listed:
///
///     edition 2026.11.1
///     source 2022-01-01 World Customs Organization | Correlation tables | 2026-11-20
///     851712 Telephones for wireless networks
///       ask: Does it run apps?
///         yes => 851713
///         no => 851714
///     850740 Nickel-iron accumulators
///       => 850780 with 850780
public struct HSCorrelationFile {
  public struct FormatError: Error, Hashable, Sendable, CustomStringConvertible {
    public var line: Int
    public var reason: String
    public var description: String { "line \(line): \(reason)" }
  }

  /// `HS2017-HS2022.txt` → the editions; nil for any other name.
  public static func editions(name: String) -> (from: HSEdition, to: HSEdition)? {
    guard name.hasSuffix(".txt") else { return nil }
    let parts = name.dropLast(4).split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, parts.allSatisfy({ $0.hasPrefix("HS") }), let from = HSEdition(parts[0]),
      let to = HSEdition(parts[1]), from < to
    else { return nil }
    return (from, to)
  }

  public static func read(_ text: String, from: HSEdition, to: HSEdition) throws(FormatError) -> HSCorrelation {
    var file = HSCorrelationFile()
    var number = 0
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      number += 1
      do throws(Problem) { try file.take(line, number) } catch {
        throw FormatError(line: number, reason: error.reason)
      }
    }
    do throws(Problem) { try file.close() } catch { throw FormatError(line: number, reason: error.reason) }
    try file.checkOrigins()
    guard let version = file.version, let source = file.source else {
      throw FormatError(line: 1, reason: "the file names no edition or no source")
    }
    return HSCorrelation(
      from: from, to: to, version: version, source: source, changes: file.changes, drawOnOthers: file.drawOnOthers)
  }

  private struct Problem: Error {
    var reason: String
    init(_ reason: String) { self.reason = reason }
  }

  /// What a line says of the other codes that went into its code.
  private struct Origins {
    var line: Int
    var code: HSCode
    var all: Set<HSCode>
    var hasOthers: Bool
  }

  private var version: String?
  private var source: RuleSource?
  private var changes: [HSCorrelation.Change] = []
  private var origins: [Origins] = []
  private var drawOnOthers: Set<HSCode> = []

  private mutating func take(_ line: Substring, _ number: Int) throws(Problem) {
    let words = line.split(separator: " ")
    guard let first = words.first, !first.hasPrefix("#") else { return }
    guard line.first == " " else { return try open(words) }
    guard let change = changes.last else { throw Problem("belongs to no code") }
    if first == "ask:" { return try ask(words.dropFirst().joined(separator: " "), change) }
    try add(words, to: change, number)
  }

  private mutating func open(_ words: [Substring]) throws(Problem) {
    if changes.isEmpty, words[0] == "edition", words.count == 2 {
      version = String(words[1])
      return
    }
    if changes.isEmpty, words[0] == "source" {
      source = try HSCorrelationFile.source(words.dropFirst())
      return
    }
    try close()
    let code = try HSCorrelationFile.code(words[0])
    guard words.count > 1 else { throw Problem("\(code) has no title") }
    if let last = changes.last, last.code >= code { throw Problem("\(code) does not come after \(last.code)") }
    changes.append(HSCorrelation.Change(code: code, title: words.dropFirst().joined(separator: " ")))
  }

  /// The code before has all that it needs.
  private func close() throws(Problem) {
    guard let last = changes.last else { return }
    if last.outcomes.isEmpty { throw Problem("\(last.code), which stands before, became nothing") }
    if last.question != nil, last.outcomes.count < 2 {
      throw Problem("\(last.code), which stands before, has a question with one answer")
    }
  }

  private mutating func ask(_ text: String, _ change: HSCorrelation.Change) throws(Problem) {
    guard change.outcomes.isEmpty, change.question == nil else { throw Problem("\(change.code) asks twice") }
    guard text.hasSuffix("?") else { throw Problem("a question ends with a question mark") }
    changes[changes.count - 1].question = text
  }

  private mutating func add(_ words: [Substring], to change: HSCorrelation.Change, _ number: Int) throws(Problem) {
    guard let arrow = words.lastIndex(of: "=>"), arrow + 1 < words.count else {
      throw Problem("is neither 'ask: …?' nor an answer with => and a code")
    }
    let answer = words[..<arrow].joined(separator: " ")
    let code = try HSCorrelationFile.code(words[arrow + 1])
    if answer.isEmpty != (change.question == nil) {
      throw Problem(answer.isEmpty ? "the answer has no words" : "the answer stands under no question")
    }
    if change.question == nil, !change.outcomes.isEmpty { throw Problem("several codes need a question") }
    if change.outcomes.contains(where: { $0.code == code }) { throw Problem("\(code) stands twice") }
    changes[changes.count - 1].outcomes.append(HSCorrelation.Outcome(answer: answer, code: code))
    try note(words[(arrow + 2)...], code, of: change.code, number)
  }

  private mutating func note(
    _ rest: ArraySlice<Substring>, _ code: HSCode, of origin: HSCode, _ number: Int
  ) throws(Problem) {
    var codes: Set<HSCode> = [origin]
    var others = rest.dropFirst()
    if let first = rest.first, first != "with" || others.isEmpty {
      throw Problem("after the code stands nothing, or 'with' and other codes")
    }
    let hasOthers = others.last == "others"
    if hasOthers { others = others.dropLast() }
    for word in others { codes.insert(try HSCorrelationFile.code(word)) }
    origins.append(Origins(line: number, code: code, all: codes, hasOthers: hasOthers))
    if hasOthers { drawOnOthers.insert(code) }
  }

  /// What the lines say of one another holds, so that a merge can be seen at each of its ends.
  private func checkOrigins() throws(FormatError) {
    let all = HSCorrelation.origins(changes)
    for said in origins {
      let truth = all[said.code] ?? []
      if Set(truth) != said.all || drawOnOthers.contains(said.code) != said.hasOthers {
        let others = drawOnOthers.contains(said.code) ? ["others"] : []
        throw FormatError(
          line: said.line,
          reason:
            "\(said.code) draws on \((truth.map(\.digits) + others).joined(separator: " ")), which 'with' has to say")
      }
    }
  }

  private static func code(_ word: Substring) throws(Problem) -> HSCode {
    guard word.utf8.count == 6, word.utf8.allSatisfy({ (48...57).contains($0) }), let code = HSCode(String(word)) else {
      throw Problem("'\(word)' is not a code of six digits")
    }
    return code
  }

  private static func source(_ words: ArraySlice<Substring>) throws(Problem) -> RuleSource {
    let parts = words.dropFirst().joined(separator: " ").split(separator: " | ").map(String.init)
    guard let first = words.first, CalendarDate(String(first)) != nil, parts.count == 3,
      let asOf = CalendarDate(parts[2])
    else { throw Problem("a source is written: source DATE AUTHORITY | INSTRUMENT | AS-OF") }
    return RuleSource(authority: parts[0], instrument: parts[1], asOf: asOf)
  }
}
