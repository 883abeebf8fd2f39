import Domain

/// Which part of the queue is asked for.
public struct QueueQuery: Hashable, Sendable {
  public static let limitMax = 200
  public static let offsetMax = 1_000_000

  public var market: Market?
  public var role: ReviewerRole?
  public var limit: Int
  public var offset: Int

  public init(market: Market? = nil, role: ReviewerRole? = nil, limit: Int = 50, offset: Int = 0) {
    self.market = market
    self.role = role
    self.limit = limit
    self.offset = offset
  }

  /// - Parameter isLenient: an empty value means any, as an untouched field of a form sends it.
  public init(_ parameters: [(name: String, value: String)], isLenient: Bool = false) throws(Refusal) {
    self.init()
    var issues: [ValidationIssue] = []
    func value(_ name: String) -> String? {
      guard let text = parameters.first(where: { $0.name == name })?.value else { return nil }
      return isLenient && text.isEmpty ? nil : text
    }
    func read<Value>(_ name: String, _ remedy: String, _ parse: (String) -> Value?) -> Value? {
      guard let text = value(name) else { return nil }
      guard let parsed = parse(text) else {
        issues.append(ValidationIssue(field: name, kind: .invalid, problem: "This cannot be read.", remedy: remedy))
        return nil
      }
      return parsed
    }
    market = read("market", "Give a market such as SG.") { Market($0) }
    let names = ReviewerRole.allCases.map(\.rawValue).joined(separator: ", ")
    role = read("role", "Use one of \(names).") { ReviewerRole(rawValue: $0) }
    limit =
      read("limit", "Give a number from 1 to \(QueueQuery.limitMax).") { number($0, in: 1...QueueQuery.limitMax) }
      ?? limit
    offset =
      read("offset", "Give a number from 0 to \(QueueQuery.offsetMax).") { number($0, in: 0...QueueQuery.offsetMax) }
      ?? offset
    guard issues.isEmpty else { throw Refusal(.malformed, "The query cannot be read.", issues) }
  }
}

private func number(_ text: String, in range: ClosedRange<Int>) -> Int? {
  guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let value = Int(text) else {
    return nil
  }
  return range.contains(value) ? value : nil
}
