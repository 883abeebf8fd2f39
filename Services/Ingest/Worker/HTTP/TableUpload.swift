import CSV
import Domain
import HTTP
import IngestEngine
import JSON
import Store
import Synchronization
import WorkerRuntime

/// `POST /v1/products:csv`: a table of products, taken in row by row in transactions of some hundred. What is taken in
/// stays when the upload breaks off: the same table sent again finds those rows unchanged.
struct TableUpload: Sendable {
  private static let chunkBytes = 65_536
  private static let rowsPerTransaction = 500

  private let rules: IntakeRules
  private let transaction: IntakeTransaction
  private let gate: Gate
  private let inFlight = UploadsInFlight()

  init(rules: IntakeRules, transaction: IntakeTransaction, gate: Gate) {
    self.rules = rules
    self.transaction = transaction
    self.gate = gate
  }

  func submit(_ call: Call) async throws -> HTTPResponse {
    try TableUpload.requireTable(call.request.headers)
    let body = call.request.body
    try gate.spend(body.count { $0 == UInt8(ascii: "\n") } / 100 - 1, of: call.tenant, at: call.now)
    let form = TableReport.Form(accept: call.request.headers["accept"])
    let key = try IdempotencyKey(call.request.headers, route: "\(call.route) as \(form.rawValue)", body: body)
    guard let key else { return try await read(body, call, nil, form).response(form) }
    let flight = "\(call.tenant) \(key.text)"
    guard inFlight.begin(flight) else { throw RequestRefusal.repetitionInFlight }
    defer { inFlight.end(flight) }
    if let earlier = try await transaction.earlierAnswer(call, key) {
      return earlier.response(contentType: form.rawValue, isReplayed: true)
    }
    let report = try await read(body, call, key, form)
    // Another worker that read the same table meanwhile may have answered first.
    return try await transaction.once(call, key, contentType: form.rawValue) { _ in
      Outcome(status: 200, body: report.bytes(form))
    }
  }

  private static func requireTable(_ headers: HTTPHeaders) throws(Problem) {
    let type = (headers["content-type"] ?? "").prefix { $0 != ";" && $0 != " " }.lowercased()
    guard type == "text/csv" || type == "text/tab-separated-values" else {
      throw Problem(status: 415, detail: "Send the table as text/csv.")
    }
  }

  private func read(_ body: [UInt8], _ call: Call, _ key: IdempotencyKey?, _ form: TableReport.Form) async throws
    -> TableReport
  {
    let cause = call.cause(key)
    var table = ProductCSV()
    var rows: [ProductCSV.Row] = []
    var report = TableReport(form)
    for start in stride(from: 0, to: body.count + 1, by: TableUpload.chunkBytes) {
      let isLast = start + TableUpload.chunkBytes > body.count
      let chunk = Array(body[start..<min(start + TableUpload.chunkBytes, body.count)])
      var failure: ProductCSV.Failure?
      do throws(ProductCSV.Failure) {
        try table.read(chunk) { rows.append($0) }
        if isLast { try table.finish { rows.append($0) } }
      } catch {
        guard report.rowCount + rows.count > 0 else { throw TableUpload.problem(error) }
        failure = error
      }
      let isComplete = isLast || failure != nil
      while rows.count >= TableUpload.rowsPerTransaction || (isComplete && !rows.isEmpty) {
        let taken = Array(rows.prefix(TableUpload.rowsPerTransaction))
        rows.removeFirst(taken.count)
        report.append(taken, try await take(taken, cause, after: report.rowCount, call))
      }
      if let failure {
        report.append(failure)
        break
      }
    }
    report.notices = table.notices
    return report
  }

  private func take(
    _ rows: [ProductCSV.Row], _ cause: MessageID, after count: Int, _ call: Call
  ) async throws -> [ProductSubmissions.Result] {
    let entries = rows.enumerated().map { index, row in
      switch row.content {
      case .product(let product):
        ProductSubmissions.Entry(cause: cause.item(count + index), content: .raw(product))
      case .malformed(let issues):
        ProductSubmissions.Entry(
          cause: cause.item(count + index),
          content: .malformed(body: ["line": .integer(Int64(row.line))], issues))
      }
    }
    return try await transaction.step(call) { tx in
      try ProductSubmissions(rules: rules, channel: .csv).take(entries, call, now: SystemClock.now(), tx)
    }
  }

  /// Nothing of the table could be read.
  private static func problem(_ failure: ProductCSV.Failure) -> Problem {
    switch failure {
    case .file(let error): Problem(status: 422, title: "The table cannot be read", detail: error.description)
    case .header(let issues):
      Problem(
        status: 422, title: "The table's header cannot be used", detail: "No row was read.",
        errors: issues.map { .init(pointer: $0.field, detail: $0.problem, remedy: $0.remedy) })
    }
  }
}

/// The keyed uploads that this process reads now.
final class UploadsInFlight: Sendable {
  private let names = Mutex<Set<String>>([])

  func begin(_ name: String) -> Bool { names.withLock { $0.insert(name).inserted } }
  func end(_ name: String) { names.withLock { _ = $0.remove(name) } }
}
