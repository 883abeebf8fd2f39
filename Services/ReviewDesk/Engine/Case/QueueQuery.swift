import Domain
import JSON

/// Which part of the queue is asked for.
public struct QueueQuery: Hashable, Sendable {
  public static let limitMax = 200
  private static let textMax = 200
  private static let hoursMax: Int64 = 10_000

  /// Words that a case is found by, or a shipment's reference.
  public var text: String?
  public var market: Market?
  public var role: ReviewerRole?
  public var lane: Lane?
  public var state: CaseState?
  public var kind: RoutingReason.Kind?
  public var chapter: String?
  /// Given to whoever asks.
  public var isMine = false
  /// Waiting for at least so many hours.
  public var hours: Int64?
  public var limit = 50
  /// Where the page before ended.
  public var cursor: QueueCursor?

  public init() {}

  static let filterNames = ["q", "market", "role", "lane", "state", "kind", "chapter", "assigned", "hours"]
  public static let states: [CaseState] = [.awaitingDecision, .awaitingInformation, .undeliverable, .conflicted]
  public static let kinds = RoutingReason.Kind.allCases.filter { $0 != .clear }

  /// - Parameter isLenient: an empty value means any, as an untouched field of a form sends it.
  public init(_ parameters: [(name: String, value: String)], isLenient: Bool = false) throws(Refusal) {
    var issues: [FieldFault] = []
    func read<Value>(_ name: String, _ remedy: Phrase, _ parse: (String) -> Value?) -> Value? {
      guard let text = parameters.first(where: { $0.name == name })?.value, !(isLenient && text.isEmpty) else {
        return nil
      }
      guard let parsed = parse(text) else {
        issues.append(FieldFault(field: name, problem: "This cannot be read.", remedy: remedy))
        return nil
      }
      return parsed
    }
    func names(_ values: [String]) -> Phrase { "Use one of \(values.joined(separator: ", "))." }
    text = read("q", "Give up to \(QueueQuery.textMax) characters without control characters.", QueueQuery.words)
    market = read("market", "Give a market such as SG.") { Market(isLenient ? $0.uppercased() : $0) }
    role = read("role", names(ReviewerRole.allCases.map(\.rawValue))) { ReviewerRole(rawValue: $0) }
    lane = read("lane", names(Lane.allCases.map(\.rawValue))) { Lane(rawValue: $0) }
    state = read("state", names(QueueQuery.states.map(\.rawValue))) { name in
      QueueQuery.states.first { $0.rawValue == name }
    }
    kind = read("kind", names(QueueQuery.kinds.map(\.rawValue))) { name in
      QueueQuery.kinds.first { $0.rawValue == name }
    }
    chapter = read("chapter", "Give the two digits of a chapter, such as 85.") { text in
      text.utf8.count == 2 && text.utf8.allSatisfy(\.isDigit) ? text : nil
    }
    isMine = read("assigned", "Use me.") { $0 == "me" ? true : nil } ?? false
    hours = read("hours", "Give a number of hours from 1 to \(QueueQuery.hoursMax).") {
      number($0, in: 1...QueueQuery.hoursMax)
    }
    limit =
      read("limit", "Give a number from 1 to \(QueueQuery.limitMax).") {
        number($0, in: 1...Int64(QueueQuery.limitMax)).map(Int.init)
      } ?? limit
    cursor = read("cursor", "Give what the page before called next.") { QueueCursor($0) }
    if !isLenient {
      // A misspelt filter would show everything, and nobody would notice.
      let known = QueueQuery.filterNames + ["limit", "cursor"]
      for name in Set(parameters.map(\.name)).subtracting(known).sorted() {
        issues.append(FieldFault(field: name, problem: "This is no filter.", remedy: names(known)))
      }
    }
    guard issues.isEmpty else { throw Refusal(.malformed, "The query cannot be read.", issues) }
  }

  /// As a member of a request's body, by the same names.
  init(filter json: JSONValue) throws(Refusal) {
    guard let members = json.objectValue?.members else {
      throw QueueQuery.unknown("/filter", "Send {…} with what the queue can be asked for.")
    }
    var parameters: [(name: String, value: String)] = []
    for member in members {
      let (name, value) = (member.key, member.value)
      let text = name == "hours" ? value.integerValue.map { "\($0)" } : value.stringValue
      guard QueueQuery.filterNames.contains(name), let text else {
        let names = QueueQuery.filterNames.filter { $0 != "hours" }.joined(separator: ", ")
        throw QueueQuery.unknown("/filter/\(name)", "Use text for \(names), and a number for hours.")
      }
      parameters.append((name, text))
    }
    try self.init(parameters)
  }

  private static func unknown(_ field: String, _ remedy: Phrase) -> Refusal {
    Refusal(
      .malformed, "The filter cannot be read.",
      [FieldFault(field: field, problem: "This is no filter.", remedy: remedy)])
  }

  /// nil when it is longer or other than what people type.
  private static func words(_ text: String) -> String? {
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    guard !words.isEmpty, words.unicodeScalars.count <= textMax else { return nil }
    return words.unicodeScalars.contains { $0.properties.generalCategory == .control } ? nil : words
  }

  /// What is asked about, without the page.
  public var parameters: [(name: String, value: String)] {
    let all: [(String, String?)] = [
      ("q", text), ("market", market?.code), ("role", role?.rawValue), ("lane", lane?.rawValue),
      ("state", state?.rawValue), ("kind", kind?.rawValue), ("chapter", chapter), ("assigned", isMine ? "me" : nil),
      ("hours", hours.map(String.init)),
    ]
    return all.compactMap { name, value in value.map { (name, $0) } }
  }

  /// The same as a member of a request's body.
  public var filter: JSONValue {
    var object = JSONObject(parameters.map { ($0.name, .string($0.value)) })
    object.set("hours", hours.map { .integer($0) })
    return .object(object)
  }

  public var isFiltered: Bool { !parameters.isEmpty }

  /// An address, and this part of the queue to go on with from there.
  public func address(_ path: String, _ more: [(name: String, value: String)] = []) -> String {
    let all = more + parameters
    return all.isEmpty ? path : "\(path)?\(QueryString.encoded(all))"
  }
}

/// Where a page of the queue ended, as its reader passes it back.
public struct QueueCursor: Hashable, Sendable, CustomStringConvertible {
  public var urgentAt: Instant
  public var caseID: CaseID

  public init(urgentAt: Instant, caseID: CaseID) {
    self.urgentAt = urgentAt
    self.caseID = caseID
  }

  init?(_ text: String) {
    let parts = text.split(separator: "_", omittingEmptySubsequences: false)
    guard parts.count == 2, let moment = number(String(parts[0]), in: 0...4_000_000_000_000_000),
      let id = CaseID(String(parts[1]))
    else { return nil }
    self.init(urgentAt: Instant(microseconds: moment), caseID: id)
  }

  public var description: String { "\(urgentAt.microseconds)_\(caseID)" }
}

extension UInt8 {
  fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}

private func number(_ text: String, in range: ClosedRange<Int64>) -> Int64? {
  guard text.utf8.allSatisfy(\.isDigit), let value = Int64(text) else { return nil }
  return range.contains(value) ? value : nil
}
