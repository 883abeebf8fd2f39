import ClassifierEngine
import ComplianceScreeningEngine
import Domain
import ReviewDeskEngine

/// The classifier's knowledge as a tree of codes that people can read and search.
struct CodeCatalogue: Sendable {
  private let topics: [Topic]
  private let sections: [Section]
  /// What is looked through for each topic: title, names and examples in lower case.
  private let texts: [[UInt8]]

  init(_ knowledge: Knowledge) {
    topics = knowledge.topics
    sections = knowledge.sections
    texts = knowledge.topics.map { topic in
      Array(([topic.title] + topic.names + topic.examples).joined(separator: "\n").lowercased().utf8)
    }
  }

  var chapters: [CodeSummary] { sections.filter { $0.code.digits.utf8.count == 2 }.map { CodeSummary($0) } }

  var subheadings: Set<String> { Set(topics.map(\.code.subheading)) }

  /// Codes that begin with the digits, or in whose words all of the words appear; those in whose title they do come first.
  func search(_ query: String, limit: Int) -> [CodeSummary] {
    let digits = query.filter { $0 != "." && $0 != " " }
    if !digits.isEmpty, digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
      let found =
        sections.filter { $0.code.hasPrefix(digits) }.map { CodeSummary($0) }
        + topics.filter { $0.code.hasPrefix(digits) }.map { CodeSummary($0) }
      return Array(found.sorted { $0.code < $1.code }.prefix(limit))
    }
    let words = query.lowercased().split(separator: " ").map { Array($0.utf8) }
    guard !words.isEmpty else { return [] }
    let found = topics.indices.filter { index in words.allSatisfy { texts[index].contains($0) } }
    let (first, rest) = (found.filter { isInTitle($0, words) }, found.filter { !isInTitle($0, words) })
    return (first + rest).prefix(limit).map { CodeSummary(topics[$0]) }
  }

  private func isInTitle(_ index: Int, _ words: [[UInt8]]) -> Bool {
    let title = Array(topics[index].title.lowercased().utf8)
    return words.allSatisfy { title.contains($0) }
  }

  /// nil when the knowledge has no such chapter, heading or code.
  func entry(_ code: HSCode) -> CodeEntry? {
    var entry: CodeEntry
    if let section = sections.first(where: { $0.code == code }) {
      entry = CodeEntry(code: code, title: section.title)
      entry.names = section.names
      entry.take(section.guidance)
    } else if let topic = topics.first(where: { $0.code == code }) {
      entry = CodeEntry(code: code, title: topic.title)
      entry.frequency = CodeEntry.Frequency(rawValue: topic.frequency.rawValue)
      entry.names = topic.names
      entry.examples = topic.examples
      entry.take(topic.guidance)
    } else {
      return nil
    }
    entry.parents = sections.filter { $0.code != code && code.hasPrefix($0.code.digits) }.map { CodeSummary($0) }
    entry.children = children(of: code)
    return entry
  }

  private func children(of code: HSCode) -> [CodeSummary] {
    let below = { (other: HSCode) in other != code && other.hasPrefix(code.digits) }
    if code.digits.utf8.count == 2 { return sections.filter { below($0.code) }.map { CodeSummary($0) } }
    return topics.filter { below($0.code) }.map { CodeSummary($0) }
  }
}

/// What the markets declare and charge below a code.
struct NationalLines {
  let packs: [MarketPack]
  let tariffs: TariffLibrary

  private static let linesMax = 40

  func of(_ code: HSCode, on date: CalendarDate) -> [CodeEntry.National] {
    packs.filter { $0.validFrom <= date }.map { pack in
      let costs = LandedCost(pack, tariffs: tariffs)
      let known = costs.nationalLines(of: code).prefix(NationalLines.linesMax)
      let lines = known.isEmpty ? [code] : Array(known)
      return CodeEntry.National(market: pack.market, lines: lines.map { line($0, costs, on: date) })
    }
  }

  private func line(_ code: HSCode, _ costs: LandedCost, on date: CalendarDate) -> CodeEntry.National.Line {
    switch costs.ordinaryRate(code, on: date) {
    case .known(let rate, let source, _, let isConfirmed):
      .init(
        code: code, duty: "\(rate)",
        source: "\(source.authority): \(source.instrument)\(isConfirmed ? "" : " (not confirmed)")")
    case .varies(let rates):
      .init(code: code, duty: Set(rates.values.map(\.description)).sorted().joined(separator: ", "), source: nil)
    case .unknown: .init(code: code, duty: nil, source: nil)
    case .unreadable(let reason): .init(code: code, duty: nil, source: reason)
    }
  }
}

extension CodeEntry {
  fileprivate mutating func take(_ guidance: Guidance) {
    notes = guidance.notes
    exclusions = guidance.exclusions.map { Exclusion(phrases: $0.phrases, codes: $0.codes, rule: $0.rule) }
    questions = guidance.questions.map { question in
      Question(text: question.text, answers: question.answers.map { ($0.text, $0.codes) })
    }
  }
}

extension CodeSummary {
  fileprivate init(_ section: Section) { self.init(code: section.code, title: section.title) }
  fileprivate init(_ topic: Topic) {
    self.init(
      code: topic.code, title: topic.title, frequency: CodeEntry.Frequency(rawValue: topic.frequency.rawValue))
  }
}

extension [UInt8] {
  fileprivate func contains(_ part: [UInt8]) -> Bool {
    guard let first = part.first else { return true }
    guard part.count <= count else { return false }
    return withUnsafeBufferPointer { bytes in
      var place = 0
      while place + part.count <= bytes.count {
        if bytes[place] == first, bytes[place..<place + part.count].elementsEqual(part) { return true }
        place += 1
      }
      return false
    }
  }
}
