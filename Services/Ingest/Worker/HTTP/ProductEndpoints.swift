import Domain
import HTTP
import JSON
import Store
import WorkerRuntime

/// `POST /v1/products` and `POST /v1/products:batch`.
struct ProductEndpoints: Sendable {
  static let batchMax = 1000

  let rules: IntakeRules
  let transaction: IntakeTransaction
  let gate: Gate

  func submit(_ call: Call) async throws -> HTTPResponse {
    let json = try call.request.json()
    let key = try IdempotencyKey(call.request.headers, route: call.route, body: json.canonicalBytes)
    let entry = ProductSubmissions.Entry(cause: call.cause(key), content: .raw(json))
    return try await transaction.once(call, key) { tx in
      let (results, effects) = try ProductSubmissions(rules: rules, channel: .http).take(
        [entry], call, now: call.now, tx)
      guard let result = results.first else { preconditionFailure("one submission has one result") }
      switch result.verdict {
      case .refused(let issues):
        return Outcome(status: 422, .refusal(of: "product", result.id, issues), effects: effects)
      case .taken(let taken, let notices):
        let states = try CaseStore.load(taken.cases.map(\.id), tx).mapValues(\.state)
        return Outcome(status: 202, .taken(taken, result.id, states, notices), effects: effects)
      }
    }
  }

  func submitBatch(_ call: Call) async throws -> HTTPResponse {
    let json = try call.request.json()
    let products = try ProductEndpoints.products(in: json)
    try gate.spend(products.count / 100 - 1, of: call.tenant, at: call.now)
    let key = try IdempotencyKey(call.request.headers, route: call.route, body: json.canonicalBytes)
    let cause = call.cause(key)
    let entries = products.enumerated().map { index, product in
      ProductSubmissions.Entry(cause: cause.item(index), content: .raw(product))
    }
    return try await transaction.once(call, key) { tx in
      let (results, effects) = try ProductSubmissions(rules: rules, channel: .http).take(
        entries, call, now: call.now, tx)
      return Outcome(status: 200, .batch(results), effects: effects)
    }
  }

  private static func products(in json: JSONValue) throws(Problem) -> [JSONValue] {
    guard let products = json["products"]?.arrayValue else {
      throw Problem(
        status: 422, detail: "The body is not a batch.",
        errors: [.init(pointer: "/products", detail: "There is no list here.", remedy: "Send {\"products\": […]}.")])
    }
    guard (1...batchMax).contains(products.count) else {
      throw Problem(
        status: 422, detail: "A batch has 1 to \(batchMax) products.",
        errors: [
          .init(
            pointer: "/products", detail: "There are \(products.count) products.",
            remedy: "Split the batch, or send a table to /v1/products:csv.")
        ])
    }
    return products
  }
}

extension JSONValue {
  /// The problem that refuses one submission, with the id under which it is kept.
  static func refusal(of what: String, _ id: SubmissionID, _ issues: [ValidationIssue]) -> JSONValue {
    let problem = Problem(
      status: 422, title: "The \(what) is refused", type: "urn:pabean:problem:submission-refused",
      detail: "It is kept for correction under its submissionId. Correct these fields and send it again.",
      errors: issues.map { .init(pointer: $0.field, detail: $0.problem, remedy: $0.remedy) })
    guard case .object(var members) = problem.json else { return problem.json }
    members["submissionId"] = id.json
    return .object(members)
  }

  fileprivate static func taken(
    _ taken: ProductAcceptance.Result, _ id: SubmissionID, _ states: [CaseID: CaseState],
    _ notices: [ValidationIssue]
  ) -> JSONValue {
    [
      "submissionId": id.json, "sku": .string(taken.sku), "revision": .integer(taken.revision),
      "status": .string(taken.status.rawValue),
      "cases": .array(
        taken.cases.map { opened in
          [
            "id": opened.id.json, "market": opened.market.json,
            "state": .string((states[opened.id] ?? .opened).rawValue),
          ]
        }),
      "notices": .list(notices),
    ]
  }

  fileprivate static func batch(_ results: [ProductSubmissions.Result]) -> JSONValue {
    var counts = SubmissionCounts()
    let items = results.enumerated().map { index, result -> JSONValue in
      counts.count(result)
      return item(index, result)
    }
    return ["counts": counts.json, "results": .array(items)]
  }

  private static func item(_ index: Int, _ result: ProductSubmissions.Result) -> JSONValue {
    var item = JSONObject([("index", .integer(Int64(index))), ("submissionId", result.id.json)])
    item["sku"] = result.sku.map { .string($0) } ?? .null
    switch result.verdict {
    case .refused(let issues):
      item["status"] = "refused"
      item["issues"] = .list(issues)
    case .taken(let taken, let notices):
      item["status"] = .string(taken.status.rawValue)
      item["revision"] = .integer(taken.revision)
      item["cases"] = .array(taken.cases.map { ["id": $0.id.json, "market": $0.market.json] })
      item["notices"] = .list(notices)
    }
    return .object(item)
  }
}

/// How many products were accepted, unchanged and refused.
struct SubmissionCounts: Hashable, Sendable {
  var accepted = 0
  var unchanged = 0
  var refused = 0

  mutating func count(_ result: ProductSubmissions.Result) {
    switch result.verdict {
    case .taken(let taken, _) where taken.status == .accepted: accepted += 1
    case .taken: unchanged += 1
    case .refused: refused += 1
    }
  }

  var json: JSONValue {
    [
      "accepted": .integer(Int64(accepted)), "unchanged": .integer(Int64(unchanged)),
      "refused": .integer(Int64(refused)),
    ]
  }
}
