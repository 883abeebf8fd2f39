import Crypto
import Domain
import HTTP
import Observability
import ReviewDeskEngine
import Store
import WorkerRuntime

/// The way in by the provider: out to it, and back with a code.
struct ProviderDoor: Sendable {
  let provider: Provider
  let signIn: SignIn
  let log: Log

  func add(to router: inout Router) {
    router.on(.get, "/sign-in/provider", leave)
    router.on(.get, ProviderSettings.callbackPath, comeBack)
  }

  private static let failed: Phrase =
    "Signing in with your organisation's account did not work. Try it once more from here."
  private static let unreachable: Phrase =
    "Your organisation's sign-in cannot be reached at the moment. Try again, or use your password."
  private static let unknown: Phrase = """
    Your organisation knows you, but this desk does not let you in with that account. Ask your administrator.
    """

  private func leave(_ request: HTTPRequest) async throws -> HTTPResponse {
    let errand = ProviderErrand.begin()
    do throws(ProviderFault) {
      return .seeOther(try await provider.address(for: errand), cookie: ErrandCookie.set(errand.cookie))
    } catch {
      return again(request, error)
    }
  }

  /// A page of another site may send a browser here: without the errand that this browser began, it comes to nothing.
  private func comeBack(_ request: HTTPRequest) async throws -> HTTPResponse {
    let place = DeskSessions.Place(address: request.remoteAddress, agent: request.headers["user-agent"] ?? "")
    do throws(ProviderFault) {
      let (code, errand) = try answer(in: request)
      return respond(request, try await enter(code, errand, from: place))
    } catch {
      return again(request, error)
    }
  }

  private func answer(in request: HTTPRequest) throws(ProviderFault) -> (code: String, ProviderErrand) {
    guard let errand = ErrandCookie.value(in: request).flatMap({ ProviderErrand(cookie: $0) }) else {
      throw .refused("the browser began no sign-in")
    }
    guard let state = request.queryValue("state"), constantTimeEquals(Array(state.utf8), Array(errand.state.utf8))
    else {
      throw .refused("the answer belongs to another sign-in")
    }
    // RFC 9207: where the provider says who it is, it must be the one that was asked.
    guard request.queryValue("iss").map({ $0 == provider.settings.issuer }) ?? true else {
      throw .refused("the answer is of another issuer")
    }
    if let error = request.queryValue("error") { throw .refused("the provider said \(error.prefix(100))") }
    guard let code = request.queryValue("code"), !code.isEmpty else { throw .refused("there came no code") }
    return (code, errand)
  }

  private func enter(
    _ code: String, _ errand: ProviderErrand, from place: DeskSessions.Place
  ) async throws(ProviderFault) -> SignIn.Outcome {
    do {
      return try await signIn.attempt(from: place, to: provider.settings.tenants) {
        try await provider.identity(for: code, errand, at: SystemClock.now())
      }
    } catch let fault as ProviderFault {
      throw fault
    } catch {
      throw .unreachable("\(error)")
    }
  }

  private func respond(_ request: HTTPRequest, _ outcome: SignIn.Outcome) -> HTTPResponse {
    switch outcome {
    case .admitted(let token):
      // The session's cookie goes with no request that another site began: the page itself goes on to the queue.
      var response = HTTPResponse.page(SignedInPage(request.language).html)
      response.headers.append("set-cookie", ErrandCookie.cleared)
      response.headers.append("set-cookie", SessionCookie.set(token))
      response.headers.append("refresh", "0; url=/queue")
      return response
    case .tooOften(let wait):
      var response = page(request, "There were too many attempts from your network. Try again in a minute.", 429)
      response.headers.append("retry-after", String(max(1, wait.components.seconds)))
      return response
    case .refused, .machine, .elsewhere: return page(request, ProviderDoor.unknown, 403)
    }
  }

  private func again(_ request: HTTPRequest, _ fault: ProviderFault) -> HTTPResponse {
    log.warning(
      "a sign-in by the provider failed", ["why": .string("\(fault)"), "address": .string(request.remoteAddress)])
    return switch fault {
    case .unreachable: page(request, ProviderDoor.unreachable, 503)
    case .refused: page(request, ProviderDoor.failed, 403)
    }
  }

  private func page(_ request: HTTPRequest, _ fault: Phrase, _ status: Int) -> HTTPResponse {
    var response = HTTPResponse.page(
      SignInPage(request.language, fault: fault, hasProvider: true).html, status: status)
    response.headers.append("set-cookie", ErrandCookie.cleared)
    return response
  }
}

/// Carries an errand while the browser is with the provider, whose answer is a navigation from another site.
private enum ErrandCookie {
  private static let name = "__Host-pabean-sign-in"
  private static let attributes = "Path=/; Secure; HttpOnly; SameSite=Lax"

  static func value(in request: HTTPRequest) -> String? { request.cookie(name) }
  static func set(_ value: String) -> String { "\(name)=\(value); Max-Age=600; \(attributes)" }
  static let cleared = "\(name)=; Max-Age=0; \(attributes)"
}
