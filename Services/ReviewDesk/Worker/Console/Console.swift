import Crypto
import Domain
import HTTP
import JSON
import Observability
import ReviewDeskEngine
import Store
import WorkerRuntime

/// The pages for people. They need no script; everything they change goes the API's way.
struct Console: Sendable {
  let sessions: SessionGate
  let cases: CaseDesk
  let environment: Domain.Environment

  func add(to router: inout Router) {
    router.on(.get, "/") { _ in .seeOther("/queue") }
    router.on(.get, "/assets/desk.css") { _ in .bytes(Stylesheet.bytes, contentType: "text/css; charset=utf-8") }
    router.on(.post, "/sign-out", changing(signOut))
    router.on(.get, "/queue", visiting(queue))
    router.on(.get, "/cases/{id}", visiting(file))
    router.on(.post, "/cases/{id}/decision", changing(decide))
    router.on(.post, "/cases/{id}/answer", changing(answer))
    router.on(.get, "/documents/{id}", visiting(document))
  }

  private func signOut(_ request: HTTPRequest, _ form: FormFields, _ visit: Visit) async throws -> HTTPResponse {
    try await sessions.end(visit.token, of: visit.principal, at: SystemClock.now())
    return .seeOther("/sign-in", cookie: SessionCookie.cleared)
  }

  // MARK: Looking

  private func queue(_ request: HTTPRequest, _ visit: Visit) async throws -> HTTPResponse {
    let query = try QueueQuery(request.query, isLenient: true)
    let page = try await cases.queue(query, for: visit.principal)
    return .page(QueuePageView(page, visit.visitor, now: SystemClock.now()).html)
  }

  private func file(_ request: HTTPRequest, _ visit: Visit) async throws -> HTTPResponse {
    try await casePage(try request.caseID(), visit)
  }

  private func casePage(_ id: CaseID, _ visit: Visit, attempt: CasePage.Attempt? = nil) async throws -> HTTPResponse {
    guard let file = try await cases.file(id, for: visit.principal) else { throw NoSuchCase() }
    let status = attempt.map { Problem($0.refusal).status } ?? 200
    return .page(CasePage(file, visit.visitor, attempt: attempt, now: SystemClock.now()).html, status: status)
  }

  private func document(_ request: HTTPRequest, _ visit: Visit) async throws -> HTTPResponse {
    guard let id = request.parameters["id"].flatMap({ DocumentID($0) }),
      let document = try await cases.document(id, for: visit.principal)
    else { throw NoSuchCase() }
    return .download(document)
  }

  // MARK: Deciding

  private func decide(_ request: HTTPRequest, _ form: FormFields, _ visit: Visit) async throws -> HTTPResponse {
    try await change(request, form, visit) { id, act in
      let members = ["action", "code", "reason", "question", "expectedVersion"]
      _ = try await cases.decide(id, try DecisionRequest(form.json(members)), act)
    }
  }

  private func answer(_ request: HTTPRequest, _ form: FormFields, _ visit: Visit) async throws -> HTTPResponse {
    try await change(request, form, visit) { id, act in
      _ = try await cases.answer(id, try AnswerRequest(form.json(["answer", "expectedVersion"])), act)
    }
  }

  private func change(
    _ request: HTTPRequest, _ form: FormFields, _ visit: Visit, _ body: (CaseID, Act) async throws -> Void
  ) async throws -> HTTPResponse {
    let id = try request.caseID()
    do {
      try await body(id, try request.act(by: visit.principal))
      return .seeOther("/cases/\(id)")
    } catch let refusal as Refusal {
      return try await casePage(id, visit, attempt: CasePage.Attempt(refusal: refusal, fields: form))
    }
  }

  // MARK: Admission

  /// A request of somebody who is signed in.
  struct Visit: Sendable {
    var token: String
    var principal: Principal
    var visitor: Visitor
  }

  private func visiting(
    _ page: @escaping @Sendable (HTTPRequest, Visit) async throws -> HTTPResponse
  ) -> Router.Handler {
    { request in
      guard let visit = try await visit(request) else { return .seeOther("/sign-in") }
      do {
        return try await page(request, visit)
      } catch is NoSuchCase {
        let page = FaultPage(title: "Not found", detail: "There is no such case or document.", visitor: visit.visitor)
        return .page(page.html, status: 404)
      } catch let refusal as Refusal {
        let page = FaultPage(
          title: "This cannot be shown",
          detail: refusal.issues.map { "\($0.field): \($0.remedy)" }.joined(separator: " "),
          visitor: visit.visitor)
        return .page(page.html, status: Problem(refusal).status)
      }
    }
  }

  /// A form counts only with the token that the session's own pages carry.
  private func changing(
    _ act: @escaping @Sendable (HTTPRequest, FormFields, Visit) async throws -> HTTPResponse
  ) -> Router.Handler {
    visiting { request, visit in
      guard request.isFromOurPages, let form = request.form, let token = form[Visitor.tokenField],
        constantTimeEquals(Array(token.utf8), Array(visit.visitor.formToken.utf8))
      else { return .forged }
      return try await act(request, form, visit)
    }
  }

  private func visit(_ request: HTTPRequest) async throws -> Visit? {
    guard let token = SessionCookie.token(in: request),
      let session = try await sessions.admit(token, at: SystemClock.now())
    else { return nil }
    let principal = session.principal
    let visitor = Visitor(
      account: principal.name, tenant: principal.tenant.slug, isSandbox: environment == .sandbox,
      formToken: session.formToken, reviewer: Reviewer(principal))
    return Visit(token: token, principal: principal, visitor: visitor)
  }
}
