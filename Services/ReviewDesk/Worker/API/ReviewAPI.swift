import Crypto
import Domain
import HTTP
import JSON
import Observability
import ReviewDeskEngine
import Store
import WorkerRuntime

/// The JSON API, as openapi.json describes it.
struct ReviewAPI: Sendable {
  let keys: KeyGate
  let cases: CaseDesk
  let events: ReviewEvents

  func add(to router: inout Router) {
    router.on(.get, "/openapi.json") { _ in .bytes(OpenAPI.bytes, contentType: "application/json") }
    router.on(.get, "/v1/reviews", admitted(reviews))
    router.on(.get, "/v1/cases/{id}", admitted(file))
    router.on(.post, "/v1/cases/{id}/decision", admitted(decide))
    router.on(.post, "/v1/cases/{id}/answer", admitted(answer))
    router.on(.post, "/v1/cases/{id}/undo", admitted(undo))
    router.on(.get, "/v1/review/events", admitted(watch))
    router.on(.post, "/v1/bulk/preview", admitted(previewBulk))
    router.on(.post, "/v1/bulk/decisions", admitted(decideBulk))
    router.on(.get, "/v1/views", admitted(views))
    router.on(.put, "/v1/views", admitted(keepView))
    router.on(.post, "/v1/views/drop", admitted(dropView))
    router.on(.post, "/v1/next", admitted(next))
    router.on(.post, "/v1/cases/{id}/claim", admitted(take))
    router.on(.post, "/v1/cases/{id}/release", admitted(release))
    for kind in HandOver.Kind.allCases {
      router.on(.post, "/v1/cases/{id}/\(kind.rawValue)", admitted { try await handOn(kind, $0, $1) })
    }
    router.on(.get, "/v1/documents/{id}", admitted(document))
    router.on(.get, "/v1/policy", admitted(policy))
  }

  typealias Endpoint = @Sendable (HTTPRequest, Principal) async throws -> HTTPResponse

  func admitted(_ endpoint: @escaping Endpoint) -> Router.Handler {
    { [keys] request in
      do {
        return try await endpoint(request, try await keys.admit(request))
      } catch let refusal as Refusal {
        throw Problem(refusal)
      } catch is NoSuchCase {
        throw Problem.noSuchCase
      } catch let problem as Problem where problem.status == 401 {
        return .problem(problem, headers: ["www-authenticate": "Bearer realm=\"pabean\""])
      }
    }
  }

  // MARK: Reading

  private func reviews(_ request: HTTPRequest, _ principal: Principal) async throws -> HTTPResponse {
    .json(try await cases.queue(try QueueQuery(request.query), for: principal, at: SystemClock.now()).json)
  }

  private func file(_ request: HTTPRequest, _ principal: Principal) async throws -> HTTPResponse {
    guard let file = try await cases.file(try request.caseID(), for: principal, at: SystemClock.now()) else {
      throw NoSuchCase()
    }
    var json = file.json(for: principal.actor).objectValue ?? JSONObject()
    let rules = DecisionRules(file, Reviewer(principal))
    let obstacle = rules.obstacleToApproval ?? rules.obstacleToClearing(with: file.classification?.best?.code)
    json.set("approvalObstacle", obstacle.map { .string($0.english) })
    return .json(.object(json))
  }

  private func document(_ request: HTTPRequest, _ principal: Principal) async throws -> HTTPResponse {
    guard let id = request.parameters["id"].flatMap({ DocumentID($0) }),
      let document = try await cases.document(id, for: principal)
    else { throw Problem.noSuchDocument }
    return .download(document)
  }

  private func policy(_ request: HTTPRequest, _ principal: Principal) async throws -> HTTPResponse {
    guard let active = try await cases.policy(for: principal) else { throw Problem.noPolicy }
    return .json(["version": .integer(active.version), "policy": active.policy.json])
  }

  // MARK: Changing

  private func decide(_ request: HTTPRequest, _ principal: Principal) async throws -> HTTPResponse {
    let id = try request.caseID()
    let wanted = try DecisionRequest(try request.json())
    return .answer(try await cases.decide(id, wanted, try request.act(by: principal)))
  }

  private func undo(_ request: HTTPRequest, _ principal: Principal) async throws -> HTTPResponse {
    .answer(try await cases.undo(try request.caseID(), try request.act(by: principal)))
  }

  private func next(_ request: HTTPRequest, _ principal: Principal) async throws -> HTTPResponse {
    guard let outcome = try await cases.next(try request.act(by: principal)) else { return .noContent }
    return .json(outcome.json)
  }

