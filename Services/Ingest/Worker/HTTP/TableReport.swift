import CSV
import Domain
import HTTP
import IngestEngine
import JSON

/// What became of the rows of a table: counts and the first errors as JSON, or all errors as a table.
struct TableReport: Sendable {
  enum Form: String, Sendable {
    case json = "application/json"
    case table = "text/csv"

    init(accept: String?) {
      let ranges = (accept ?? "").split(separator: ",").map { range in
        range.prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
      }
      let table = ranges.firstIndex(of: Form.table.rawValue)
      let json = ranges.firstIndex { $0 == Form.json.rawValue || $0 == "*/*" || $0 == "application/*" }
      self = (table ?? .max) < (json ?? .max) ? .table : .json
    }
  }

  static let errorsMax = 1000
  /// A report is held in memory and kept for repetitions; the refused rows themselves are all kept.
  static let tableIssuesMax = 100_000

  private(set) var rowCount = 0
  private(set) var counts = SubmissionCounts()
  var notices: [ValidationIssue] = []
  private let form: Form
  private var errors: [JSONValue] = []
  private var table = IssueReport()
  private var issueCount = 0
  private var failure: String?

  init(_ form: Form) { self.form = form }

  mutating func append(_ rows: [ProductCSV.Row], _ results: [ProductSubmissions.Result]) {
    rowCount += rows.count
    for (row, result) in zip(rows, results) {
      counts.count(result)
      guard case .refused(let issues) = result.verdict else { continue }
      report(issues, line: row.line, sku: result.sku)
    }
  }

  /// The table could be read so far and no further.
  mutating func append(_ failure: ProductCSV.Failure) {
    switch failure {
    case .file(let error): self.failure = error.description
    case .header: self.failure = "The header cannot be used."
    }
  }

  private mutating func report(_ issues: [ValidationIssue], line: Int, sku: String?) {
    switch form {
    case .table:
      guard issueCount < TableReport.tableIssuesMax else { break }
      table.append(line: line, sku: sku ?? "", issues)
    case .json:
      for issue in issues.prefix(max(0, TableReport.errorsMax - errors.count)) {
        errors.append([
          "line": .integer(Int64(line)), "sku": sku.map { .string($0) } ?? .null, "field": .string(issue.field),
          "kind": .string(issue.kind.rawValue), "problem": .string(issue.problem), "remedy": .string(issue.remedy),
        ])
      }
    }
    issueCount += issues.count
  }

  func bytes(_ form: Form) -> [UInt8] {
    switch form {
    case .table: table.bytes
    case .json: json.bytes
    }
  }

  func response(_ form: Form) -> HTTPResponse { .bytes(bytes(form), contentType: form.rawValue) }

  private var json: JSONValue {
    var object = JSONObject([
      ("rows", .integer(Int64(rowCount))), ("counts", counts.json), ("errors", .array(errors)),
      ("errorsOmitted", .integer(Int64(issueCount - errors.count))), ("notices", .list(notices)),
    ])
    object.set("stoppedBecause", failure.map { .string($0) })
    return .object(object)
  }
}
