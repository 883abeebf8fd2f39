import Crypto
import Domain
import HTTP
import JSON
import Observability
import ReviewDeskEngine
import Store
import WorkerRuntime

/// The pages for people. They need no script, which only makes them quicker; everything they change goes the API's way.
struct Console: Sendable {
  let sessions: SessionGate
  let cases: CaseDesk
  let accounts: Accounts
  let events: ReviewEvents

  func add(to router: inout Router) {
    router.on(.get, "/") { _ in .seeOther("/queue") }
    router.on(.get, "/assets/desk.css") { _ in .bytes(Stylesheet.bytes, contentType: "text/css; charset=utf-8") }
    router.on(.get, "/assets/desk.js") { _ in .bytes(Script.bytes, contentType: "text/javascript; charset=utf-8") }
    router.on(.get, "/events", visiting(watch))
    router.on(.post, "/sign-out", changing(signOut))
    router.on(.get, "/queue", visiting(queue))
    router.on(.get, "/queue.csv", visiting(queueTable))
    router.on(.post, "/queue/views", changing(arrangeViews))
    router.on(.get, "/bulk", visiting(bulkForm))
    router.on(.post, "/bulk/preview", changing(bulkPreview))
    router.on(.post, "/bulk/decisions", changing(bulkDecisions))
    router.on(.get, "/cases/{id}", visiting(file))
    router.on(.post, "/cases/{id}/decision", changing(decide))
    router.on(.post, "/cases/{id}/answer", changing(answer))
    router.on(.post, "/cases/{id}/undo", changing(undo))
    router.on(.get, "/upcoming", visiting(upcoming))
    router.on(.get, "/next", visiting { request, visit in try await next(request, visit.following(request)) })
    router.on(.post, "/next", changing { request, _, visit in try await next(request, visit) })
    router.on(.get, "/cases/{id}/presence", visiting(presence))
    router.on(.post, "/cases/{id}/claim", changing(take))
    router.on(.post, "/cases/{id}/release", changing(release))
    for kind in HandOver.Kind.allCases {
      router.on(.post, "/cases/{id}/\(kind.rawValue)", changing { try await handOn(kind, $0, $1, $2) })
    }
    router.on(.get, "/documents/{id}", visiting(document))
    AccountDesk(accounts: accounts, console: self).add(to: &router)
  }

  private func signOut(_ request: HTTPRequest, _ form: FormFields, _ visit: Visit) async throws -> HTTPResponse {
    try await sessions.end(visit.token, of: visit.principal, at: SystemClock.now())
    return .seeOther("/sign-in", cookie: SessionCookie.cleared)
  }

  // MARK: Looking

  private func queue(_ request: HTTPRequest, _ visit: Visit) async throws -> HTTPResponse {
    let kept = try await cases.views(of: visit.principal)
    // Where nothing is asked for, what the person looks at first.
    if request.query.isEmpty, let first = kept.first(where: \.isDefault) { return .seeOther(first.address) }
    let query = try QueueQuery(request.query, isLenient: true)
    let now = SystemClock.now()
    let page = try await cases.queue(query, for: visit.principal, at: now)
    let views = QueueViewList(
      kept.map { QueueViewList.View(name: $0.name, query: $0.query, isDefault: $0.isDefault) },
      current: request.queryValue("view"))
    let visit = visit.following(request)
    let previous = try await previous(request.previousCase, visit, now)
    return .page(QueuePageView(page, visit.visitor, views: views, previous: previous, now: now).html)
  }

  private func file(_ request: HTTPRequest, _ visit: Visit) async throws -> HTTPResponse {
    try await casePage(try request.caseID(), visit.following(request), previous: request.previousCase)
  }

  private func previous(_ id: CaseID?, _ visit: Visit, _ now: Instant) async throws -> PreviousCase? {
    guard let id, let last = try await cases.last(of: visit.principal, on: id) else { return nil }
    return PreviousCase(
      id: id, sku: last.sku, market: last.market, deed: last.deed, pending: last.pending, visitor: visit.visitor,
      now: now)
  }

  private func casePage(
    _ id: CaseID, _ visit: Visit, attempt: CasePage.Attempt? = nil, previous: CaseID? = nil
  ) async throws -> HTTPResponse {
    let now = SystemClock.now()
    guard let file = try await cases.file(id, for: visit.principal, at: now) else { throw NoSuchCase() }
    let colleagues = try await colleagues(for: file, visit)
    let before = try await self.previous(previous, visit, now)
    let page = CasePage(file, visit.visitor, attempt: attempt, colleagues: colleagues, previous: before, now: now)
    return .page(page.html, status: attempt.map { Problem($0.refusal).status } ?? 200, showsFrames: true)
  }

  private func colleagues(for file: CaseFile, _ visit: Visit) async throws -> [Colleague] {
    guard file.state.waitsForPerson else { return [] }
    return try await cases.colleagues(for: file, of: visit.principal)
      .map { Colleague(email: $0.email, name: $0.name) }
  }

  private func presence(_ request: HTTPRequest, _ visit: Visit) async throws -> HTTPResponse {
    let now = SystemClock.now()
    let file = try await cases.attend(try request.caseID(), for: visit.principal, at: now)
    return .frame(PresenceFrame(file, visit.following(request).visitor, now: now).html, every: 60)
  }

  // MARK: One case after another

  private func next(_ request: HTTPRequest, _ visit: Visit) async throws -> HTTPResponse {
    let following = visit.visitor.following
    let after = request.previousCase.map { [(name: "after", value: "\($0)")] } ?? []
    guard visit.visitor.reviewer.servedRoles?.isEmpty != true,
      let outcome = try await cases.next(try request.act(by: visit.principal), in: following)
    else { return .seeOther(following.address("/queue", after)) }
    return .seeOther(following.address("/cases/\(outcome.caseID)", after))
  }

