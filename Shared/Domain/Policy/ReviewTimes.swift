import JSON

/// How long cases may wait for people, and how long people may think again.
public struct ReviewTimes: Hashable, Sendable {
  /// A case is to be decided within so many hours. Waiting for the supplier does not count.
  public var hours: Int64
  /// A decision takes effect after so many seconds, until which it can be undone.
  public var undoSeconds: Int64

  public static let hoursRange: ClosedRange<Int64> = 1...2160
  public static let undoSecondsRange: ClosedRange<Int64> = 0...300

  public init(hours: Int64, undoSeconds: Int64) {
    self.hours = hours
    self.undoSeconds = undoSeconds
  }

  /// What holds where a policy says nothing.
  public static let standard = ReviewTimes(hours: 24, undoSeconds: 0)

  func issues() -> [ValidationIssue] {
    var issues: [ValidationIssue] = []
    func check(_ name: String, _ value: Int64, in range: ClosedRange<Int64>) {
      guard !range.contains(value) else { return }
      issues.append(
        ValidationIssue(
          field: "/review/\(name)", kind: .invalid, problem: "\(value) is out of range",
          remedy: "give a number from \(range.lowerBound) to \(range.upperBound)"))
    }
    check("hours", hours, in: ReviewTimes.hoursRange)
    check("undoSeconds", undoSeconds, in: ReviewTimes.undoSecondsRange)
    return issues
  }
}

extension ReviewTimes: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    try json.refuseUnknownMembers(["hours", "undoSeconds"])
    self.init(
      hours: try json.optionalInteger("hours") ?? ReviewTimes.standard.hours,
      undoSeconds: try json.optionalInteger("undoSeconds") ?? ReviewTimes.standard.undoSeconds)
  }

  public var json: JSONValue { ["hours": .integer(hours), "undoSeconds": .integer(undoSeconds)] }
}
