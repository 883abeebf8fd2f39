import JSON
import Testing

@testable import HTTP

@Suite("The router")
struct RouterTests {
  private let router: Router = {
    var router = Router()
    router.on(.get, "/v1/cases") { _ in .text("list") }
    router.on(.post, "/v1/cases") { _ in .text("create") }
    router.on(.get, "/v1/cases/{id}") { .text("case " + ($0.parameters["id"] ?? "")) }
    router.on(.get, "/v1/cases/mine") { _ in .text("mine") }
    router.on(.put, "/v1/{kind}/{id}/notes") { .text("\($0.parameters["kind"] ?? "") \($0.parameters["id"] ?? "")") }
    router.on(.post, "/v1/fail") { request in
      let value = try request.json()
      if value["good"] == nil { throw Problem(status: 409, detail: "not good") }
      return .json(value)
    }
    router.on(.get, "/assets/{path...}") { .text("asset " + ($0.parameters["path"] ?? "")) }
    return router
  }()

  private func answer(_ method: HTTPMethod, _ path: String) async -> HTTPResponse {
    await router.handle(HTTPRequest(method: method, path: path))
  }

  @Test(
    "finds handlers by method and path",
    arguments: [
      (HTTPMethod.get, "/v1/cases", "list"), (.post, "/v1/cases", "create"), (.get, "/v1/cases/7", "case 7"),
      (.get, "/v1/cases/mine", "mine"), (.put, "/v1/cases/7/notes", "cases 7"), (.head, "/v1/cases/7", "case 7"),
      (.get, "/assets/css/main.css", "asset css/main.css"),
    ])
  func routes(method: HTTPMethod, path: String, body: String) async {
    let response = await answer(method, path)
    #expect(response.status == 200)
    #expect(String(decoding: response.body, as: UTF8.self) == body)
  }

  @Test("answers 404 with a problem", arguments: ["/", "/v1", "/v1/cases/", "/v1/cases/7/x", "/v1//cases", "/assets"])
  func notFound(path: String) async {
    let response = await answer(.get, path)
    #expect(response.status == 404)
    #expect(response.headers["content-type"] == "application/problem+json")
  }

  @Test(
    "answers the problem that a handler throws",
    arguments: [
      ("application/json", "{}", 409), ("application/json; charset=utf-8", #"{"good":1}"#, 200),
      ("application/vnd.x+json", #"{"good":1}"#, 200), ("application/json", "{", 400), ("application/json", "", 400),
      ("text/plain", "{}", 415), ("application/jsonx", "{}", 415), (nil, "{}", 415),
    ])
  func problems(contentType: String?, body: String, status: Int) async {
    var request = HTTPRequest(method: .post, path: "/v1/fail", body: Array(body.utf8))
    request.headers["content-type"] = contentType
    #expect(await router.handle(request).status == status)
  }

  @Test("answers 500 for any other error, and hands it over")
  func unexpectedError() async {
    struct Secret: Error {}
    var router = Router { error, request in .problem(Problem(status: error is Secret ? 503 : 500)) }
    router.on(.get, "/") { _ in throw Secret() }
    #expect(await router.handle(HTTPRequest(method: .get, path: "/")).status == 503)
    var plain = Router()
    plain.on(.get, "/") { _ in throw Secret() }
    #expect(await plain.handle(HTTPRequest(method: .get, path: "/")).status == 500)
  }

  @Test("lets the service say what handlers throw, and that there is none")
  func ownWords() async {
    var router = Router(problem: { problem, headers, request in
      .bytes(Array("\(request.path) \(problem.status)".utf8), contentType: "text/plain", headers: headers)
    })
    router.on(.get, "/thrown") { _ in throw Problem(status: 409) }
    func said(_ method: HTTPMethod, _ path: String) async -> HTTPResponse {
      await router.handle(HTTPRequest(method: method, path: path))
    }
    #expect(await said(.get, "/nowhere").body == Array("/nowhere 404".utf8))
    #expect(await said(.get, "/thrown").body == Array("/thrown 409".utf8))
    let refused = await said(.post, "/thrown")
    #expect(refused.body == Array("/thrown 405".utf8) && refused.headers["allow"] == "GET, HEAD, OPTIONS")
  }

  @Test("answers 405 with what is allowed")
  func wrongMethod() async {
    let response = await answer(.delete, "/v1/cases")
    #expect(response.status == 405)
    #expect(response.headers["allow"] == "GET, HEAD, OPTIONS, POST")
  }

  @Test("answers OPTIONS with what is allowed")
  func options() async {
    let response = await answer(.options, "/v1/cases/7")
    #expect(response.status == 204)
    #expect(response.headers["allow"] == "GET, HEAD, OPTIONS")
  }

  @Test("does not let two handlers have one route")
  func conflicts() async {
    await #expect(processExitsWith: .failure) {
      var router = Router()
      router.on(.get, "/a/{x}") { _ in .noContent }
      router.on(.get, "/a/{x}") { _ in .noContent }
    }
  }
}
