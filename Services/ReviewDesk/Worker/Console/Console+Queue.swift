import Domain
import HTTP
import JSON
import ReviewDeskEngine
import Store
import WorkerRuntime

/// The queue's views, its news, it as a table, and decisions for many cases.
extension Console {
  func watch(_ request: HTTPRequest, _ visit: Visit) async throws -> HTTPResponse {
    .events(
      events.watch(as: visit.principal) { [sessions] in
        try await sessions.stillAdmits(visit.token, at: SystemClock.now())
      })
  }

  /// All that is asked for, page after page, as one table.
  func queueTable(_ request: HTTPRequest, _ visit: Visit) async throws -> HTTPResponse {
    var query = try QueueQuery(request.query, isLenient: true)
    query.limit = QueueQuery.limitMax
    query.cursor = nil
    var table = QueueTable()
    repeat {
      let page = try await cases.queue(query, for: visit.principal, at: SystemClock.now())
      for entry in page.entries { table.append(entry) }
      query.cursor = page.next
    } while query.cursor != nil && !table.isFull
    return .bytes(
      table.bytes, contentType: "text/csv; charset=utf-8",
      headers: ["content-disposition": "attachment; filename=\"queue.csv\""])
  }

  // MARK: Views

  func arrangeViews(_ request: HTTPRequest, _ form: FormFields, _ visit: Visit) async throws -> HTTPResponse {
    let (name, old) = (form["name"] ?? "", form["view"] ?? "")
    let query = QueryString.parameters(form["query"] ?? "")
    var address = "/queue?" + (form["query"] ?? "")
    switch form["act"] {
    case "rename": try await cases.rename(old, to: try ViewRequest.readable(name), of: visit.principal)
    case "delete": _ = try await cases.drop(old, of: visit.principal)
    case "save", "default", "plain":
      let isNew = form["act"] == "save"
      let isDefault = isNew ? form["default"] != nil : form["act"] == "default"
      let wanted = try ViewRequest(name: isNew ? name : old, query: query, isDefault: isDefault)
      let view = QueueViews.View(name: wanted.name, query: wanted.query, isDefault: wanted.isDefault)
      try await cases.keep(view, of: visit.principal)
      address = view.address
    default: return .forged(request)
    }
    return .seeOther(address)
  }

  // MARK: Many

  func bulkForm(_ request: HTTPRequest, _ visit: Visit) async throws -> HTTPResponse {
    let query = try QueueQuery(request.query, isLenient: true)
    guard query.isFiltered else { return .seeOther("/queue") }
    return .page(BulkPage(.form, of: query, visit.visitor, now: SystemClock.now()).html)
  }

  func bulkPreview(_ request: HTTPRequest, _ form: FormFields, _ visit: Visit) async throws -> HTTPResponse {
    try await bulk(request, form, visit, by: .filter) { wanted, query, act in
      let preview = try await cases.preview(wanted, of: query, act)
      return .preview(preview.items, wanted, hasMore: preview.hasMore)
    }
  }

  func bulkDecisions(_ request: HTTPRequest, _ form: FormFields, _ visit: Visit) async throws -> HTTPResponse {
    try await bulk(request, form, visit, by: .cases) { wanted, _, act in
      guard case .named(let named) = wanted.cases else { throw NoSuchCase() }
      return .results(try await cases.decide(named, wanted, act))
    }
  }

  private func bulk(
    _ request: HTTPRequest, _ form: FormFields, _ visit: Visit, by part: BulkRequest.Form,
    _ body: (BulkRequest, QueueQuery, Act) async throws -> BulkPage.Step
  ) async throws -> HTTPResponse {
    let parameters = QueryString.parameters(form["query"] ?? "")
    let query = try QueueQuery(parameters, isLenient: true)
    let now = SystemClock.now()
    do {
      var json = form.json(["action", "code", "reason", "evidence", "question"]).objectValue ?? JSONObject()
      json[part.rawValue] = part == .filter ? query.filter : form.cases
      let step = try await body(try BulkRequest(.object(json), by: part), query, try request.act(by: visit.principal))
      return .page(BulkPage(step, of: query, visit.visitor, now: now).html)
    } catch let refusal as Refusal {
      let attempt = CasePage.Attempt(refusal: refusal, fields: form)
      let page = BulkPage(.form, of: query, visit.visitor, attempt: attempt, now: now)
      return .page(page.html, status: Problem(refusal).status)
    }
  }
}

extension FormFields {
  /// What was ticked, each with the version that was shown.
  fileprivate var cases: JSONValue {
    .array(
      all("case").map { ticked in
        let parts = ticked.split(separator: ".").map(String.init)
        let version = parts.count == 2 ? Int64(parts[1]) : nil
        return ["caseId": .string(parts.first ?? ""), "expectedVersion": version.map { .integer($0) } ?? .null]
      })
  }
}

extension QueueViews.View {
  var address: String {
    QueueViewList.View(name: name, query: query, isDefault: isDefault).address
  }
}
