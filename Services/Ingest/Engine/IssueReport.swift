import CSV
import Domain

/// What was refused of a table, as a table: one row for each issue, for the person who corrects the file.
public struct IssueReport: Sendable {
  private var writer = CSVWriter()

  public init() { writer.append(["line", "sku", "field", "kind", "problem", "remedy"]) }

  public mutating func append(line: Int, sku: String, _ issues: [ValidationIssue]) {
    for issue in issues {
      writer.append([String(line), sku, issue.field, issue.kind.rawValue, issue.problem, issue.remedy])
    }
  }

  public var bytes: [UInt8] { writer.bytes }
}