  private func take(_ request: HTTPRequest, _ principal: Principal) async throws -> HTTPResponse {
    .answer(try await cases.take(try request.caseID(), try request.act(by: principal)))
  }

  private func release(_ request: HTTPRequest, _ principal: Principal) async throws -> HTTPResponse {
    .answer(try await cases.release(try request.caseID(), try request.act(by: principal)))
  }

  private func handOn(_ kind: HandOver.Kind, _ request: HTTPRequest, _ principal: Principal) async throws
    -> HTTPResponse
  {
    let id = try request.caseID()
    let wanted = try HandOver(kind, try request.json())
    return .answer(try await cases.handOn(id, wanted, try request.act(by: principal)))
  }

  // MARK: Many

  private func previewBulk(_ request: HTTPRequest, _ principal: Principal) async throws -> HTTPResponse {
    let wanted = try BulkRequest(try request.json(), by: .filter)
    guard case .matching(let query) = wanted.cases else { throw Problem(status: 400) }
    return .json(try await cases.preview(wanted, of: query, try request.act(by: principal)).json)
  }

  private func decideBulk(_ request: HTTPRequest, _ principal: Principal) async throws -> HTTPResponse {
    let wanted = try BulkRequest(try request.json(), by: .cases)
    guard case .named(let named) = wanted.cases else { throw Problem(status: 400) }
    let items = try await cases.decide(named, wanted, try request.act(by: principal))
    return .json(["items": .array(items.map(\.json))])
  }

  // MARK: Views and events

  private func views(_ request: HTTPRequest, _ principal: Principal) async throws -> HTTPResponse {
    .json(["views": .array(try await cases.views(of: principal).map(\.json))])
  }

  private func keepView(_ request: HTTPRequest, _ principal: Principal) async throws -> HTTPResponse {
    let wanted = try ViewRequest(try request.json())
    let view = QueueViews.View(name: wanted.name, query: wanted.query, isDefault: wanted.isDefault)
    try await cases.keep(view, of: principal)
    return .json(view.json)
  }

  private func dropView(_ request: HTTPRequest, _ principal: Principal) async throws -> HTTPResponse {
    let name = try ViewRequest.name(try request.json())
    guard try await cases.drop(name, of: principal) else { throw Problem.noSuchView }
    return .noContent
  }

  private func watch(_ request: HTTPRequest, _ principal: Principal) async throws -> HTTPResponse {
    .events(events.watch(as: principal) { [keys] in try await keys.stillAdmits(request) })
  }

  private func answer(_ request: HTTPRequest, _ principal: Principal) async throws -> HTTPResponse {
    let id = try request.caseID()
    let wanted = try AnswerRequest(try request.json())
    return .answer(try await cases.answer(id, wanted, try request.act(by: principal)))
  }
}

extension HTTPRequest {
  /// What is no id at all is as unknown as an id of nobody.
  func caseID() throws -> CaseID {
    guard let id = parameters["id"].flatMap({ CaseID($0) }) else { throw NoSuchCase() }
    return id
  }

  func act(by principal: Principal) throws(Problem) -> Act {
    let trace = headers["traceparent"].flatMap { TraceContext(traceparent: $0) }?.child() ?? .root()
    return Act(
      principal: principal, now: SystemClock.now(), trace: trace,
      idempotencyKey: try IdempotencyKey(self, of: principal))
  }
}

extension HTTPResponse {
  static func answer(_ answer: Act.Answer) -> HTTPResponse {
    .bytes(
      answer.body, contentType: "application/json", headers: answer.isRepeated ? ["idempotent-replayed": "true"] : [:])
  }

  /// Never shown in the page's own right: the bytes are saved, under a name that is ours to spell.
  static func download(_ document: StoredDocument) -> HTTPResponse {
    let isPlain = { (byte: UInt8) in
      byte < 0x80
        && (Character(Unicode.Scalar(byte)).isLetter || Character(Unicode.Scalar(byte)).isNumber
          || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "."))
    }
    let name = String(decoding: document.name.utf8.map { isPlain($0) ? $0 : UInt8(ascii: "_") }, as: UTF8.self)
    return .bytes(
      document.bytes, contentType: document.mediaType,
      headers: [
        "content-disposition": "attachment; filename=\"\(name)\"", "etag": "\"\(Hex.encode(document.sha256))\"",
      ])
  }
}

extension QueueViews.View {
  var json: JSONValue { ["name": .string(name), "query": .string(query), "isDefault": .bool(isDefault)] }
}
