import HTTP
import ReviewDeskEngine
import Store
import WorkerRuntime

/// The pages before the desk: signing in, and choosing a password.
struct Doorway: Sendable {
  let signIn: SignIn
  let welcome: Welcome
  /// People can sign in by their organisation's provider, too.
  let hasProvider: Bool

  func add(to router: inout Router) {
    router.on(.get, "/sign-in") { [hasProvider] request in
      let notice: Phrase? =
        request.queryValue("welcome") == nil ? nil : "Your password is saved. Sign in with it now."
      return .page(SignInPage(request.language, notice: notice, hasProvider: hasProvider).html)
    }
    router.on(.post, "/sign-in", enter)
    router.on(.get, "/welcome/{token}", greet)
    router.on(.post, "/welcome/{token}", choose)
  }

  // MARK: Signing in

  private static let wrongPassword: Phrase = """
    The e-mail address or the password is not right, or signing in is locked for a while after \(Lockout.failuresMax) \
    wrong passwords in a row. If you are sure of both, wait 15 minutes, or ask your administrator.
    """

  private func enter(_ request: HTTPRequest) async throws -> HTTPResponse {
    guard request.isFromOurPages, let form = request.form else { return .forged(request) }
    let place = DeskSessions.Place(address: request.remoteAddress, agent: request.headers["user-agent"] ?? "")
    if let key = form["key"] {
      let outcome = try await signIn.attempt(key: key.filter { !$0.isWhitespace }, from: place)
      return answer(
        request, outcome, way: .key, fault: "The key is not known, or was revoked.", email: "")
    }
    guard let typed = form["email"], let password = form["password"] else { return .forged(request) }
    let email = typed.filter { !$0.isWhitespace }.lowercased()
    let outcome = try await signIn.attempt(email: email, password: password, from: place)
    return answer(request, outcome, way: .password, fault: Doorway.wrongPassword, email: email)
  }

  private func answer(
    _ request: HTTPRequest, _ outcome: SignIn.Outcome, way: SignInPage.Way, fault: Phrase, email: String
  ) -> HTTPResponse {
    func again(_ fault: Phrase, _ status: Int = 403) -> HTTPResponse {
      let page = SignInPage(
        request.language, fault: fault, way: way, email: String(email.prefix(254)), hasProvider: hasProvider)
      return .page(page.html, status: status)
    }
    switch outcome {
    case .admitted(let token): return .seeOther("/queue", cookie: SessionCookie.set(token))
    case .refused: return again(fault)
    case .machine: return again("This key belongs to a machine. The desk's pages are for people.")
    case .elsewhere(let problem): return again(.verbatim(problem.detail ?? ""), problem.status)
    case .tooOften(let wait):
      var response = again("There were too many attempts from your network. Try again in a minute.", 429)
      response.headers["retry-after"] = String(max(1, wait.components.seconds))
      return response
    }
  }

  // MARK: Choosing a password

  private func greet(_ request: HTTPRequest) async throws -> HTTPResponse {
    guard let guest = try await welcome.guest(request.parameters["token"] ?? "") else {
      return deadLink(request)
    }
    return .page(WelcomePage(request.language, email: guest.email, name: guest.name).html)
  }

  private func choose(_ request: HTTPRequest) async throws -> HTTPResponse {
    guard request.isFromOurPages, let form = request.form, let password = form["password"],
      let repeated = form["repeated"]
    else { return .forged(request) }
    let token = request.parameters["token"] ?? ""
    guard let guest = try await welcome.guest(token) else { return deadLink(request) }
    if let objection = PasswordRule.objection(to: password, repeated: repeated, of: guest.email) {
      return .page(
        WelcomePage(request.language, email: guest.email, name: guest.name, fault: objection).html, status: 422)
    }
    guard try await welcome.choose(password, guest, token) else { return deadLink(request) }
    return .seeOther("/sign-in?welcome", cookie: SessionCookie.cleared)
  }

  private func deadLink(_ request: HTTPRequest) -> HTTPResponse {
    let page = FaultPage(
      title: "This link is not valid",
      detail: "It was used before, or is older than three days. Ask your administrator for a new one.",
      language: request.language)
    return .page(page.html, status: 404)
  }
}