  /// What would be next after the case in hand, to be loaded ahead. It is nobody's yet.
  private func upcoming(_ request: HTTPRequest, _ visit: Visit) async throws -> HTTPResponse {
    guard let id = request.queryValue("besides").flatMap({ CaseID($0) }) else { throw NoSuchCase() }
    let following = visit.following(request).visitor.following
    let found = try await cases.upcoming(besides: id, in: following, for: visit.principal, at: SystemClock.now())
    guard let found else {
      return .page(
        FaultPage(
          title: "Nothing", detail: "No other case is next for you.", language: visit.visitor.language
        ).html)
    }
    return .seeOther(following.address("/cases/\(found)"))
  }

  private func take(_ request: HTTPRequest, _ form: FormFields, _ visit: Visit) async throws -> HTTPResponse {
    try await change(request, form, visit, goesOn: false) { id, act in _ = try await cases.take(id, act) }
  }

  private func release(_ request: HTTPRequest, _ form: FormFields, _ visit: Visit) async throws -> HTTPResponse {
    try await change(request, form, visit, goesOn: false) { id, act in _ = try await cases.release(id, act) }
  }

  private func handOn(_ kind: HandOver.Kind, _ request: HTTPRequest, _ form: FormFields, _ visit: Visit) async throws
    -> HTTPResponse
  {
    try await change(request, form, visit) { id, act in
      var json = form.json(["reason", "to"]).objectValue ?? JSONObject()
      if kind == .snooze, let hours = form["hours"].flatMap({ Int64($0) }), (1...720).contains(hours) {
        json["until"] = act.now.adding(.seconds(hours * 3600)).json
      }
      _ = try await cases.handOn(id, try HandOver(kind, .object(json)), act)
    }
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
      let members = ["action", "code", "reason", "evidence", "question", "expectedVersion"]
      _ = try await cases.decide(id, try DecisionRequest(form.json(members)), act)
    }
  }

  private func undo(_ request: HTTPRequest, _ form: FormFields, _ visit: Visit) async throws -> HTTPResponse {
    try await change(request, form, visit, goesOn: false) { id, act in _ = try await cases.undo(id, act) }
  }

  private func answer(_ request: HTTPRequest, _ form: FormFields, _ visit: Visit) async throws -> HTTPResponse {
    try await change(request, form, visit, goesOn: false) { id, act in
      _ = try await cases.answer(id, try AnswerRequest(form.json(["answer", "expectedVersion"])), act)
    }
  }

  /// - Parameter goesOn: what was done ends the visitor's work on the case: the next one comes up.
  private func change(
    _ request: HTTPRequest, _ form: FormFields, _ visit: Visit, goesOn: Bool = true,
    _ body: (CaseID, Act) async throws -> Void
  ) async throws -> HTTPResponse {
    let id = try request.caseID()
    do {
      try await body(id, try request.act(by: visit.principal))
      let following = visit.visitor.following
      return .seeOther(
        goesOn ? following.address("/next", [("after", "\(id)")]) : following.address("/cases/\(id)"))
    } catch let refusal as Refusal {
      return try await casePage(id, visit, attempt: CasePage.Attempt(refusal: refusal, fields: form))
    }
  }

  // MARK: Admission

  /// A request of somebody who is signed in.
  struct Visit: Sendable {
    var token: String
    var owner: DeskSessions.Owner
    var principal: Principal
    var visitor: Visitor

    /// With the part of the queue that the address names.
    func following(_ request: HTTPRequest) -> Visit { following(request.query) }

    fileprivate func following(_ parameters: [(name: String, value: String)]) -> Visit {
      var visit = self
      // What cannot be read is not followed: a case is shown all the same.
      visit.visitor.following = (try? QueueQuery(parameters, isLenient: true)) ?? QueueQuery()
      return visit
    }
  }

  func visiting(
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
          detail: refusal.issues.isEmpty
            ? refusal.detail
            : .list(refusal.issues.map { "\($0.name): \($0.remedy)" }, separator: " "),
          visitor: visit.visitor)
        return .page(page.html, status: Problem(refusal).status)
      }
    }
  }

  /// A form counts only with the token that the session's own pages carry.
  func changing(
    _ act: @escaping @Sendable (HTTPRequest, FormFields, Visit) async throws -> HTTPResponse
  ) -> Router.Handler {
    visiting { request, visit in
      guard request.isFromOurPages, let form = request.form, let token = form[Visitor.tokenField],
        constantTimeEquals(Array(token.utf8), Array(visit.visitor.formToken.utf8))
      else { return .forged(request) }
      return try await act(
        request, form, visit.following(QueryString.parameters(form[Visitor.followingField] ?? "")))
    }
  }

  private func visit(_ request: HTTPRequest) async throws -> Visit? {
    guard let (token, session) = try await sessions.admit(request) else { return nil }
    return Visit(
      token: token, owner: session.owner, principal: session.principal, visitor: Visitor(session, request))
  }
}

extension SessionGate {
  /// nil where nobody is signed in.
  func admit(_ request: HTTPRequest) async throws -> (token: String, session: DeskSessions.Session)? {
    guard let token = SessionCookie.token(in: request), let session = try await admit(token, at: SystemClock.now())
    else { return nil }
    return (token, session)
  }
}

extension Visitor {
  init(_ session: DeskSessions.Session, _ request: HTTPRequest) {
    let principal = session.principal
    self.init(
      account: principal.name, tenant: principal.tenant.slug, isSandbox: principal.environment == .sandbox,
      formToken: session.formToken, reviewer: Reviewer(principal),
      language: Language(rawValue: session.language) ?? request.language)
  }
}
