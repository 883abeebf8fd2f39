import Domain
import JSON

/// A policy as a person wrote it, with everything that must be corrected before it can be activated.
struct PolicyFile: Sendable {
  var policy: Policy?
  var issues: [ValidationIssue]

  init(reading path: String) throws { self.init(bytes: try LocalFile.read(path)) }

  init(bytes: [UInt8]) {
    do throws(JSONError) {
      let policy = try Policy(json: JSONCursor(try JSONParser.parse(bytes)))
      issues = policy.validate()
      self.policy = issues.isEmpty ? policy : nil
    } catch {
      issues = [PolicyFile.issue(error, in: bytes)]
    }
  }

  private static func issue(_ error: JSONError, in bytes: [UInt8]) -> ValidationIssue {
    switch error.location {
    case .pointer(let pointer):
      ValidationIssue(
        field: pointer.isEmpty ? "/" : pointer, kind: .invalid, problem: error.reason,
        remedy: "correct it; 'pabean policy show' prints one that is right")
    case .byte(let offset):
      ValidationIssue(
        field: place(of: offset, in: bytes), kind: .invalid, problem: "not JSON: \(error.reason)",
        remedy: "look at the sign there, and the one before it")
    }
  }

  private static func place(of offset: Int, in bytes: [UInt8]) -> String {
    let before = bytes.prefix(offset)
    let line = before.filter { $0 == UInt8(ascii: "\n") }.count + 1
    let column = offset - (before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0) + 1
    return "line \(line), column \(column)"
  }

  func report(_ path: String, _ console: Console) -> String {
    guard let policy else {
      var table = TextTable([
        TextTable.Column("where"), TextTable.Column("what is wrong"), TextTable.Column("what to do"),
      ])
      for issue in issues { table.add(issue.field, issue.problem, issue.remedy) }
      let count = issues.count == 1 ? "1 problem" : "\(issues.count) problems"
      return "\(path) has \(count).\n\n\(table.text(console))"
    }
    let triggers = policy.triggers.count == 1 ? "1 trigger" : "\(policy.triggers.count) triggers"
    let defaults = policy.defaults
    let budget = defaults.errorBudget.map { " and within an error budget of \($0)" } ?? ""
    return """
      \(path) is valid: "\(policy.name)" clears at \(defaults.autoClearAt)\(budget), suggests from \(defaults.suggestAt), with \
      \(triggers) and \(policy.markets.count) markets of their own settings.

      """
  }
}
